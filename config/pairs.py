"""How names with a value each are written."""

import json
from collections.abc import Mapping

from config.values import ParameterError


def read_pairs(value: object, parameter: str, form: str) -> list[tuple[object, object]]:
    """
    Accept pairs of a `form` like name=value separated by commas, a JSON object, or a mapping.

    The pairs of a text are texts; those of a file are what it has.
    """
    pairs = _listed(value, parameter) if isinstance(value, str) else value
    if isinstance(pairs, Mapping):
        pairs = list(pairs.items())
    if not isinstance(pairs, list):
        raise ParameterError(
            f"The {parameter} parameter should be {form} pairs separated by commas, "
            "or a mapping of them"
        )
    return pairs


def _listed(text: str, parameter: str) -> object:
    if text.lstrip().startswith("{"):
        try:
            # As a list: of a name that is given twice a mapping would drop the first.
            return json.loads(text, object_pairs_hook=list)
        except (ValueError, RecursionError):
            raise ParameterError(f"The {parameter} parameter is not valid JSON") from None
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    return [(name.strip(), value.strip()) for name, _, value in parts]
