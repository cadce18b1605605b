"""Requests about many objects at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from driver import Transient
from tasks.backoff import backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tasks.deployment import Deployment

T = TypeVar("T")
R = TypeVar("R")


def each_of(here: Deployment, look: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """Return what `look` says of each, in their order; raises what one of them raises."""
    if not things:
        return []
    with ThreadPoolExecutor(min(here.settings.concurrency, len(things))) as pool:
        return list(pool.map(look, things))


def patiently(here: Deployment, look: Callable[[], R]) -> R:
    """Return what `look` says, asked a few times where the store fails for a passing reason."""
    tries = 0
    while True:
        try:
            return look()
        except Transient:
            tries += 1
            if tries >= here.settings.attempts:
                raise
            time.sleep(backoff(here.settings, tries))
