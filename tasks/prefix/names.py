"""An object of a listing as one of a page, with its name at the destination."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import driver
from s3mover.prefix_rekey import is_one_to_one, rekeyed
from tasks.prefix.work import Item

if TYPE_CHECKING:
    from driver import Listed
    from s3mover import PrefixRequest


def is_reserved(key: str) -> bool:
    """Tell whether a key is one of the driver's own, under whatever root."""
    return driver.RESERVED.strip("/") in key.split("/")


def item_of(number: int, each: Listed, start: int, rekey: str | None) -> Item:
    """Return the object; `start`: what of its key is the prefix."""
    item = Item(
        number,
        each.key[start:],
        each.size,
        each.etag,
        each.version_id,
        "" if each.storageclass == "STANDARD" else each.storageclass,
    )
    if rekey is None:
        return item
    name = rekeyed(rekey, item.name, each.modified)
    if not name and item.name:
        return replace(item, fault=f"NoName: the rekey {rekey} makes no name of {item.name}")
    return replace(item, renamed="" if name == item.name else name)


def replaces_nothing(request: PrefixRequest, item: Item) -> bool:
    """Tell whether a copy may replace nothing: it could be another object of the same move."""
    return request.overwrite == "never" or item.is_alone or not is_one_to_one(request.rekey)
