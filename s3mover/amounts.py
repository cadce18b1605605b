"""Bytes, rates and times, as people read them."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ByteSize

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_NEXT = 1024


def size_text(size: float) -> str:
    return ByteSize(size).human_readable(separator=" ")


def amount_text(done: int, total: int) -> str:
    """Return both in the unit of the total: 1.5/3.0 GiB."""
    power = min(max(total.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    digits = 1 if power else 0
    unit = _NEXT**power
    return f"{done / unit:.{digits}f}/{total / unit:.{digits}f} {_UNITS[power]}"


def rate_text(rate: float) -> str:
    return f"{size_text(rate)}/s"


def duration_text(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < _MINUTE else str(timedelta(seconds=round(seconds)))


def time_text(seconds: float) -> str:
    """Return the time left, shorter the longer it is: 0:12, 1:02:03, 3d 4h."""
    whole = max(round(seconds), 0)
    if whole >= _DAY:
        return f"{whole // _DAY}d {whole % _DAY // _HOUR}h"
    hours, rest = divmod(whole, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
