"""Checking a request to move a prefix, before anything is sent."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from s3mover.errors import InvalidRequest
from s3mover.prefix_contract import PrefixRequest
from s3mover.request import faults, move_id_of


def prefix_id_of(idempotency_key: str) -> str:
    """Return the id that a prefix move with this key has; another than a single move's."""
    return move_id_of(f"prefix\n{idempotency_key}")


def parse_prefix_request(**fields: Any) -> PrefixRequest:
    """Return the request, or raise InvalidRequest with one line a fault."""
    try:
        return PrefixRequest.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(faults(error)) from None


def prefix_message(request: PrefixRequest) -> dict[str, Any]:
    """Return the keyword arguments of `s3mover.move_prefix`."""
    return request.model_dump(mode="json", exclude_none=True)
