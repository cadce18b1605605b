"""The size of a part, as a request may ask for it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema

SMALLEST, LARGEST = 5 * 1024**2, 5 * 1024**3


def _check(value: Any) -> Any:
    is_size = type(value) is int and SMALLEST <= value <= LARGEST
    if not (is_size or value == "auto"):
        raise ValueError(f"should be a number of bytes from {SMALLEST} to {LARGEST}, or auto")
    return value


_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": SMALLEST, "maximum": LARGEST},
        {"const": "auto", "type": "string"},
    ]
}

# A union of pydantic's own would tell of each fault twice, once for each of its members.
PartSize = Annotated[int | Literal["auto"], PlainValidator(_check), WithJsonSchema(_SCHEMA)]
"""Bytes of a part, or `auto`: a size that suits the object."""
