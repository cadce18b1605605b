"""Looking again and again: soon at first, then twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_FIRST, _GROWTH, _LONGEST = 0.01, 1.5, 0.5  # seconds, factor, seconds


def looks(timeout: float | None = None) -> Iterator[None]:
    """Yield at once and after each pause, a last time when `timeout` seconds are over."""
    deadline = None if timeout is None else time.monotonic() + timeout
    pause = _FIRST
    yield
    while deadline is None or (left := deadline - time.monotonic()) > 0:
        time.sleep(pause if deadline is None else min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST)
        yield


def answered(ask: Callable[[], T | None], timeout: float | None = None) -> T | None:
    """Ask until there is an answer; None if there was none in time."""
    for _ in looks(timeout):
        answer = ask()
        if answer is not None:
            return answer
    return None
