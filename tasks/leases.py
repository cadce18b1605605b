"""
Leases say that a task is alive: short, and renewed while the task runs.

So a part may take as long as S3 takes, and a dead worker is noticed within one lease.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from s3mover.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redis import Redis

log = logging.getLogger(__name__)

_RENEW = Script("tasks", "renew", "limit")

MOVE = 0
"""Stands for the move itself where a part's number is expected."""


class Keeper:
    """Renews the leases of whatever runs in this process, from one thread of its own."""

    def __init__(self, redis: Redis, seconds: float) -> None:
        self._redis = redis
        self._seconds = seconds
        self._held: dict[object, tuple[str, int | str, str]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, move_id: str, part: int | str, token: str) -> Iterator[None]:
        """Renew a lease until the block ends; `part` may be a `page n` of the move of a prefix."""
        holder = object()
        with self._lock:
            self._held[holder] = (move_id, part, token)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._held[holder]

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._seconds / 3):
            with self._lock:
                held = list(self._held.values())
            if held:
                self._renew(held)

    def _renew(self, held: list[tuple[str, int | str, str]]) -> None:
        try:
            _RENEW(self._redis, self._seconds, *(value for lease in held for value in lease))
        except RedisError as error:
            # Redis is away: leases lapse, and their tasks may be given out again; S3 decides.
            log.warning("leases not renewed: %s", error)
