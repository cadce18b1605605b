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

    def pin(self, prefix: Location) -> Pin:
        location = Location(prefix.bucket, prefix.key + self.name)
        return Pin(location, self.size, self.etag, self.version_id)

    def target(self, prefix: Location) -> Location:
        return Location(prefix.bucket, prefix.key + self.name)


def pack(items: Iterable[Item]) -> str:
    rows = [astuple(item) for item in items]
    return base64.b85encode(
        zlib.compress(json.dumps(rows, separators=(",", ":")).encode())
    ).decode()


def unpack(text: str) -> list[Item]:
    return [Item(*row) for row in json.loads(zlib.decompress(base64.b85decode(text)))]
