"""The page of the move of one prefix, and the buttons that steer it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import anyio.to_thread
from starlette.responses import HTMLResponse, RedirectResponse, Response

from s3mover.errors import BrokerUnavailable, MoverError
from s3mover.web.access import foreign
from s3mover.web.bodies import read_form
from s3mover.web.door import keep, session_of
from s3mover.web.page import AWAY, is_ours, status_of
from s3mover.web.problems import RETRY_AFTER, UNPROCESSABLE
from s3mover.web.render import Notice
from s3mover.web.render_prefix import prefix_page

if TYPE_CHECKING:
    from starlette.requests import Request

    from s3mover import Mover
    from s3mover.web.prefix_feed import PrefixFeed
    from s3mover.web.view import View

_STEPS = {
    "pause": "pause",
    "resume": "resume",
    "cancel": "cancel",
    "retry": "retry_failed",
}
"""What a button says, and the client's name of it."""


class PrefixPage:
    """Endpoints that speak HTML; they work without the page's script, which keeps it fresh."""

    def __init__(self, mover: Mover, feed: PrefixFeed, *, door: bool) -> None:
        self._prefixes = mover.prefixes
        self._feed = feed
        self._door = door

    async def show(self, request: Request) -> Response:
        """Show the move of a prefix."""
        return await self._page(request, request.query_params.get("id", ""))

    async def steer(self, request: Request) -> Response:
        """Pause, resume or cancel the move of a prefix, or move what it has left."""
        fields = await read_form(request)
        if not is_ours(request, fields):
            return foreign()
        prefix_id, step = fields.get("id", ""), _STEPS.get(fields.get("what", ""))
        if step is None:
            return await self._page(request, prefix_id, UNPROCESSABLE, "there is no such button")
        try:
            act = partial(getattr(self._prefixes, step), prefix_id)
            answer = await anyio.to_thread.run_sync(act)
        except MoverError as error:
            return await self._page(request, prefix_id, status_of(error, 404), str(error))
        there = answer if step == "retry_failed" else prefix_id
        return RedirectResponse(f"prefix?{urlencode({'id': there})}", 303)

    async def _page(
        self, request: Request, prefix_id: str, status: int = 200, wrong: str = ""
    ) -> Response:
        view: View | None = None
        try:
            view = await self._feed.look(prefix_id)
        except MoverError as error:
            status = AWAY if isinstance(error, BrokerUnavailable) else 404
            wrong = wrong or str(error)
        notice = Notice("bad", "alert", wrong) if wrong else None
        session, is_new = session_of(request)
        html = prefix_page(view, session, notice, door=self._door)
        headers = {"Retry-After": str(RETRY_AFTER)} if status == AWAY else None
        response = HTMLResponse(html, status, headers)
        if is_new:
            keep(request, response, session)
        return response
