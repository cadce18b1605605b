"""What a page of a manifest holds: each line is an object, or says why it is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from driver import Location
from tasks.prefix import collisions
from tasks.prefix.manifest import files
from tasks.prefix.manifest.cursor import Cursor, load
from tasks.prefix.manifest.entries import Malformed, NotMeant, entry_of, shown
from tasks.prefix.manifest.naming import Namer, Wanted
from tasks.prefix.manifest.streams import Plain, Streams, lines
from tasks.prefix.names import is_reserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.deployment import Deployment
    from tasks.prefix.page import Page
    from tasks.prefix.work import Item

LINES = 1000
"""Of one page: what one DeleteObjects takes."""

_BOM = b"\xef\xbb\xbf"
_streams = Streams()


def begin(here: Deployment, manifest: str) -> str:
    """Pin the manifest; return the cursor of the first page, or empty: it holds nothing."""
    cursor = files.first(here, manifest)
    return cursor.dump() if cursor else ""


def fill(here: Deployment, page: Page) -> Sequence[Item]:
    """Read the page and write down what it holds."""
    cursor = page.move.get("cursor", "")
    namer = Namer(here, page.request, page.source, page.destination, page.created)
    namer = replace(namer, versions=bool(page.move.get("versions")))
    items, following, filtered = read(here, namer, cursor) if cursor else ([], "", 0)
    items = collisions.marked(here, page, items)
    sizes = sum(item.size for item in items if not item.fault)
    page.save(items, following, (len(items), sizes), filtered)
    return items


def read(here: Deployment, namer: Namer, cursor: str) -> tuple[list[Item], str, int]:
    """Return the objects from the cursor on, the next cursor, and how many are not meant."""
    place = load(cursor)
    found, at, is_end = _lines(here, place)
    wanted: list[Wanted] = []
    filtered = 0
    for number, line in enumerate(found, place.line):
        if _is_nothing(place, number, line):
            continue
        try:
            each = _read(namer, place, number, line)
        except NotMeant:
            filtered += 1
            continue
        wanted.append(each)
    items = namer.items(wanted)
    following: Cursor | None = place.moved(at, place.line + len(found))
    if is_end:
        following = files.following(here, str(namer.request.manifest), place)
    left_out = len(wanted) - len(items)
    return items, following.dump() if following else "", filtered + left_out


def _lines(here: Deployment, place: Cursor) -> tuple[list[bytes], int, bool]:
    if not place.is_packed:
        return lines(Plain(here, place.pin), place.at, LINES)
    stream = _streams.take(here, place.pin)
    found = lines(stream, place.at, LINES)
    _streams.give_back(place.pin, stream)
    return found


def _is_nothing(place: Cursor, number: int, line: bytes) -> bool:
    is_header = number == 1 and place.kind == "csv" and bool(place.columns)
    return is_header or not line.removeprefix(_BOM).strip()


def _read(namer: Namer, place: Cursor, number: int, line: bytes) -> Wanted:
    """Return what the line means; of one that is malformed, what is to be said of it."""
    plain = (line.removeprefix(_BOM) if number == 1 else line).strip(b"\r")
    try:
        entry = entry_of(plain, place.kind, place.columns, namer.source.bucket)
    except Malformed as error:
        text = f"MalformedEntry: line {number} of {place.pin.location}: {error}"
        return Wanted(number, None, shown(plain), text)
    there = Location(entry.bucket, entry.key)
    if there == place.pin.location:
        return Wanted(number, None, str(there), f"KeyNotAllowed: {there} is the manifest itself")
    if place.kind == "inventory" and is_reserved(entry.key):
        raise NotMeant
    if namer.is_below(there):
        return Wanted(number, entry, is_alone=bool(entry.version_id) and place.kind != "inventory")
    if place.kind == "inventory":  # that is of a whole bucket
        raise NotMeant
    text = f"OutsidePrefix: line {number} of {place.pin.location}: not below {namer.source}"
    return Wanted(number, None, str(there), text)
