"""The list of moves as the page follows it: views, and the throughput of the last minutes."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sse_starlette import ServerSentEvent

from s3mover import prefix_rate
from s3mover.amounts import size_text
from s3mover.errors import BrokerUnavailable
from s3mover.rate import Pace, look
from s3mover.web.events import stream
from s3mover.web.prefix_view import prefix_view
from s3mover.web.query import Query, answer, answer_prefixes, parse_query
from s3mover.web.shared import Shared
from s3mover.web.view import View, view

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from s3mover import Mover, MoveRecord, PrefixRecord
    from s3mover.prefix_rate import PrefixPace

SAMPLES = 120
"""How many looks the chart shows."""


@dataclass(frozen=True)
class Look:
    """What is known at one look: the views, and what the next look needs to tell rates."""

    views: Sequence[View]
    paces: Mapping[str, Pace]
    whole: Pace
    """Of all listed moves together, from the bytes seen to arrive since the first look."""

    latest: datetime | None
    """When the youngest of the moves was accepted."""

    samples: Sequence[int] = ()
    """Bytes a second of all listed moves, oldest first."""

    prefixes: Sequence[View] = ()
    prefix_paces: Mapping[str, PrefixPace] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """All of it, as it is sent; made once for all who look."""
        return json.dumps({"moves": self.views, "prefixes": self.prefixes, **self._chart})

    @cached_property
    def chart(self) -> str:
        """What is sent to those who know the views."""
        return json.dumps(self._chart)

    @property
    def _chart(self) -> dict[str, object]:
        rate, peak = (self.samples or (0,))[-1], max(self.samples, default=0)
        return {
            "samples": self.samples,
            "rate": f"{size_text(rate)}/s",
            "peak": f"{size_text(peak)}/s",
        }


class Feed:
    """Follows lists; whoever looks at the same list shares one read a tick."""

    def __init__(self, mover: Mover, tick: float) -> None:
        self._mover = mover
        self._shared: Shared[Query, Look] = Shared(self._read, tick)

    async def look(self, query: Query) -> Look:
        """Return the list as it is now: whoever has just started a move wants to see it."""
        return await self._shared.look(query, fresh=True)

    async def live(self, request: Request) -> Response:
        """Stream the list of the page."""
        query = parse_query(request.query_params)
        return stream(request, lambda ticks: self._looks(query, ticks), self._shared.tick)

    async def _looks(
        self, query: Query, ticks: AsyncIterator[None]
    ) -> AsyncIterator[ServerSentEvent]:
        last: tuple[Sequence[View], Sequence[View]] | None = None
        async for _ in ticks:
            try:
                look = await self._shared.look(query)
                shown = look.views, look.prefixes
                yield ServerSentEvent(look.chart if shown == last else look.text)
                last = shown
            except BrokerUnavailable as error:
                yield ServerSentEvent(str(error).replace("\n", " "), event="away")

    def _read(self, query: Query, before: Look | None) -> Look:
        records, prefixes = answer(self._mover, query), answer_prefixes(self._mover, query)
        return next_look(records, time.monotonic(), before, prefixes)


def next_look(
    records: Sequence[MoveRecord],
    now: float,
    before: Look | None,
    prefixes: Sequence[PrefixRecord] = (),
) -> Look:
    """Return what records say together with the look before."""
    known = before.paces if before else {}
    paces = {r.id: look(r, now, known.get(r.id)) for r in records}
    views = [view(r, paces[r.id]) for r in records]
    latest = max((r.created_at for r in records), default=before.latest if before else None)
    whole, samples = Pace(now, 0), ()  # type: tuple[Pace, Sequence[int]]
    if before is not None:
        arrived = sum(max(r.bytes_done - _at_before(r, before), 0) for r in records)
        arrived += sum(_came(r, before) for r in prefixes)
        whole = before.whole.then(now, before.whole.bytes_done + arrived)
        samples = [*before.samples, round(whole.bytes_per_second or 0)][-SAMPLES:]
    known_prefixes = before.prefix_paces if before else {}
    prefix_paces = {r.id: prefix_rate.look(r, now, known_prefixes.get(r.id)) for r in prefixes}
    prefix_views = [prefix_view(r, prefix_paces[r.id]) for r in prefixes]
    return Look(views, paces, whole, latest, samples, prefix_views, prefix_paces)


def _came(record: PrefixRecord, before: Look) -> int:
    """Return the bytes below a prefix since the look before; of one that is new there, none."""
    pace = before.prefix_paces.get(record.id)
    return max(record.moved_bytes + record.copied_bytes - pace.bytes.bytes_done, 0) if pace else 0


def _at_before(record: MoveRecord, before: Look) -> int:
    if record.id in before.paces:
        return before.paces[record.id].bytes_done
    # One that is only back in the list has copied its bytes long ago.
    new = before.latest is None or record.created_at > before.latest
    return 0 if new else record.bytes_done
