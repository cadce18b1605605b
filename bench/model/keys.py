"""The objects of a bucket by key, kept by folder so that a listing sorts a folder once."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Keys(dict[str, T], Generic[T]):
    """
    A dict that lists its keys in order after any key, without sorting all of them.

    Deletes leave the order of a folder as it is; only a new key has it sorted again. Without
    this, each page of a listing of 100,000 objects would stop the model for 40 ms.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folders: dict[str, dict[str, None]] = {}
        self._sorted: dict[str, list[str]] = {}

    def __setitem__(self, key: str, value: T) -> None:
        if key not in self:
            folder = _folder(key)
            self._folders.setdefault(folder, {})[key] = None
            self._sorted.pop(folder, None)
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        folder = _folder(key)
        del self._folders[folder][key]
        if not self._folders[folder]:
            del self._folders[folder]
            self._sorted.pop(folder, None)

    def remove(self, key: str) -> None:
        """Delete a key that may not be there."""
        if key in self:
            del self[key]

    def below(self, prefix: str, after: str = "") -> Iterator[str]:
        """Return the keys that start so, in order, from the first one behind `after`."""
        folders = [f for f in self._folders if f.startswith(prefix) or prefix.startswith(f)]
        return heapq.merge(*(self._of(folder, prefix, after) for folder in folders))

    def _of(self, folder: str, prefix: str, after: str) -> Iterator[str]:
        if folder not in self._sorted:
            self._sorted[folder] = sorted(self._folders[folder])
        keys = self._sorted[folder]
        first = max(bisect_left(keys, prefix), bisect_right(keys, after))
        for place in range(first, len(keys)):
            key = keys[place]
            if not key.startswith(prefix):
                return
            if key in self:  # it was sorted in, and is deleted
                yield key


def _folder(key: str) -> str:
    return key[: key.rfind("/") + 1]
