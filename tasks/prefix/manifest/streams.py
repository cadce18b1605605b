"""The lines of a file from some byte on, also of one that is packed."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

import driver
from tasks.errors import BadManifest

if TYPE_CHECKING:
    from driver import Pin
    from tasks.deployment import Deployment

BLOCK = 256 * 1024
LONGEST = 64 * 1024
"""Bytes of a line above which a file is taken for something else."""

_GZIP = 31  # zlib's word for a gzip header
_KEPT = 4  # files that a process remembers its place in


class Stream(Protocol):
    """Bytes from any place on."""

    def read(self, at: int) -> bytes:
        """Return some bytes from there on; none at the end."""
        ...

    def ends(self, at: int) -> bool:
        """Tell whether there is nothing more."""
        ...


class Plain:
    """An object as it is."""

    def __init__(self, here: Deployment, pin: Pin) -> None:
        self._here = here
        self._pin = pin

    def read(self, at: int) -> bytes:
        return driver.read_range(self._here.s3, self._pin, at, BLOCK)

    def ends(self, at: int) -> bool:
        return at >= self._pin.size


class Packed:
    """
    What is in an object of gzip, one block at a time.

    It goes on from where it is: only a place before that, or the first of another process, costs
    all that is before it.
    """

    def __init__(self, here: Deployment, pin: Pin) -> None:
        self._here = here
        self._pin = pin
        self._block = b""
        self._restart()

    def read(self, at: int) -> bytes:
        if at < self._at:
            self._restart()
        while self._at + len(self._block) <= at:
            self._at += len(self._block)
            self._block = self._next()
            if not self._block:
                return b""
        return self._block[at - self._at :]

    def ends(self, at: int) -> bool:
        return not self.read(at)

    def _restart(self) -> None:
        self._is_begun = False
        self._unpacker = zlib.decompressobj(_GZIP)
        self._fetched, self._input = 0, b""
        self._at, self._block = 0, b""

    def _next(self) -> bytes:
        """Return the next block of what is inside; none at the end."""
        while True:
            if self._unpacker.eof:  # another one may follow
                self._input = self._unpacker.unused_data.lstrip(b"\0")
                self._unpacker = zlib.decompressobj(_GZIP)
            if not self._input:
                self._input = self._fetch()
            is_last = not self._input
            block = self._unpack()
            if block or is_last:
                return block or self._end()

    def _unpack(self) -> bytes:
        try:
            block = self._unpacker.decompress(self._input, BLOCK)
        except zlib.error as error:
            raise BadManifest(f"{self._pin.location} is no good gzip: {error}") from None
        self._is_begun = not self._unpacker.eof and (self._is_begun or bool(self._input))
        self._input = self._unpacker.unconsumed_tail
        return block

    def _fetch(self) -> bytes:
        found = driver.read_range(self._here.s3, self._pin, self._fetched, BLOCK)
        self._fetched += len(found)
        return found

    def _end(self) -> bytes:
        if self._is_begun:
            raise BadManifest(f"{self._pin.location}: its gzip ends too early")
        return b""


class Streams:
    """The places of this process in files of gzip; each is one task's at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Pin, Packed] = OrderedDict()

    def take(self, here: Deployment, pin: Pin) -> Packed:
        with self._lock:
            return self._kept.pop(pin, None) or Packed(here, pin)

    def give_back(self, pin: Pin, stream: Packed) -> None:
        with self._lock:
            self._kept[pin] = stream
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def lines(stream: Stream, at: int, limit: int) -> tuple[list[bytes], int, bool]:
    """
    Return up to `limit` lines from a byte on, the byte after them, and whether that is the end.

    The last line needs no newline.
    """
    found: list[bytes] = []
    rest = b""
    while len(found) < limit:
        block = stream.read(at + len(rest))
        if not block:
            if rest:
                found.append(rest)
            return found, at + len(rest), True
        *whole, rest = (rest + block).split(b"\n")
        for line in whole[: limit - len(found)]:
            found.append(line)
            at += len(line) + 1
        if len(found) == limit:
            break
        if len(rest) > LONGEST:
            raise BadManifest(f"a line is longer than {LONGEST} bytes; is this a manifest?")
    return found, at, stream.ends(at)
