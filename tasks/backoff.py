"""How long to wait before trying again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import Settings

_CEILING = 30.0


def backoff(settings: Settings, attempt: int) -> float:
    """
    Return seconds before the next attempt: exponential, with full jitter.

    Stays well below the visibility timeout: Celery keeps a waiting message unacknowledged, and
    Redis would deliver it a second time.
    """
    ceiling = min(_CEILING, settings.visibility_timeout / 4, 2.0 ** max(attempt, 1))
    return random.uniform(ceiling / 10, ceiling)  # noqa: S311  # jitter, not a secret


def soon(settings: Settings) -> float:
    """Return seconds before looking again at what another task is about to end."""
    return min(1.0, settings.visibility_timeout / 4)
