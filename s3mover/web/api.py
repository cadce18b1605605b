"""The API: start, list, show and cancel moves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio.to_thread
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from s3mover.contract import MoveRecord, MoveRequest
from s3mover.request import faults
from s3mover.web.bodies import read
from s3mover.web.problems import UNPROCESSABLE, problem
from s3mover.web.query import Query, answer, parse_query

if TYPE_CHECKING:
    from starlette.requests import Request

    from s3mover import Mover

_MOST_KEY = 256


class Accepted(BaseModel):
    """A move that will end by itself, whatever happens to its worker."""

    id: str


class MoveList(BaseModel):
    """Moves, youngest first."""

    moves: list[MoveRecord]


class Api:
    """Endpoints that speak JSON; all that asks Redis does so in a thread."""

    def __init__(self, mover: Mover) -> None:
        self._mover = mover

    async def start(self, request: Request) -> Response:
        """Accept a move; a repeated Idempotency-Key is the same move."""
        wanted = _parse(await read(request, "application/json"), _key(request))
        if isinstance(wanted, Response):
            return wanted
        move_id = await anyio.to_thread.run_sync(self._mover.submit, wanted)
        location = f"{request.scope.get('root_path', '')}/moves/{move_id}"
        headers = {"Location": location, "Retry-After": "1"}
        return JSONResponse({"id": move_id}, HTTPStatus.ACCEPTED, headers)

    async def list(self, request: Request) -> Response:
        """List the youngest moves; a filter looks at the youngest 10,000."""
        query = parse_query(request.query_params)
        return _json(await anyio.to_thread.run_sync(self._list, query))

    async def show(self, request: Request) -> Response:
        """Show the record of a move."""
        record = await anyio.to_thread.run_sync(self._mover.status, request.path_params["id"])
        return _record(record)

    async def cancel(self, request: Request) -> Response:
        """Cancel a move; 202 while its parts in flight come home, 409 when it is too late."""
        record = await anyio.to_thread.run_sync(self._mover.cancel, request.path_params["id"])
        if record.state == "cancelled":
            return _record(record)
        if record.stopping:
            return _record(record, HTTPStatus.ACCEPTED)
        return problem(409, too_late(record))

    def _list(self, query: Query) -> str:
        # In the thread too: a thousand records are some milliseconds of JSON.
        records = answer(self._mover, query)
        return f'{{"moves":[{",".join(record.model_dump_json() for record in records)}]}}'


def too_late(record: MoveRecord) -> str:
    """Say why a move was not cancelled."""
    if record.state.final:
        return f"the move has ended: {record.state}"
    return "the copy is being completed: it is too late to cancel the move"


def _parse(body: bytes, key: str | None) -> MoveRequest | Response:
    try:
        wanted = MoveRequest.model_validate_json(body)
    except ValidationError as error:
        lines = faults(error).splitlines()
        broken = any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False))
        return problem(400 if broken else UNPROCESSABLE, "; ".join(lines), faults=lines)
    if key is None:
        return wanted
    if wanted.idempotency_key not in {None, key}:
        return problem(UNPROCESSABLE, "the header Idempotency-Key and the body name two keys")
    return wanted.model_copy(update={"idempotency_key": key})


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    # The draft (-07, 2026-11) has a quoted string; few clients quote.
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not (0 < len(key) <= _MOST_KEY and key.isascii() and key.isprintable()):
        raise HTTPException(400, "Idempotency-Key is 1 to 256 printable ASCII characters")
    return key


def _record(record: MoveRecord, status: int = HTTPStatus.OK) -> Response:
    return _json(record.model_dump_json(), status)


def _json(text: str, status: int = HTTPStatus.OK) -> Response:
    return Response(text, status, media_type="application/json")
