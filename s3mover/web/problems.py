"""What goes wrong, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from s3mover.errors import (
    BrokerUnavailable,
    IdempotencyConflict,
    InvalidRequest,
    StillRunning,
    UnknownMove,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

RETRY_AFTER = 5
"""Seconds after which it is worth to ask again when Redis was away."""

UNPROCESSABLE = 422


class Problem(BaseModel):
    """Why a request was not obeyed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str = "about:blank"
    title: str
    """The name of the status."""

    status: int
    detail: str
    """What is wrong and what to do."""

    faults: list[str] | None = None
    """One line for each fault of a request."""


def problem(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    faults: list[str] | None = None,
) -> JSONResponse:
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, faults=faults)
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status,
        headers=dict(headers or {}),
        media_type="application/problem+json",
    )


def _away(_request: Request, error: Exception) -> Response:
    return problem(503, str(error), headers={"Retry-After": str(RETRY_AFTER)})


def _unknown(_request: Request, error: Exception) -> Response:
    return problem(404, str(error))


def _invalid(_request: Request, error: Exception) -> Response:
    faults = str(error).splitlines()
    return problem(UNPROCESSABLE, "; ".join(faults), faults=faults)


def _conflict(_request: Request, error: Exception) -> Response:
    return problem(UNPROCESSABLE, str(error))


def _still_running(_request: Request, error: Exception) -> Response:
    return problem(409, str(error))


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # what it is registered for
    return problem(error.status_code, error.detail, headers=error.headers)


HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    BrokerUnavailable: _away,
    UnknownMove: _unknown,
    InvalidRequest: _invalid,
    IdempotencyConflict: _conflict,
    StillRunning: _still_running,
    HTTPException: _http,
}
"""The answer to each error that an endpoint may raise."""
