"""The modelled S3: each request is decided when it arrives and answered when its time is over."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from bench.model.answers import answer, failure
from bench.model.connection import Connection, Respond
from bench.model.control import control
from bench.model.copies import Copy
from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.routes import route
from bench.model.stats import Stats
from bench.model.store import Store
from bench.model.timing import Timing

HOST = "127.0.0.1"
BACKLOG = 1024
CONTROL = "-"
"""In the place of a bucket, whose name it cannot be."""

T = TypeVar("T")


class Clock(Protocol):
    """What the model needs of an event loop."""

    def time(self) -> float: ...

    def call_at(self, when: float, callback: Callable[[], None], /) -> object: ...


class Model:
    """Answers requests out of a store, at the times that a timing says."""

    def __init__(self, store: Store, timing: Timing, clock: Clock) -> None:
        self.store = store
        self.stats = Stats()
        self._timing = timing
        self._clock = clock

    def serve(self, request: Request, respond: Respond) -> None:
        """Answer through `respond`, once, even if the client is gone by then."""
        if request.bucket == CONTROL:
            respond(self._control(request))
            return
        operation, handler = route(request)
        outcome = self._attempt(lambda: handler(self.store, request), request)
        if isinstance(outcome, Copy):
            seconds = self._timing.of_copy(outcome.size)
            if outcome.upload_id:
                self.stats.part_began(outcome.upload_id)
        else:
            seconds = self._timing.latency
        self.stats.asked(operation, seconds)
        due = self._clock.time() + seconds
        self._clock.call_at(due, lambda: self._answer(outcome, request, respond, due))

    def _answer(
        self, outcome: bytes | Copy, request: Request, respond: Respond, due: float
    ) -> None:
        self.stats.late(self._clock.time() - due)
        respond(self._land(outcome, request) if isinstance(outcome, Copy) else outcome)

    def _land(self, copy: Copy, request: Request) -> bytes:
        if copy.upload_id:
            self.stats.part_ended(copy.upload_id)
        self.stats.copied(copy.size)
        return self._attempt(copy.land, request)

    def _attempt(self, call: Callable[[], T], request: Request) -> T | bytes:
        try:
            return call()
        except S3Error as error:
            self.stats.failed(error.code)
            return failure(error, request)

    def _control(self, request: Request) -> bytes:
        try:
            body = control(self.store, self.stats, request).encode()
        except S3Error as error:
            return failure(error, request)
        return answer(200, body, fields="Content-Type: application/json\r\n")


async def listen(port: int, timing: Timing, bucket: str) -> asyncio.Server:
    """Serve an empty bucket; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    model = Model(Store(), timing, loop)
    model.store.create(bucket)
    return await loop.create_server(lambda: Connection(model.serve), HOST, port, backlog=BACKLOG)
