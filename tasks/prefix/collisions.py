"""
Objects of one move that would get one key at its destination: the first goes, the others stay.

A page is compared with itself, with the pages that are open, and, where a rekey may make one name
of two, with what is at the destination: pages are listed one after the other, so that an object
of an earlier one is in one of these. What is found is written down with the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import driver
from driver import PathNotFoundError
from s3mover.prefix_journal import pages_key, waiting_key
from s3mover.prefix_rekey import is_one_to_one
from tasks.prefix.looks import each_of, patiently
from tasks.prefix.work import Item, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tasks.deployment import Deployment
    from tasks.prefix.page import Page


def marked(here: Deployment, page: Page, items: Iterable[Item]) -> list[Item]:
    """Return the items, with a fault for each whose place is another's."""
    found = list(_apart(_in_flight(here, page), items))
    if is_one_to_one(page.request.rekey):
        return found
    there = each_of(here, lambda item: _is_there(here, page, item), found)
    return [
        replace(item, fault=f"Collision: an object is at {item.target(page.destination)} already")
        if is_there is True
        else item
        for item, is_there in zip(found, there, strict=True)
    ]


def _apart(flying: dict[str, Item], items: Iterable[Item]) -> Iterator[Item]:
    seen = dict(flying)
    for item in items:
        place = item.renamed or item.name
        if item.fault:
            yield item
        elif place in seen:
            yield replace(item, fault=_fault(item, seen[place]))
        else:
            seen[place] = item
            yield item


def _fault(item: Item, first: Item) -> str:
    if (item.name, item.version_id) != (first.name, first.version_id):
        what = f"{first.name}{f' of version {first.version_id}' if first.version_id else ''}"
        return f"Collision: {what} goes to the same key"
    return f"Duplicate: line {first.line} of its file names it, too"


def _in_flight(here: Deployment, page: Page) -> dict[str, Item]:
    """Return the objects of all open pages by their places."""
    numbers = here.redis.sunion([pages_key(page.id), waiting_key(page.id)])
    pipe = here.redis.pipeline(transaction=False)
    for number in cast("set[str]", numbers):
        if int(number) != page.number:
            pipe.hget(f"s3mover:page:{page.id}:{number}", "list")
    lists = [unpack(text) for text in pipe.execute() if text]
    flying = [item for items in lists for item in items if not item.fault]
    return {item.renamed or item.name: item for item in flying}


def _is_there(here: Deployment, page: Page, item: Item) -> bool:
    if item.fault:
        return False
    try:
        patiently(here, lambda: driver.look(here.s3, item.target(page.destination)))
    except PathNotFoundError:
        return False
    return True
