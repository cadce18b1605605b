"""Reading what a request carries, and never more of it than a move can need."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

MOST = 64 * 1024
"""Bytes of a body; the longest valid request has a quarter of it."""

_MOST_FIELDS = 50


async def read(request: Request, media_type: str) -> bytes:
    """Return the body; 415 when it says to be something else, 413 when it is too long."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise HTTPException(415, f"the body has to be Content-Type: {media_type}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise HTTPException(413, f"the body is longer than {MOST} bytes")
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form; of two with one name the last."""
    body = await read(request, "application/x-www-form-urlencoded")
    try:
        return dict(
            parse_qsl(
                body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
            )
        )
    except ValueError:
        raise HTTPException(400, "the body is no form") from None
