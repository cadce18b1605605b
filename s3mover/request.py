"""Checking what a caller asks for, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from pydantic import ValidationError

from s3mover.contract import MoveRequest
from s3mover.errors import InvalidRequest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# The ids of idempotency keys; part of the contract, so that other languages can compute them.
_KEYS = UUID("6f0d1c3e-8d0b-5a53-9f6a-3a1f5d6c7b20")

_NEWER = (
    "version: only version 1 of the message is known here, and the sender is of a newer release: "
    "upgrade the workers before the programs that send to them"
)
_MOST_FAULTS = 5
_LONGEST_NAME = 80


def move_id_of(idempotency_key: str) -> str:
    """Return the id that a move with this key has: a UUID version 5."""
    return str(uuid5(_KEYS, idempotency_key))


def new_id(request: MoveRequest) -> str:
    """Return the id of a move that is about to be enqueued."""
    key = request.idempotency_key
    return move_id_of(key) if key else str(uuid4())


def parse_request(**fields: Any) -> MoveRequest:
    """Return the request, or raise InvalidRequest with one line a fault."""
    try:
        return MoveRequest.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(faults(error)) from None


def faults(error: ValidationError) -> str:
    """Say what is wrong with a request, without its values: they may be large."""
    found = error.errors(include_input=False, include_url=False)
    if any(fault["loc"] == ("version",) for fault in found):
        return _NEWER  # whatever else it has that is not known here is no fault
    lines = [_line(fault) for fault in found[:_MOST_FAULTS]]
    if len(found) > _MOST_FAULTS:
        lines.append(f"and {len(found) - _MOST_FAULTS} faults more")
    return "\n".join(lines)


def message(request: MoveRequest) -> dict[str, Any]:
    """Return the keyword arguments of `s3mover.move`."""
    return request.model_dump(mode="json", exclude_none=True)


def _line(fault: ErrorDetails) -> str:
    # The name of an unknown field is the caller's too.
    name = ".".join(ascii(part)[:_LONGEST_NAME].strip("'") for part in fault["loc"])
    return f"{name or 'request'}: {fault['msg'].removeprefix('Value error, ')}"
