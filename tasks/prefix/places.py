"""Places for the copies of a page where the store throttles; without a throttle none is asked."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from driver import Throttled
from s3mover.scripts import Script
from tasks.backoff import backoff
from tasks.throttle import log_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.deployment import Deployment

_ENTER = Script("tasks", "batch_enter", "limit")
_LEAVE = Script("tasks", "batch_leave", "limit")
_THROTTLED = Script("tasks", "batch_throttled", "limit")

_LOOK = 1.0  # seconds between looks whether the bucket has a limit


class Places:
    """The shared limit of one bucket, as the threads of one page heed it."""

    def __init__(self, here: Deployment, bucket: str, prefix_id: str) -> None:
        self._here = here
        self._bucket = bucket
        self._id = prefix_id
        self._looked = 0.0
        self._is_limited = False
        self._flying = 0

    @contextmanager
    def place(self) -> Iterator[float]:
        """Yield 0 with a place for a copy, or else the seconds after which to ask again."""
        token = uuid4().hex
        wait = self._enter(token)
        if wait:
            yield wait
            return
        self._flying += 1  # about right is good enough: the first limit is half of it
        is_good = False
        try:
            yield 0.0
            is_good = True
        except Throttled as error:
            self._lower(token, error)
            raise
        finally:
            self._flying -= 1
            if self._is_limited:
                log_change(_LEAVE(self._here.redis, self._bucket, token, int(is_good)))

    def pause(self, error: Throttled, tries: int) -> float:
        """Return seconds before a throttled copy is tried again."""
        ceiling = self._here.settings.visibility_timeout / 4
        return min(error.retry_after or backoff(self._here.settings, tries), ceiling)

    def _enter(self, token: str) -> float:
        if not self._limited():
            return 0.0
        holds = self._flying
        # A dead worker's places are free again after one lease; a copy that takes longer than
        # that is one more in flight than there should be.
        seconds = self._here.settings.part_lease
        answer = _ENTER(self._here.redis, self._bucket, self._id, token, seconds, holds)
        verdict, change = cast("list[str]", answer)
        log_change(change)
        return 0.0 if verdict == "run" else float(verdict)

    def _limited(self) -> bool:
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._looked = now
            self._is_limited = bool(self._here.redis.exists(f"s3mover:throttle:{self._bucket}"))
        return self._is_limited

    def _lower(self, token: str, error: Throttled) -> None:
        self._is_limited = True
        after, ceiling = error.retry_after or 0, self._here.settings.visibility_timeout / 4
        answer = _THROTTLED(
            self._here.redis, self._bucket, token, max(self._flying, 1), after, min(ceiling, 30)
        )
        log_change(cast("list[str]", answer)[1])
