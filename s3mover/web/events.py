"""The record of a move as server-sent events: now, after each change, and not after its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from s3mover.errors import BrokerUnavailable, UnknownMove
from s3mover.web.shared import Shared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from s3mover import MoveRecord, PrefixRecord

HEARTBEAT = 15
"""Seconds between comments that keep proxies from closing a quiet stream."""

SEND_TIMEOUT = 30
"""Seconds that a client may leave what was sent to it unread."""


class Seen(NamedTuple):
    """A record as it is sent: made once for all who watch."""

    id: str
    final: bool
    text: str


class Events:
    """Follows moves, of objects or of prefixes; all watchers of one share one read a tick."""

    def __init__(self, status: Callable[[str], MoveRecord | PrefixRecord], tick: float) -> None:
        self._status = status
        self._shared: Shared[str, Seen] = Shared(self._read, tick)

    async def watch(self, request: Request) -> Response:
        """Stream the record of a move; the stream ends when the move does."""
        move_id = request.path_params["id"]
        seen = await self._shared.look(move_id)
        if seen.final and request.headers.get("last-event-id") == seen.id:
            # What makes a browser's EventSource stop: it comes back after each end of a stream.
            return Response(status_code=204)
        return stream(request, lambda ticks: self._changes(move_id, ticks), self._shared.tick)

    async def _changes(
        self, move_id: str, ticks: AsyncIterator[None]
    ) -> AsyncIterator[ServerSentEvent]:
        last: Seen | None = None
        async for _ in ticks:
            try:
                seen = await self._shared.look(move_id)
            except BrokerUnavailable:
                pass  # it comes back, and the heartbeats go on
            except UnknownMove:
                return
            else:
                if seen != last:
                    yield ServerSentEvent(seen.text, id=seen.id)
                last = seen
                if seen.final:
                    return

    def _read(self, move_id: str, _before: Seen | None) -> Seen:
        record = self._status(move_id)
        # ASCII: many clients end a line at what is none for others, such as U+2028.
        text = record.model_dump_json(ensure_ascii=True)
        return Seen(record.updated_at.isoformat(), record.state.final, text)


def stream(
    request: Request,
    events: Callable[[AsyncIterator[None]], AsyncIterator[ServerSentEvent]],
    tick: float,
) -> EventSourceResponse:
    """Return an answer that sends events, made from ticks, until session or server end, or they."""
    leaving = anyio.Event()
    return EventSourceResponse(
        events(_ticks(tick, leaving, request.state.lasts)),
        ping=HEARTBEAT,
        send_timeout=SEND_TIMEOUT,
        shutdown_event=leaving,
        shutdown_grace_period=1,
    )


async def _ticks(
    tick: float, leaving: anyio.Event, lasts: Callable[[], bool]
) -> AsyncIterator[None]:
    while not leaving.is_set() and lasts():
        yield
        with anyio.move_on_after(tick):
            await leaving.wait()
