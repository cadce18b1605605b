"""What a program asks for: the body of a request as a model, and its idempotency key."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError
from starlette.exceptions import HTTPException

from s3mover.contract import MoveRequest
from s3mover.prefix_contract import PrefixRequest
from s3mover.request import faults
from s3mover.web.problems import UNPROCESSABLE, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_MOST_KEY = 256

R = TypeVar("R", MoveRequest, PrefixRequest)


def parse(model: type[R], body: bytes, key: str | None) -> R | Response:
    """Return what is asked for, or the problem with it."""
    try:
        wanted = model.model_validate_json(body)
    except ValidationError as error:
        lines = faults(error).splitlines()
        broken = any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False))
        return problem(400 if broken else UNPROCESSABLE, "; ".join(lines), faults=lines)
    if key is None:
        return wanted
    if wanted.idempotency_key not in {None, key}:
        return problem(UNPROCESSABLE, "the header Idempotency-Key and the body name two keys")
    return wanted.model_copy(update={"idempotency_key": key})


def key_of(request: Request) -> str | None:
    """Return the key of the header, or raise a 400 that says what is wrong."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    # The draft (-07, 2026-11) has a quoted string; few clients quote.
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not (0 < len(key) <= _MOST_KEY and key.isascii() and key.isprintable()):
        raise HTTPException(400, "Idempotency-Key is 1 to 256 printable ASCII characters")
    return key
