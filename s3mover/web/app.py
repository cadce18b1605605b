"""The application: everything put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from s3mover.client import Mover
from s3mover.journal import DEFAULT_BROKER_URL
from s3mover.web.access import Access
from s3mover.web.api import Api
from s3mover.web.door import Door
from s3mover.web.events import Events
from s3mover.web.feed import Feed
from s3mover.web.figures import Figures
from s3mover.web.headers import SafeHeaders
from s3mover.web.openapi import document
from s3mover.web.page import Page
from s3mover.web.prefix_api import PrefixApi
from s3mover.web.prefix_feed import PrefixFeed
from s3mover.web.prefix_page import PrefixPage
from s3mover.web.problems import HANDLERS
from s3mover.web.routes import (
    api_operations,
    own_operations,
    page_operations,
    prefix_operations,
    prefix_page_operations,
)
from s3mover.web.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from s3mover.web.access import Authenticate
    from s3mover.web.routes import Operation


def create_app(
    broker: Mover | str = DEFAULT_BROKER_URL,
    *,
    tokens: Iterable[str] = (),
    authenticate: Authenticate | None = None,
    tick: float = 1.0,
) -> Starlette:
    """
    Return the application: mount it in any ASGI application, or serve it alone.

    Whoever sends one of the `tokens` may see and do everything; without any, BadToken. An
    application with an authentication of its own gives `authenticate` instead, a function of
    the request that tells whether it is let in; it must not block, and may be a coroutine.
    Watchers see a change after `tick` seconds, and cost Redis one read in each.
    """
    given = tokens if isinstance(tokens, str) else tuple(tokens)
    if authenticate is not None and given:
        raise ValueError("either tokens or authenticate decides, not both")
    checked = Tokens.of(given) if authenticate is None else None
    access = Access(checked, authenticate)
    mover = Mover(broker) if isinstance(broker, str) else broker
    operations = [*_operations(mover, checked, tick)]
    return Starlette(
        routes=[each.route(access) for each in operations],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=HANDLERS,
    )


def _operations(mover: Mover, tokens: Tokens | None, tick: float) -> Iterable[Operation]:
    door = Door(tokens) if tokens else None
    feed = Feed(mover, tick)
    operations: list[Operation] = []

    async def openapi(_request: Request) -> Response:
        """Describe the API."""
        return JSONResponse(document(operations))

    operations += api_operations(Api(mover), Events(mover.status, tick))
    prefix_events = Events(mover.prefixes.status, tick)
    operations += prefix_operations(PrefixApi(mover), prefix_events)
    operations += page_operations(Page(mover, feed, door=door is not None), feed, door)
    prefix_feed = PrefixFeed(mover, tick)
    prefix_page = PrefixPage(mover, prefix_feed, door=door is not None)
    operations += prefix_page_operations(prefix_page, prefix_feed)
    operations += own_operations(openapi, Figures(mover).show)
    return operations
