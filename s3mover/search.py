"""Looking for moves: by state, and by a piece of their id or their locations."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from s3mover import journal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from redis import Redis

    from s3mover.contract import MoveRecord, State

DEPTH = 10_000
"""How many of the youngest moves are looked at, so that a search takes no longer than a second."""

_AT_ONCE = 500


def search(redis: Redis, limit: int, states: Collection[State], text: str = "") -> list[MoveRecord]:
    """Return the youngest moves in one of the states, or any if none is named, with the text."""
    ids = list(islice(_found(redis, states, text.casefold()), limit))
    # A move may have gone on between the two looks.
    return [r for r in journal.read_many(redis, ids) if not states or r.state in states]


def _found(redis: Redis, states: Collection[State], text: str) -> Iterator[str]:
    for start in range(0, DEPTH, _AT_ONCE):
        ids = cast("list[str]", redis.zrevrange(journal.MOVES, start, start + _AT_ONCE - 1))
        pipe = redis.pipeline(transaction=False)
        for move_id in ids:
            pipe.hmget(journal.move_key(move_id), ["state", "source", "destination"])
        for move_id, (state, *locations) in zip(ids, pipe.execute(), strict=True):
            # Of an expired record only the id is left.
            if state is None or (states and state not in states):
                continue
            if any(text in name.casefold() for name in (move_id, *locations)):
                yield move_id
        if len(ids) < _AT_ONCE:
            return
