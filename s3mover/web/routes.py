"""The table of routes: what is served, to whom, and how it is described."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from s3mover.contract import MoveRecord, MoveRequest
from s3mover.prefix_contract import PrefixRecord, PrefixRequest
from s3mover.web.api import Accepted, Api, MoveList
from s3mover.web.prefix_api import PrefixApi, PrefixList
from s3mover.web.static import static

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel
    from starlette.requests import Request

    from s3mover.web.access import Access, Endpoint
    from s3mover.web.door import Door
    from s3mover.web.events import Events
    from s3mover.web.feed import Feed
    from s3mover.web.page import Page
    from s3mover.web.prefix_feed import PrefixFeed
    from s3mover.web.prefix_page import PrefixPage

HTML, EVENTS, JSON = "text/html", "text/event-stream", "application/json"
FORM = "application/x-www-form-urlencoded"

Face = Literal["api", "page", "public"]
"""Who gets in: with 401 or the login form for others, or everybody."""


@dataclass(frozen=True)
class Answer:
    """An answer as it is described; without a media type it has no body."""

    text: str
    media_type: str | None = None
    model: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    face: Face
    endpoint: Endpoint
    answers: Mapping[int, Answer]
    body: type[BaseModel] | Literal["form"] | None = None
    parameters: tuple[str, ...] = ()
    """Names of the parameters that the document describes, beside those of the path."""

    @property
    def summary(self) -> str:
        return str(self.endpoint.__doc__).strip().splitlines()[0]

    def route(self, access: Access) -> Route:
        endpoint = self.endpoint
        if self.face != "public":
            endpoint = access.guard(endpoint, page=self.face == "page")
        return Route(self.path, endpoint, methods=[self.method])


_PROBLEMS = {
    400: Answer("The request cannot be understood"),
    404: Answer("No such move, or its record has expired"),
    409: Answer("It is too late: the move has ended, or ends"),
    413: Answer("The body is too long"),
    415: Answer("The body is of another type"),
    422: Answer("A fault in the request, or a key that another request has"),
    503: Answer("Redis is not available", headers={"Retry-After": "Seconds to wait"}),
}


def _answers(status: int, answer: Answer, *problems: int) -> Mapping[int, Answer]:
    return {status: answer, **{each: _PROBLEMS[each] for each in problems}}


def api_operations(api: Api, events: Events) -> Iterator[Operation]:
    """Yield what programs use."""
    record = Answer("The record of the move", JSON, MoveRecord)
    where = {"Location": "Where its record is", "Retry-After": "Seconds"}
    accepted = Answer("Accepted: the move will end by itself", JSON, Accepted, where)
    moves = Answer("Moves, the youngest first", JSON, MoveList)
    yield Operation(
        "POST", "/moves", "api", api.start, _answers(202, accepted, 400, 413, 415, 422, 503),
        body=MoveRequest, parameters=("Idempotency-Key",),
    )  # fmt: skip
    yield Operation(
        "GET", "/moves", "api", api.list, _answers(200, moves, 400, 503),
        parameters=("limit", "state", "q"),
    )  # fmt: skip
    yield Operation("GET", "/moves/{id}", "api", api.show, _answers(200, record, 404, 503))
    going = {202: Answer("It ends when its parts in flight have", JSON, MoveRecord)}
    cancelled = _answers(200, record, 404, 409, 503)
    yield Operation("DELETE", "/moves/{id}", "api", api.cancel, {**cancelled, **going})
    changes = Answer("The record of the move, now and after each change", EVENTS, MoveRecord)
    ended = {204: Answer("The move had ended, and this client knows")}
    yield Operation(
        "GET", "/moves/{id}/events", "api", events.watch,
        {**_answers(200, changes, 404, 503), **ended}, parameters=("Last-Event-ID",),
    )  # fmt: skip


def prefix_operations(api: PrefixApi, events: Events) -> Iterator[Operation]:
    """Yield what programs use for moves of prefixes."""
    record = Answer("The record of the move", JSON, PrefixRecord)
    where = {"Location": "Where its record is", "Retry-After": "Seconds"}
    accepted = Answer("Accepted: the move will end by itself", JSON, Accepted, where)
    prefixes = Answer("Moves of prefixes, the youngest first", JSON, PrefixList)
    one, steered = "/prefixes/{id}", _answers(200, record, 404, 409, 503)
    yield Operation(
        "POST", "/prefixes", "api", api.start, _answers(202, accepted, 400, 413, 415, 422, 503),
        body=PrefixRequest, parameters=("Idempotency-Key",),
    )  # fmt: skip
    listed = _answers(200, prefixes, 400, 503)
    yield Operation("GET", "/prefixes", "api", api.list, listed, parameters=("limit",))
    yield Operation("GET", one, "api", api.show, _answers(200, record, 404, 503))
    going = {202: Answer("It ends when its objects in flight have", JSON, PrefixRecord)}
    yield Operation("DELETE", one, "api", api.cancel, {**steered, **going})
    retried = {**_answers(202, accepted, 404, 503), 409: Answer("The move has not ended")}
    yield Operation("POST", f"{one}/pause", "api", api.pause, steered)
    yield Operation("POST", f"{one}/resume", "api", api.resume, steered)
    yield Operation("POST", f"{one}/retry", "api", api.retry, retried)
    changes = Answer("The record of the move, now and after each change", EVENTS, PrefixRecord)
    ended = {204: Answer("The move had ended, and this client knows")}
    yield Operation(
        "GET", f"{one}/events", "api", events.watch,
        {**_answers(200, changes, 404, 503), **ended}, parameters=("Last-Event-ID",),
    )  # fmt: skip


def page_operations(page: Page, feed: Feed, door: Door | None) -> Iterator[Operation]:
    """Yield what browsers use."""
    html = Answer("The page", HTML)
    back = Answer("Back to the page", headers={"Location": "The page"})
    asked = ("limit", "state", "q")
    yield Operation("GET", "/", "page", page.show, {200: html}, parameters=asked)
    live = Answer("The list of the page, each second", EVENTS)
    yield Operation("GET", "/live", "api", feed.live, {200: live}, parameters=asked)
    yield Operation("POST", "/start", "page", page.start, {303: back}, "form", asked)
    yield Operation("POST", "/cancel", "page", page.cancel, {303: back}, "form", asked)
    if door is not None:
        yield Operation("GET", "/login", "public", door.show, {200: html})
        yield Operation("POST", "/login", "public", door.enter, {303: back}, "form")
        yield Operation("POST", "/logout", "page", door.leave, {303: back}, "form")


def prefix_page_operations(page: PrefixPage, feed: PrefixFeed) -> Iterator[Operation]:
    """Yield what browsers use for the move of a prefix."""
    html = Answer("The page", HTML)
    back = Answer("To the page of the move", headers={"Location": "The page"})
    yield Operation("GET", "/prefix", "page", page.show, {200: html}, parameters=("id",))
    live = Answer("The move of the page, each second", EVENTS)
    yield Operation("GET", "/prefix-live", "api", feed.live, {200: live}, parameters=("id",))
    yield Operation("POST", "/steer", "page", page.steer, {303: back}, "form")


def own_operations(openapi: Endpoint, figures: Endpoint) -> Iterator[Operation]:
    """Yield what tells about the application and all moves together."""
    document = Answer("This document", JSON)
    text = Answer("The figures of all moves, as Prometheus reads them", "text/plain")
    yield Operation("GET", "/metrics", "api", figures, {200: text})
    yield Operation("GET", "/openapi.json", "api", openapi, {200: document})
    yield Operation("GET", "/static/{name}", "public", static, {200: Answer("A file of the page")})
    alive = Answer("The application answers; Redis was not asked", "text/plain")
    yield Operation("GET", "/healthz", "public", health, {200: alive})


async def health(_request: Request) -> Response:
    """Tell that the application answers."""
    return PlainTextResponse("ok\n")
