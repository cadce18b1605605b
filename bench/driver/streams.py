"""Bytes without end: what the streams are fed with and where they end, at next to no cost."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from bench.driver.jobs import MIB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Source:
    """So many bytes, in blocks of 1 MiB; when the first is used up it calls `passed_first`."""

    def __init__(self, size: int, passed_first: Callable[[], None]) -> None:
        self._size = self._left = size
        self._block = random.Random(1906).randbytes(MIB)  # noqa: S311  # not for secrets
        self._passed_first: Callable[[], None] | None = passed_first

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read():
            yield block

    def read(self, amount: int = MIB) -> bytes:
        """Return as many bytes as asked for, fewer at the end, as `upload_fileobj` wants it."""
        if self._passed_first and self._left < self._size:
            self._passed_first()
            self._passed_first = None
        amount = min(amount, self._left)
        self._left -= amount
        whole, rest = divmod(amount, MIB)
        if whole == 1 and not rest:
            return self._block
        return self._block * whole + self._block[:rest]


class Sink:
    """
    Counts what it is given; after the first MiB it calls `passed_first`.

    It seeks, to nowhere: with response checksums only when required, `download_fileobj` of 11
    parts or more into what does not seek never ends (s3transfer 0.19.3, 2026-11): the callback
    of the first part, which holds one of 10 places, waits for an eleventh.
    """

    def __init__(self, passed_first: Callable[[], None]) -> None:
        self.size = 0
        self._passed_first: Callable[[], None] | None = passed_first

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self._passed_first and self.size >= MIB:
            self._passed_first()
            self._passed_first = None
        return len(data)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int) -> int:
        return offset
