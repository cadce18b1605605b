"""What a page holds: one answer of the listing, without what is not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import driver
from s3mover.prefix_filters import matches
from s3mover.prefix_rekey import is_one_to_one
from tasks.prefix import collisions, manifest
from tasks.prefix.names import is_reserved, item_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from driver import Listed, Location
    from s3mover import PrefixRequest
    from tasks.deployment import Deployment
    from tasks.prefix.page import Page
    from tasks.prefix.work import Item


def fill(here: Deployment, page: Page) -> Sequence[Item]:
    """List the page and write down what it holds; what is the mover's own is never seen."""
    if page.request.manifest:
        return manifest.fill(here, page)
    versions = bool(page.move.get("versions"))
    if may_split(page.request):
        at = here.s3, here.settings.s3, page.source, page.cursor
        found, following = driver.list_wide(*at, versions=versions, others=page.others)
    else:
        found, then = driver.list_page(here.s3, page.source, page.cursor, versions=versions)
        following = [then]
    ours = [each for each in found if not is_reserved(each.key)]
    items = chosen(page.request, page.source, ours, page.created)
    if not is_one_to_one(page.request.rekey):
        items = collisions.marked(here, page, items)
    sizes = sum(item.size for item in items)
    page.save(items, "", (len(items), sizes), len(ours) - len(items), following)
    return items


def may_split(request: PrefixRequest) -> bool:
    """
    Tell whether pages may be listed side by side.

    Not where one looks for what an earlier one has, so that no two objects get one name.
    """
    return request.manifest is None and is_one_to_one(request.rekey)


def chosen(
    request: PrefixRequest, source: Location, found: Iterable[Listed], created: datetime
) -> list[Item]:
    """Return the objects that are meant, numbered."""
    start = len(source.key)
    meant = [
        each
        for each in found
        if matches(request, each.key[start:], each.size, each.modified, created)
    ]
    return [item_of(number, each, start, request.rekey) for number, each in enumerate(meant)]
