"""How a list of buckets is written."""

import json
from collections.abc import Iterable

from config.values import ParameterError

_SHORTEST, _LONGEST = 3, 63


def read_buckets(value: object) -> frozenset[str]:
    """Accept names separated by commas, a JSON list of them, or a list of them."""
    names = _listed(value) if isinstance(value, str) else value
    if not isinstance(names, list | tuple | set | frozenset) or not names:
        raise ParameterError(
            "The buckets parameter should be names separated by commas, or a list of names"
        )
    return frozenset(_checked(names))


def _listed(text: str) -> object:
    if not text.lstrip().startswith("["):
        return [name for part in text.split(",") if (name := part.strip())]
    try:
        return json.loads(text)
    except ValueError:
        raise ParameterError("The buckets parameter is not a valid JSON list") from None


def _checked(names: Iterable[object]) -> Iterable[str]:
    for name in names:
        if not isinstance(name, str) or "/" in name or not _SHORTEST <= len(name) <= _LONGEST:
            raise ParameterError(
                f"The bucket {name} in buckets should have "
                f"{_SHORTEST} to {_LONGEST} characters and no slash"
            )
        yield name
