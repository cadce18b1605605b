"""The objects of one page, as they travel through the journal: packed, below 100 bytes each."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from driver import Location, Pin

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Item:
    """One object as it was listed; `name` is its key below the prefix."""

    number: int
    """Its place in the page; it stays what it is when other objects of the page are done."""

    name: str
    size: int
    etag: str
    version_id: str | None = None
    storageclass: str = ""
    renamed: str = ""
    """Its name at the destination, where that is another."""

    line: int = 0
    """Of the manifest that names it; 0: it was listed."""

    fault: str = ""
    """Why it is not begun at all: a code, a colon and a text; `name` may be no name then."""

    is_alone: bool = False
    """Whether nothing may be replaced by it: another one of its name may be moved, too."""

    def pin(self, prefix: Location) -> Pin:
        return Pin(self.place(prefix), self.size, self.etag, self.version_id)

    def place(self, prefix: Location) -> Location:
        return Location(prefix.bucket, prefix.key + self.name)

    def target(self, prefix: Location) -> Location:
        return Location(prefix.bucket, prefix.key + (self.renamed or self.name))


_PLAIN = ("", 0, "", False)


def _row(item: Item) -> tuple[object, ...]:
    row = astuple(item)
    return row[:-4] if row[-4:] == _PLAIN else row


def pack(items: Iterable[Item]) -> str:
    rows = [_row(item) for item in items]
    return base64.b85encode(
        zlib.compress(json.dumps(rows, separators=(",", ":")).encode())
    ).decode()


def unpack(text: str) -> list[Item]:
    return [Item(*row) for row in json.loads(zlib.decompress(base64.b85decode(text)))]
