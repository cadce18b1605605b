"""The move of one prefix as its page follows it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sse_starlette import ServerSentEvent

from s3mover.errors import BrokerUnavailable, UnknownMove
from s3mover.prefix_rate import PrefixPace, look
from s3mover.web.events import stream
from s3mover.web.prefix_view import prefix_view
from s3mover.web.shared import Shared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from s3mover import Mover
    from s3mover.web.view import View


@dataclass(frozen=True)
class PrefixLook:
    """What is known at one look, and what the next look needs to tell rates."""

    view: View
    pace: PrefixPace


class PrefixFeed:
    """Follows moves of prefixes; whoever looks at the same one shares one read a tick."""

    def __init__(self, mover: Mover, tick: float) -> None:
        self._mover = mover
        self._shared: Shared[str, PrefixLook] = Shared(self._read, tick)

    async def look(self, prefix_id: str) -> View:
        """Return the move as it is now."""
        return (await self._shared.look(prefix_id, fresh=True)).view

    async def live(self, request: Request) -> Response:
        """Stream the move of a prefix to its page."""
        prefix_id = request.query_params.get("id", "")
        return stream(request, lambda ticks: self._views(prefix_id, ticks), self._shared.tick)

    async def _views(
        self, prefix_id: str, ticks: AsyncIterator[None]
    ) -> AsyncIterator[ServerSentEvent]:
        last: View | None = None
        async for _ in ticks:
            try:
                view = (await self._shared.look(prefix_id)).view
            except (BrokerUnavailable, UnknownMove) as error:
                yield ServerSentEvent(str(error).replace("\n", " "), event="away")
            else:
                # An empty one too: it says that the connection is there.
                yield ServerSentEvent(json.dumps({"prefixes": [view]} if view != last else {}))
                last = view

    def _read(self, prefix_id: str, before: PrefixLook | None) -> PrefixLook:
        record = self._mover.prefixes.status(prefix_id)
        pace = look(record, time.monotonic(), before.pace if before else None)
        return PrefixLook(prefix_view(record, pace), pace)
