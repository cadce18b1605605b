"""Looking again and again: late by a fiftieth of the time at most, and by half a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from s3mover.errors import BrokerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_SHORTEST, _SHARE, _LONGEST = 0.01, 0.02, 0.5  # seconds, of the time since the first look, seconds
_EAGER = 4  # times as often, for looks that cost next to nothing


def looks(timeout: float | None = None, *, eager: bool = False) -> Iterator[None]:
    """
    Yield at once and after each pause, a last time when `timeout` seconds are over.

    With `eager`, pauses are a quarter as long.
    """
    begun = time.monotonic()
    yield
    while True:
        passed = time.monotonic() - begun
        if timeout is not None and passed >= timeout:
            return
        pause = min(max(_SHORTEST, _SHARE * passed), _LONGEST) / (_EAGER if eager else 1)
        time.sleep(pause if timeout is None else min(pause, timeout - passed))
        yield


def seen(look: Callable[[], T], pauses: Iterator[None], bridged: float) -> Iterator[T]:
    """
    Yield what each look finds.

    An absence of Redis is bridged for so many seconds, unless it is there from the start.
    """
    last = None
    for _ in pauses:
        try:
            found = look()
        except BrokerUnavailable:
            if last is None or time.monotonic() - last > bridged:
                raise
            continue
        yield found
        last = time.monotonic()


def answered(ask: Callable[[], T | None], timeout: float | None = None) -> T | None:
    """Ask until there is an answer; None if there was none in time."""
    for _ in looks(timeout):
        answer = ask()
        if answer is not None:
            return answer
    return None
