"""The API: start, list, show and cancel moves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio.to_thread
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from s3mover.contract import MoveRecord, MoveRequest
from s3mover.web.bodies import read
from s3mover.web.problems import problem
from s3mover.web.query import Query, answer, parse_query
from s3mover.web.requests import key_of, parse

if TYPE_CHECKING:
    from starlette.requests import Request

    from s3mover import Mover


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
        wanted = parse(MoveRequest, await read(request, "application/json"), key_of(request))
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


def _record(record: MoveRecord, status: int = HTTPStatus.OK) -> Response:
    return _json(record.model_dump_json(), status)


def _json(text: str, status: int = HTTPStatus.OK) -> Response:
    return Response(text, status, media_type="application/json")
