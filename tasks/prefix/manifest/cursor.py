"""Where in a manifest the next page begins, and of which object that is a part."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from driver import Location, Pin

if TYPE_CHECKING:
    from tasks.prefix.manifest.entries import Kind


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in one file of a manifest; the file is pinned, so that it cannot change."""

    bucket: str
    key: str
    etag: str
    version_id: str | None
    size: int
    kind: Kind
    """How its lines are read; see entries."""

    columns: tuple[str, ...] = ()
    """Of CSV; without any a line is read by how many it has."""

    is_packed: bool = False
    """Whether it is gzip; `at` counts bytes of what is in it."""

    at: int = 0
    line: int = 1
    """The number of the line that begins there."""

    index: int = 0
    """Of an inventory, which of its files it is."""

    inventory: tuple[str, str, str | None, int] | None = None
    """Key, ETag, version and size of the inventory's own list of files."""

    @property
    def pin(self) -> Pin:
        return Pin(Location(self.bucket, self.key), self.size, self.etag, self.version_id)

    def moved(self, at: int, line: int) -> Cursor:
        return replace(self, at=at, line=line)

    def dump(self) -> str:
        return json.dumps(asdict(self))


def load(text: str) -> Cursor:
    found = json.loads(text)
    inventory = found["inventory"]
    found["inventory"] = tuple(inventory) if inventory else None
    return Cursor(**{**found, "columns": tuple(found["columns"])})
