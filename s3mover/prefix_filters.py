"""Which objects below a prefix are meant: by their names, sizes and ages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, StringConstraints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    class Filters(Protocol):
        """The fields of a PrefixRequest that choose objects."""

        @property
        def include(self) -> Sequence[str]: ...
        @property
        def exclude(self) -> Sequence[str]: ...
        @property
        def larger(self) -> int | None: ...
        @property
        def smaller(self) -> int | None: ...
        @property
        def older(self) -> str | None: ...
        @property
        def newer(self) -> str | None: ...


_AGE = re.compile(r"(\d{1,9})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def check_moment(text: str) -> str:
    """Return an age such as 7d, or an ISO date, as given; ValueError else."""
    moment(text, datetime.now(UTC))
    return text


def moment(text: str, now: datetime) -> datetime:
    """Return the moment that an age counts back to, or that a date names; without a zone in UTC."""
    if age := _AGE.fullmatch(text):
        try:
            return now - timedelta(seconds=int(age[1]) * _SECONDS[age[2]])
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        msg = "expected an age such as 30s, 15m, 12h, 7d or 2w, or a date such as 2026-11-24"
        raise ValueError(msg) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(check_moment)]


def matches(wanted: Filters, name: str, size: int, modified: datetime, now: datetime) -> bool:
    """
    Tell whether an object is meant; `name` is its key below the prefix.

    In a pattern `*` takes slashes too. `exclude` goes before `include`; without any of the
    latter all names are meant. Ages are those at the time of the request, `now`.
    """
    if not is_named(wanted, name):
        return False
    if wanted.larger is not None and size <= wanted.larger:
        return False
    if wanted.smaller is not None and size >= wanted.smaller:
        return False
    if wanted.older is not None and modified >= moment(wanted.older, now):
        return False
    return wanted.newer is None or modified > moment(wanted.newer, now)


def is_named(wanted: Filters, name: str) -> bool:
    """Tell whether the patterns mean an object."""
    if any(fnmatchcase(name, pattern) for pattern in wanted.exclude):
        return False
    return not wanted.include or any(fnmatchcase(name, pattern) for pattern in wanted.include)
