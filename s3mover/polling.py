"""Looking again and again: late by a fiftieth of the time at most, and by half a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_SHORTEST, _SHARE, _LONGEST = 0.01, 0.02, 0.5  # seconds, of the time since the first look, seconds


def looks(timeout: float | None = None) -> Iterator[None]:
    """Yield at once and after each pause, a last time when `timeout` seconds are over."""
    begun = time.monotonic()
    yield
    while True:
        passed = time.monotonic() - begun
        if timeout is not None and passed >= timeout:
            return
        pause = min(max(_SHORTEST, _SHARE * passed), _LONGEST)
        time.sleep(pause if timeout is None else min(pause, timeout - passed))
        yield


def answered(ask: Callable[[], T | None], timeout: float | None = None) -> T | None:
    """Ask until there is an answer; None if there was none in time."""
    for _ in looks(timeout):
        answer = ask()
        if answer is not None:
            return answer
    return None
