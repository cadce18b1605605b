"""Durations as Go writes them: 3000s, 1h30m, 1.5h."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from config.values import MAX_INT, ParameterError

# The units of Go's time.ParseDuration in nanoseconds; both letters for micro count there.
_UNITS = {
    "ns": 1,
    "us": 10**3,
    "\u00b5s": 10**3,
    "\u03bcs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
LONGEST = timedelta(microseconds=MAX_INT // 1000)
"""Go's: 292 years."""

_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")


def parse_duration(text: str) -> timedelta:
    """Read `text` as Go's ParseDuration, cut to microseconds; ValueError if it is none."""
    sign, terms = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
    if terms == "0":
        return timedelta()
    total = sum(map(_nanoseconds, _terms(terms)))
    if total > MAX_INT:
        raise ValueError
    duration = timedelta(microseconds=total // 1000)
    return -duration if sign == "-" else duration


def _terms(text: str) -> Iterator[re.Match[str]]:
    """Yield each number with its unit, without going back: a pattern of all would."""
    if not text:
        raise ValueError
    position = 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None:
            raise ValueError
        yield term
        position = term.end()


def _nanoseconds(term: re.Match[str]) -> int:
    whole, fraction, unit = term.groups(default="")
    if unit not in _UNITS or not whole + fraction:
        raise ValueError
    scale: int = 10 ** len(fraction)
    return int(whole + fraction) * _UNITS[unit] // scale


def _duration(value: object, info: ValidationInfo) -> timedelta:
    """Accept a timedelta, or a string that `parse_duration` reads, above 0."""
    try:
        duration = parse_duration(value) if isinstance(value, str) else value
    except ValueError:
        duration = None
    # The registry ignores a number without a unit and takes its default; here it is refused.
    if not isinstance(duration, timedelta) or not timedelta() < duration <= LONGEST:
        raise ParameterError(
            f"invalid {info.field_name}: {value}; it should be above 0, at most 292 years, "
            "and have a unit (ns, us, ms, s, m or h), such as 3000s"
        )
    return duration


Duration = Annotated[timedelta, BeforeValidator(_duration)]
