"""What a page holds: one answer of the listing, without what is not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import driver
from s3mover.prefix_filters import matches
from tasks.prefix.work import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from driver import Listed, Location
    from s3mover import PrefixRequest
    from tasks.deployment import Deployment
    from tasks.prefix.page import Page


def fill(here: Deployment, page: Page) -> Sequence[Item]:
    """List the page and write down what it holds; what is the mover's own is never seen."""
    versions = bool(page.move.get("versions"))
    if may_split(page.request):
        at = here.s3, here.settings.s3, page.source, page.cursor
        found, following = driver.list_wide(*at, versions=versions, others=page.others)
    else:
        found, then = driver.list_page(here.s3, page.source, page.cursor, versions=versions)
        following = [then]
    ours = [each for each in found if not is_reserved(each.key)]
    items = chosen(page.request, page.source, ours, page.created)
    sizes = sum(item.size for item in items)
    page.save(items, "", (len(items), sizes), len(ours) - len(items), following)
    return items


def may_split(request: PrefixRequest) -> bool:
    """
    Tell whether pages may be listed side by side.

    Not where one looks for what an earlier one has, so that no two objects get one name.
    """
    return not {"rekey", "manifest"} & request.model_fields_set


def is_reserved(key: str) -> bool:
    """Tell whether a key is one of the driver's own, under whatever root."""
    return driver.RESERVED.strip("/") in key.split("/")


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
    return [
        Item(
            number,
            each.key[start:],
            each.size,
            each.etag,
            each.version_id,
            "" if each.storageclass == "STANDARD" else each.storageclass,
        )
        for number, each in enumerate(meant)
    ]
