"""The API of moves of prefixes: start, list, show and steer them."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio.to_thread
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from s3mover.prefix_contract import PrefixRecord, PrefixRequest
from s3mover.web.bodies import read
from s3mover.web.problems import problem
from s3mover.web.query import parse_query
from s3mover.web.requests import key_of, parse

if TYPE_CHECKING:
    from starlette.requests import Request

    from s3mover import Mover


class PrefixList(BaseModel):
    """Moves of prefixes, youngest first."""

    prefixes: list[PrefixRecord]


class PrefixApi:
    """Endpoints that speak JSON; all that asks Redis does so in a thread."""

    def __init__(self, mover: Mover) -> None:
        self._prefixes = mover.prefixes

    async def start(self, request: Request) -> Response:
        """Accept the move of a prefix; a repeated Idempotency-Key is the same move."""
        wanted = parse(PrefixRequest, await read(request, "application/json"), key_of(request))
        if isinstance(wanted, Response):
            return wanted
        return _accepted(request, await anyio.to_thread.run_sync(self._prefixes.submit, wanted))

    async def list(self, request: Request) -> Response:
        """List the youngest moves of prefixes."""
        limit = parse_query(request.query_params).limit
        return _json(await anyio.to_thread.run_sync(self._list, limit))

    async def show(self, request: Request) -> Response:
        """Show the record of the move of a prefix."""
        return await self._asked(request, "status")

    async def cancel(self, request: Request) -> Response:
        """Cancel it; 202 while objects in flight come home, 409 when it has ended otherwise."""
        record = await self._steered(request, "cancel")
        if record.state.final and record.state != "cancelled":
            return problem(409, ended(record))
        return _record(record, _SOON if not record.state.final else HTTPStatus.OK)

    async def pause(self, request: Request) -> Response:
        """Begin no more objects until it is resumed."""
        return await self._asked(request, "pause")

    async def resume(self, request: Request) -> Response:
        """Have a paused move go on."""
        return await self._asked(request, "resume")

    async def retry(self, request: Request) -> Response:
        """Move what is left below the prefix by a new move; once for each move."""
        found = partial(self._prefixes.retry_failed, request.path_params["id"])
        return _accepted(request, await anyio.to_thread.run_sync(found))

    async def _asked(self, request: Request, what: str) -> Response:
        record = await self._steered(request, what)
        if what != "status" and record.state.final:
            return problem(409, ended(record))
        return _record(record)

    async def _steered(self, request: Request, what: str) -> PrefixRecord:
        act = getattr(self._prefixes, what)
        record: PrefixRecord = await anyio.to_thread.run_sync(act, request.path_params["id"])
        return record

    def _list(self, limit: int) -> str:
        records = self._prefixes.list(limit)
        return f'{{"prefixes":[{",".join(record.model_dump_json() for record in records)}]}}'


_SOON = HTTPStatus.ACCEPTED


def ended(record: PrefixRecord) -> str:
    """Say why a move was not steered."""
    return f"the move has ended: {record.state}"


def _accepted(request: Request, prefix_id: str) -> Response:
    location = f"{request.scope.get('root_path', '')}/prefixes/{prefix_id}"
    headers = {"Location": location, "Retry-After": "1"}
    return JSONResponse({"id": prefix_id}, HTTPStatus.ACCEPTED, headers)


def _record(record: PrefixRecord, status: int = HTTPStatus.OK) -> Response:
    return _json(record.model_dump_json(), status)


def _json(text: str, status: int = HTTPStatus.OK) -> Response:
    return Response(text, status, media_type="application/json")
