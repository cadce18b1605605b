"""What Flower answers under `/moves`: behind its own authentication, in its own looks."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from flower.utils.tasks import get_task_by_id  # type: ignore[import-untyped]
from flower.views import BaseHandler  # type: ignore[import-untyped]
from tornado.web import HTTPError, RequestHandler, authenticated, url

from s3mover import Mover
from s3mover.errors import BrokerUnavailable, UnknownMove
from s3mover.flower.board import NEWEST, Board
from s3mover.flower.broker import broker_url
from s3mover.flower.rows import FILTERS, Asked, Page, Row

_UNAVAILABLE = 503
_FORBIDDEN = 403
_SEE_OTHER = 303


@lru_cache(maxsize=1)
def board_of(url: str) -> Board:
    return Board(Mover(url))


class MovesHandler(BaseHandler):  # type: ignore[misc]
    """What the handlers of this tab share."""

    @property
    def board(self) -> Board:
        return board_of(broker_url(self.capp))

    @property
    def read_only(self) -> bool:
        return bool(self.application.options.read_only)

    def asked(self) -> Asked:
        state = self.get_argument("state", "", escape=False)
        text = self.get_argument("q", "", escape=False)
        page = self.get_argument("page", "1", escape=False)
        return Asked(state if state in FILTERS else "", text, int(page) if page.isdecimal() else 1)

    async def show(self, template: str) -> None:
        """Answer with what was asked for, or say that Redis is away."""
        asked, problem = self.asked(), ""
        found = Page((), 1, 0, 0, 0)
        rows: list[Row] = []
        try:
            found, rows = await asyncio.to_thread(self.board.show, asked)
        except BrokerUnavailable:  # its text has the user and the host of Redis, not for viewers
            problem = "Redis, which has the moves, is not available."
            self.set_status(_UNAVAILABLE)
        self.set_header("Cache-Control", "no-store")
        self.render(
            template,
            rows=rows,
            page=found,
            asked=asked,
            filters=list(FILTERS),
            newest=NEWEST,
            problem=problem,
            read_only=self.read_only,
            auto_refresh=self.application.options.auto_refresh,
            is_known=self.is_known,
        )

    def is_known(self, move_id: str) -> bool:
        """Tell whether Flower has a page of the task: it has heard of it since its own start."""
        return get_task_by_id(self.application.events, move_id) is not None


class MovesView(MovesHandler):
    """The page."""

    @authenticated
    async def get(self) -> None:
        await self.show("moves.html")


class MovesRows(MovesHandler):
    """What the page's script asks for."""

    @authenticated
    async def get(self) -> None:
        await self.show("moves_rows.html")


class CancelMove(MovesHandler):
    """The button."""

    def check_xsrf_cookie(self) -> None:
        super().check_xsrf_cookie()
        # Flower asks for the token with OAuth alone (2.2.0): any page could press the button.
        RequestHandler.check_xsrf_cookie(self)

    @authenticated
    async def post(self) -> None:
        if self.read_only:
            raise HTTPError(_FORBIDDEN, "Read only mode is enabled")
        move_id = self.get_argument("id", "", escape=False)
        try:
            await asyncio.to_thread(self.board.mover.cancel, move_id)
        except UnknownMove:
            raise HTTPError(404, "There is no such move") from None
        except BrokerUnavailable:
            raise HTTPError(_UNAVAILABLE, "Redis is not available: nothing was done") from None
        self.redirect(self.reverse_url("moves"), status=_SEE_OTHER)


HANDLERS: list[Any] = [
    url(r"/moves", MovesView, name="moves"),
    url(r"/moves/rows", MovesRows, name="moves-rows"),
    url(r"/moves/cancel", CancelMove, name="moves-cancel"),
]
