"""How many objects would get a name that another one has: exact, in memory that is bounded."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.prefix.work import Item

MOST = 1_000_000
"""Names that are remembered, by eight bytes each, and at the end by some 70."""


class SameNames:
    """The names of a plan's objects."""

    def __init__(self) -> None:
        self._names = array("Q")
        self._is_full = False

    def add(self, item: Item) -> None:
        if len(self._names) >= MOST:
            self._is_full = True
            return
        name = (item.renamed or item.name).encode(errors="surrogatepass")
        self._names.append(int.from_bytes(blake2b(name, digest_size=8).digest()))

    def count(self) -> int | None:
        """Return how many are not the first of their name; None: they are too many to tell."""
        return None if self._is_full else len(self._names) - len(set(self._names))
