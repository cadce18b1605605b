"""Looking again and again: soon at first, then twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
