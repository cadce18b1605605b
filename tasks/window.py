"""The sliding window of a move's part copies: at most `cap` at once, over the whole fleet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import uuid4

from driver import Upload
from s3mover.scripts import Script
from tasks import chord, throttle
from tasks.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis import Redis

PAUSE = 1.0
"""Seconds between two tellings of a move's progress."""

_CLAIM = Script("tasks", "claim", "limit")
_ADVANCE = Script("tasks", "advance", "limit")
_RELEASE = Script("tasks", "release", "limit", "troubles")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one generation of a move."""

    move_id: str
    generation: int
    number: int

    @property
    def group(self) -> str:
        return chord.group_id(self.move_id, self.generation)


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to the question whether this part may be copied now."""

    verdict: Literal["run", "done", "stopped", "stale", "poison", "busy", "full", "throttled"]
    seconds: int = 0
    """When to ask again, if `busy`, `full` or `throttled`."""

    waited: float = 0.0
    """For how long the move has only waited, if `throttled`."""

    token: str = ""
    """What gives the place back."""

    plan: Plan | None = None
    upload: Upload | None = None
    trace: str = ""
    """The span of the move, which the next part follows too."""


def claim(redis: Redis, part: Part, lease: float, attempts: int) -> Claim:
    """
    Take a place in the window for `lease` seconds, if there is one and the part is not done.

    `poison` if it was begun `attempts` times and nobody has given its place back.
    """
    token = uuid4().hex
    answer = cast("list[str]", _run(_CLAIM, redis, part, token, lease, attempts, _difference(part)))
    verdict, *rest = answer
    if verdict == "run":
        throttle.log_change(rest[2])
        plan = Plan.load(rest[0])
        upload = Upload(plan.destination, rest[1])
        return Claim("run", token=token, plan=plan, upload=upload, trace=rest[3])
    if verdict == "throttled":
        throttle.log_change(rest[2])
        return Claim("throttled", int(rest[0]), waited=float(rest[1]), plan=Plan.load(rest[3]))
    return Claim(verdict, seconds=int(rest[0]) if rest else 0)  # type: ignore[arg-type]  # Lua's word


def advance(
    redis: Redis,
    part: Part,
    token: str,
    worker: str,
    tell: Callable[[int], None] | None = None,
    *,
    message: str = "",
) -> int:
    """
    Note that a part is there, give its place back and return the part that is next, or 0.

    That part is published in the same step if `message`, the template of it, is given.
    `tell` is told how many are there: once in `PAUSE` seconds, by one worker of the fleet.
    """
    pause = PAUSE if tell else ""
    answer = _run(_ADVANCE, redis, part, token, worker, _difference(part), pause, message)
    following, change, there = answer
    throttle.log_change(change)
    if tell and there:
        tell(int(there))
    return int(following)


def release(redis: Redis, part: Part, token: str, trouble: str = "") -> None:
    """Give back the place of a part that was not copied; with a trouble if it is tried again."""
    _run(_RELEASE, redis, part, token, _difference(part), trouble)


def _run(script: Script, redis: Redis, part: Part, *args: str | float) -> Any:
    return script(redis, part.move_id, part.generation, part.number, *args)


def _difference(part: Part) -> str:
    return chord.difference_key(part.group)
