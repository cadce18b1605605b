"""What a move would find, page by page, for a plan: nothing of it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.prefix import lists, manifest
from tasks.prefix.all_pages import all_pages
from tasks.prefix.names import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from driver import Location
    from s3mover import PrefixRequest
    from tasks.deployment import Deployment
    from tasks.prefix.work import Item


@dataclass(frozen=True)
class Found:
    """What one page holds."""

    items: list[Item]
    filtered: int


def pages(
    here: Deployment,
    request: PrefixRequest,
    ends: tuple[Location, Location],
    now: datetime,
    *,
    versions: bool,
) -> Iterator[Found]:
    """Yield the pages of the listing, or of the manifest."""
    if request.manifest:
        namer = manifest.Namer(here, request, *ends, now, versions)
        cursor = manifest.begin(here, request.manifest)
        while cursor:
            items, cursor, filtered = manifest.read(here, namer, cursor)
            yield Found(items, filtered)
        return
    source, is_split = ends[0], lists.may_split(request)
    for found in all_pages(here, source, versions=versions, is_split=is_split):
        ours = [each for each in found if not is_reserved(each.key)]
        items = lists.chosen(request, source, ours, now)
        yield Found(items, len(ours) - len(items))
