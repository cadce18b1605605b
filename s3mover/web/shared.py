"""One read a tick for all who look at the same thing, be they two hundred."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio
import anyio.to_thread

from s3mover.errors import MoverError

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
V = TypeVar("V")

_FORGOTTEN = 10
"""Ticks without a look after which what was read is dropped."""


@dataclass
class _Entry(Generic[V]):
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    at: float = float("-inf")
    value: V | None = None
    error: MoverError | None = None


class Shared(Generic[K, V]):
    """
    Reads in a thread what is asked for, and not again within a tick.

    `read` gets the key and what it has returned before. Its errors are shared too: while Redis
    is away, all wait for one attempt.
    """

    def __init__(self, read: Callable[[K, V | None], V], tick: float) -> None:
        self.tick = tick
        self._read = read
        self._entries: dict[K, _Entry[V]] = {}

    async def look(self, key: K, *, fresh: bool = False) -> V:
        """Return what was read within the last tick, or just now if it has to be `fresh`."""
        self._forget()
        entry = self._entries.setdefault(key, _Entry())
        async with entry.lock:
            if fresh or time.monotonic() - entry.at >= self.tick:
                await anyio.to_thread.run_sync(self._refresh, key, entry)
            if entry.error is not None:
                raise entry.error.with_traceback(None)
            assert entry.value is not None  # noqa: S101  # read, or else the error above
            return entry.value

    def _refresh(self, key: K, entry: _Entry[V]) -> None:
        try:
            entry.value, entry.error = self._read(key, entry.value), None
        except MoverError as error:
            entry.error = error
        entry.at = time.monotonic()

    def _forget(self) -> None:
        limit = time.monotonic() - _FORGOTTEN * self.tick
        old = [k for k, e in self._entries.items() if e.at < limit and not e.lock.locked()]
        for key in old:
            del self._entries[key]
