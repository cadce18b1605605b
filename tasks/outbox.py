"""
The callbacks that are owed: written by the script that ends a move, until they were made.

A worker may die at any instruction, so that each is made at least once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from s3mover.contract import NOTIFY_TASK, MoveRequest
from s3mover.prefix_contract import PrefixRequest
from s3mover.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis import Redis

    from tasks.deployment import Deployment

log = logging.getLogger(__name__)

_TAKE = Script("tasks", "take")
_TOLD = Script("tasks", "told")
_OWED = Script("tasks", "owed")

_LIMIT = 1000


def take(
    redis: Redis, move_id: str, kind: str, seconds: float
) -> tuple[int, MoveRequest | PrefixRequest | None]:
    """
    Take it on to make a callback within these seconds; nobody else does.

    Returns how often it was begun, and the request; (0, None) if it is not to be made now.
    """
    tries, *rest = cast("tuple[int, str, str]", _TAKE(redis, move_id, kind, seconds))
    if not rest:
        return tries, None
    text, what = rest
    model = PrefixRequest if what == "prefix" else MoveRequest
    return tries, model.model_validate_json(text)


def told(redis: Redis, move_id: str, kind: str, word: str, pause: float | None = None) -> None:
    """Write down what became of a callback, to be tried again after a pause, or never."""
    _TOLD(redis, move_id, kind, word, "" if pause is None else pause)


def ask(move_id: str, kinds: Iterable[str]) -> None:
    """Ask a worker to make the callbacks of a move that has ended; what fails the sweep asks."""
    for kind in kinds:
        try:
            current_app.send_task(NOTIFY_TASK, args=(move_id, kind), ignore_result=True)
        except (OperationalError, RedisError) as error:
            log.warning("%s %s: not asked for, the sweep will: %s", move_id, kind, error)


def remind(here: Deployment) -> None:
    """Ask for the callbacks that are still owed: of a worker that died, or after a pause."""
    for entry in cast("list[str]", _OWED(here.redis, here.settings.sweep_grace, _LIMIT)):
        kind, _, move_id = entry.partition(" ")
        ask(move_id, [kind])
