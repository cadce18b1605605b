"""One look at the counts in Redis: one round trip, of a size that no number of moves changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

from s3mover.contract import CONTROL_QUEUE, PARTS_QUEUE, State
from s3mover.prefix_journal import ACTIVE_PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redis import Redis

ACTIVE_STATES = tuple(state for state in State if not state.final)
QUEUES = (CONTROL_QUEUE, PARTS_QUEUE)

# kombu keeps messages of a priority in a list of their own (`priority_steps`, 5.7, 2026-11).
_PRIORITIES = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was counted; a queue that this user of Redis may not see is missing."""

    tally: Mapping[str, str]
    """The counts of `lua/tally.lua`, under its names."""

    moves: Mapping[str, int]
    ages: Mapping[str, float]
    """Seconds since the oldest move of each state was asked for."""

    queues: Mapping[str, int]
    unacked: int | None
    prefixes: int = 0
    """Moves of prefixes that have not ended."""

    def count(self, name: str) -> float:
        return float(self.tally.get(name, 0))


def take(redis: Redis) -> Snapshot:
    """Read the counts; raises RedisError."""
    pipe = redis.pipeline(transaction=False)
    pipe.time()
    pipe.hgetall("s3mover:tally")
    for state in ACTIVE_STATES:
        pipe.zcard(f"s3mover:in:{state}")
        pipe.zrange(f"s3mover:in:{state}", 0, 0, withscores=True)
    for queue in QUEUES:
        for priority in _PRIORITIES:
            pipe.llen(queue + priority)
    pipe.hlen("unacked")
    pipe.zcard(ACTIVE_PREFIXES)
    answers = iter(pipe.execute(raise_on_error=False))
    seconds, microseconds = _needed(next(answers))
    now, tally = seconds + microseconds / 1e6, _needed(next(answers))
    moves, ages = {}, {}
    for state in ACTIVE_STATES:
        moves[state.value] = _needed(next(answers))
        oldest = _needed(next(answers))
        ages[state.value] = max(0.0, now - float(oldest[0][1])) if oldest else 0.0
    queues = {queue: _sum([next(answers) for _ in _PRIORITIES]) for queue in QUEUES}
    seen = {queue: length for queue, length in queues.items() if length is not None}
    unacked = _sum([next(answers)])
    return Snapshot(tally, moves, ages, seen, unacked, _needed(next(answers)))


def _needed(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


def _sum(answers: list[Any]) -> int | None:
    """Add lengths up; None where the user has no right to them."""
    if any(isinstance(answer, ResponseError) for answer in answers):
        return None
    return sum(int(_needed(answer)) for answer in answers)
