"""The page: a list of moves, and plain forms that start and cancel them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.responses import HTMLResponse, RedirectResponse, Response

from s3mover.errors import BrokerUnavailable, MoverError
from s3mover.request import parse_request
from s3mover.web.access import foreign
from s3mover.web.api import too_late
from s3mover.web.bodies import read_form
from s3mover.web.door import keep, session_of
from s3mover.web.problems import RETRY_AFTER, UNPROCESSABLE
from s3mover.web.query import parse_query
from s3mover.web.render import Form, Notice, moves_page
from s3mover.web.tokens import is_form_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from s3mover import Mover
    from s3mover.web.feed import Feed

AWAY = 503


class Page:
    """Endpoints that speak HTML; they work without the page's script, which keeps it fresh."""

    def __init__(self, mover: Mover, feed: Feed, *, door: bool) -> None:
        self._mover = mover
        self._feed = feed
        self._door = door

    async def show(self, request: Request) -> Response:
        """Show the moves."""
        return await self._page(request)

    async def start(self, request: Request) -> Response:
        """Start a move from the page's form."""
        fields = await read_form(request)
        if not is_ours(request, fields):
            return foreign()
        form = Form.of(fields)
        try:
            wanted = parse_request(**form.request())
            move_id = await anyio.to_thread.run_sync(self._mover.submit, wanted)
        except MoverError as error:
            return await self._page(request, status_of(error, UNPROCESSABLE), str(error), form)
        return _back(request, move_id)

    async def cancel(self, request: Request) -> Response:
        """Cancel a move from the page's button."""
        fields = await read_form(request)
        if not is_ours(request, fields):
            return foreign()
        move_id = fields.get("id", "")
        try:
            record = await anyio.to_thread.run_sync(self._mover.cancel, move_id)
        except MoverError as error:
            return await self._page(request, status_of(error, 404), str(error))
        if record.stopping or record.state == "cancelled":
            return _back(request, move_id)
        return await self._page(request, 409, too_late(record))

    async def _page(
        self, request: Request, status: int = 200, wrong: str = "", form: Form | None = None
    ) -> Response:
        query = parse_query(request.query_params)
        look = None
        try:
            look = await self._feed.look(query)
        except BrokerUnavailable as error:
            status, wrong = AWAY, str(error)
        notice = Notice("bad", "alert", wrong) if wrong else None
        session, is_new = session_of(request)
        html = await anyio.to_thread.run_sync(
            partial(moves_page, look, query, session, form or Form.blank(), notice, door=self._door)
        )
        headers = {"Retry-After": str(RETRY_AFTER)} if status == AWAY else None
        response = HTMLResponse(html, status, headers)
        if is_new:
            keep(request, response, session)
        return response


def is_ours(request: Request, fields: Mapping[str, str]) -> bool:
    """Tell whether a form is one that was made for this session."""
    session, is_new = session_of(request)
    return not is_new and is_form_token(session, fields.get("csrf", ""))


def status_of(error: MoverError, otherwise: int) -> int:
    """Return the status of an answer that shows an error."""
    return AWAY if isinstance(error, BrokerUnavailable) else otherwise


def _back(request: Request, move_id: str) -> Response:
    # Relative, so that it holds wherever the application is mounted.
    query = request.url.query
    return RedirectResponse(f"./{'?' if query else ''}{query}#m-{move_id}", 303)
