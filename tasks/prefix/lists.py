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
    cursor = page.move.get("cursor", "")
    found, following = driver.list_page(here.s3, page.source, cursor, versions=versions)
    ours = [each for each in found if not is_reserved(each.key)]
    items = chosen(page.request, page.source, ours, page.created)
    sizes = sum(item.size for item in items)
    page.save(items, following, (len(items), sizes), len(ours) - len(items))
    return items


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
