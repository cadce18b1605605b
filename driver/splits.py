"""
Where a listing may be split, on a store that sorts keys by their bytes.

No key is known but those that were listed, so the store is asked which key comes after some
name: first, how much of the last key all that follows has in common, then which characters come
after that. Any name will do as a border; a good one has keys on both sides.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Any

from driver.locations import Location
from driver.spans import Span
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_AT_ONCE = 8
_KINDS = (digits, ascii_uppercase, ascii_lowercase)
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)

Find = Callable[[str], str]
"""Returns the first key after a name; empty where there is none that belongs to the span."""


def split(
    client: "S3Client", prefix: Location, cursor: str, room: int, *, versions: bool
) -> list[str]:
    """Return cursors for what is left at this one, at most `room` more; each key is one's."""
    span = Span.read(cursor)

    def find(name: str) -> str:
        key = _first_after(client, prefix, name, versions=versions)
        return key if span.holds(key) else ""

    marks = _thinned(borders(len(prefix.key), span.at, find), room)
    if not marks:
        return [cursor]
    start = "KeyMarker" if versions else "StartAfter"
    ends = [*marks[1:], span.until]
    news = [
        Span(below=span.below, after=mark, until=end, more={start: mark}, at=mark)
        for mark, end in zip(marks, ends, strict=True)
    ]
    return [each.cursor for each in (replace(span, until=marks[0], pages=1), *news)]


def borders(start: int, last: str, find: Find) -> list[str]:
    """Return names after the last key, ascending, each with keys before the next; maybe none."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="splits") as pool:

        def find_all(names: Sequence[str]) -> list[str]:
            return list(pool.map(find, names))

        place = _first_that_varies(start, last, find_all)
        if place is None:
            return []
        names = [last[:place] + char for char in _ladder(last[place])]
        return _apart(names, find_all(names))


def _first_that_varies(
    start: int, last: str, find_all: Callable[[Sequence[str]], list[str]]
) -> int | None:
    """Return the first place at which keys that follow differ from the last one."""
    places = [place for place in range(start, len(last)) if _next(last[place])]
    low, high = 0, len(places)  # keys follow at `high`, if it is a place; none before `low`
    while low < high:
        step = -(-(high - low) // _AT_ONCE)
        tried = range(low, high, step)
        names = [last[: places[each]] + _next(last[places[each]]) for each in tried]
        hits = [each for each, key in zip(tried, find_all(names), strict=True) if key]
        first = hits[0] if hits else high
        low, high = max([each + 1 for each in tried if each < first], default=low), first
    return places[high] if high < len(places) else None


def _ladder(char: str) -> list[str]:
    """Return characters that may part what comes after this one, ascending."""
    own = next((kind for kind in _KINDS if char in kind), "")
    chars = {_next(char), *own, *(kind[0] for kind in _KINDS), "\x7f"}
    return sorted(each for each in chars if each > char)


def _apart(names: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return of the names before one key the last, and none behind which there is no key."""
    last_of = {key: name for name, key in zip(names, keys, strict=True) if key}
    return sorted(last_of.values())


def _next(char: str) -> str:
    code = ord(char) + 1
    if code in _SURROGATES:
        code = _SURROGATES.stop
    return chr(code) if code <= _LAST else ""


def _thinned(marks: Sequence[str], room: int) -> list[str]:
    """Return at most so many of them, evenly."""
    if len(marks) <= room:
        return list(marks)
    return [marks[each * len(marks) // room] for each in range(room)]


def _first_after(client: "S3Client", prefix: Location, name: str, *, versions: bool) -> str:
    asked: dict[str, Any] = {"Bucket": prefix.bucket, "Prefix": prefix.key, "MaxKeys": 1}
    if not versions:
        with translated("ListObjectsV2", source=prefix):
            found = client.list_objects_v2(**asked, StartAfter=name).get("Contents", [])
        return found[0]["Key"] if found else ""
    with translated("ListObjectVersions", source=prefix):
        answer = client.list_object_versions(**asked, KeyMarker=name)
    entries = [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]
    return min((each["Key"] for each in entries), default="")
