"""Counting the active moves anew, for metrics that are right after any mishap."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from s3mover.scripts import Script

if TYPE_CHECKING:
    from redis import Redis

_RECOUNT = Script("tasks", "recount")


def recount(redis: Redis, limit: int = 1000) -> str:
    """Mend the counts of the active moves: `ok`, `mended`, or `many` if there are too many."""
    return cast("str", _RECOUNT(redis, limit))
