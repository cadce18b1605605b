"""When a store wants to be asked again."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def seconds_of(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After, number or date, asks for; None if it is neither."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        return _until(header, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _until(date: str, now: datetime) -> float | None:
    try:
        return max((parsedate_to_datetime(date) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):  # the second: a date without a zone
        return None
