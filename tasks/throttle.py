"""
A store that throttles slows the whole fleet down, and fails no move.

A limit of the copies in flight into one bucket, shared through Redis, comes with the first
throttle and goes when there was none for a while; `lua/limit.lua` decides, here it is obeyed.
"""

from __future__ import annotations

import logging
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from driver import Throttled
from s3mover.locations import parse_uri
from s3mover.scripts import Script
from tasks import chord
from tasks.backoff import backoff
from tasks.errors import NoPlace, Paused, Superseded
from tasks.leases import MOVE
from tasks.troubles import dump_trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove
    from tasks.window import Part

log = logging.getLogger(__name__)

LONGEST = 6 * 3600.0
"""
Seconds after which a move that was only throttled fails: longer than any burst of a store, and
short enough for somebody to look on the same day.
"""

_ENTER = Script("tasks", "enter", "limit")
_LEAVE = Script("tasks", "leave", "limit")
_THROTTLED = Script("tasks", "throttled", "limit", "troubles")


@contextmanager
def place(here: Deployment, move: OwnedMove) -> Iterator[None]:
    """Have a place for the copy of a whole object; raises NoPlace, in the end Throttled."""
    lease = here.settings.part_lease
    verdict, waited, change = cast("list[str]", _ENTER(here.redis, move.id, move.token, lease))
    log_change(change)
    if verdict == "lost":
        raise Superseded
    if verdict != "run":
        move.fields["throttled_for"] = waited
        if float(waited) >= LONGEST:
            raise given_up(move.fields["destination"])
        raise NoPlace(float(verdict))
    is_good = 0
    try:
        yield
        is_good = 1
    finally:
        log_change(_LEAVE(here.redis, move.id, move.token, is_good))


def note_part(here: Deployment, part: Part, token: str, error: Throttled) -> tuple[float, float]:
    """Give a throttled part's place back; return its pause and for how long its move waits."""
    return _note(here, error, part.move_id, part.generation, part.number, token)


def note_move(here: Deployment, move: OwnedMove, error: Throttled) -> float:
    """Lower the limit for a throttled request of the move itself; return the pause."""
    pause, waited = _note(here, error, move.id, move.generation, MOVE, move.token)
    move.fields["throttled_for"] = str(waited)
    return pause


def obey(here: Deployment, move: OwnedMove) -> None:
    """Keep a move that was throttled from asking again before the store's Retry-After."""
    if "throttled_by" not in move.fields:
        return
    destination = parse_uri(move.fields.get("destination_lock", ""))
    until = destination and here.redis.hget(f"s3mover:throttle:{destination[0]}", "until")
    seconds, microseconds = here.redis.time()
    rest = float(cast("str | None", until) or 0) - seconds - microseconds / 1e6
    if rest > 0:
        raise Paused(min(rest, here.settings.visibility_timeout / 4))


def _note(
    here: Deployment, error: Throttled, move_id: str, *holder: int | str
) -> tuple[float, float]:
    generation, number, _ = holder
    after, ceiling = error.retry_after or 0, here.settings.visibility_timeout / 4
    difference = chord.difference_key(chord.group_id(move_id, generation))
    trouble = dump_trouble(error, int(number))
    answer = _THROTTLED(here.redis, move_id, *holder, after, min(ceiling, 30), difference, trouble)
    strikes, waited, change = cast("list[str]", answer)
    log_change(change)
    pause = error.retry_after or backoff(here.settings, int(strikes))
    return min(pause, ceiling), float(waited)


def countdown(settings: Settings, seconds: float, tries: int) -> float:
    """
    Return when to ask again for a place: later and later, with jitter.

    But not later than asked for where a place is kept, which takes a second.
    """
    growth = 1.5 ** min(tries, 10) if seconds > 1 else 1.0
    longest = min(seconds * growth, settings.visibility_timeout / 4)
    return random.uniform(longest / 2, longest)  # noqa: S311  # jitter, not a secret


def given_up(target: str) -> Throttled:
    text = f"the store has throttled every request for {LONGEST / 3600:g} hours"
    return Throttled(text, target=target)


def log_change(change: str) -> None:
    """Log what a script has changed: `bucket limit`, 0 = there is none any more."""
    bucket, _, limit = change.partition(" ")
    if limit == "0":
        log.info("s3://%s throttles no longer: copies in flight are not limited", bucket)
    elif limit:
        log.info("s3://%s throttles: at most %s copies in flight", bucket, limit)
