"""The ends of a move other than the good one: nothing is left but the source."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import driver
from driver import DriverError
from s3mover import MoveError, State
from s3mover.journal import kinds_of
from tasks import chord, events, outbox, uploads
from tasks.errors import Wait
from tasks.journal import OwnedMove, dump_error
from tasks.patience import may_pass
from tasks.prefix.page import publish

if TYPE_CHECKING:
    from tasks.deployment import Deployment


log = logging.getLogger(__name__)


def stop(here: Deployment, move: OwnedMove, reason: str) -> None:
    """
    Do what a stopped move was asked to do, once none of its parts is in flight.

    `cancelled` and `failed` end it; `whole` and `again` only drop what the parts have done.
    """
    if move.parts_in_flight():
        raise Wait
    if reason == "again":
        move.change_course(reason)
    elif reason == "whole" and move.plan:
        plan = move.plan.as_whole()
        uploads.abort(here, move)
        move.change_course(reason, upload="", plan=plan.dump(), parts=0)
    else:
        _end(here, move, State(reason), move.error)


def fail(here: Deployment, move: OwnedMove, error: DriverError) -> None:
    """
    End a move as failed: no upload is left, the source is.

    One whose source is gone is done instead: the answer to its deletion was lost.
    """
    text = str(error)
    if "evidence" in move.fields:
        if _is_moved(here, move):
            finish(here, move, State.DONE, deletion="gone")
            return
        text = f"{text}; the copy is proven and stays at the destination, beside the source"
    _end(here, move, State.FAILED, MoveError(code=type(error).__name__, message=text))


def _is_moved(here: Deployment, move: OwnedMove) -> bool:
    try:
        return move.plan is not None and driver.is_gone(here.s3, move.plan.pin)
    except DriverError:  # another is there, or S3 does not say
        return False


def _end(here: Deployment, move: OwnedMove, state: State, error: MoveError | None) -> None:
    try:
        uploads.abort(here, move)
    except Exception as left:
        # A move that cannot end is carried for ever; its tries are over, or no try would help.
        if may_pass(here, move, left, patience=2):
            # The next try goes on here, with the first error, and does not copy anew.
            move.write(stop=state, **({"error": dump_error(error)} if error else {}))
            raise
        first = error or MoveError(code=type(left).__name__, message="")
        why = left.detail if isinstance(left, DriverError) else left
        text = f"{first.message} (its upload is left: {why})".strip()
        error = first.model_copy(update={"message": text})
    finish(here, move, state, **({"error": dump_error(error)} if error else {}))


def finish(here: Deployment, move: OwnedMove, state: State, **fields: str) -> None:
    """End the move, forget its chord, and have those told who asked for it."""
    move.finish(state, here.settings.record_ttl, **fields)
    size = _size(move)
    why = (move.fields | fields).get("error") or move.fields.get("evidence", "")
    names = move.fields["source"], move.fields["destination"]
    level = logging.ERROR if state is State.FAILED else logging.INFO
    log.log(level, "%s %s: %s -> %s (%s bytes) %s", move.id, state, *names, size, why)
    events.ended(here.redis, move.id)
    if "prefix" in move.fields:  # its page may have waited for nothing else
        publish(move.fields["prefix"], int(move.fields["page"]))
    if move.generation:
        chord.drop(here.redis, chord.group_id(move.id, move.generation))
    outbox.ask(move.id, kinds_of(move.fields))


def _size(move: OwnedMove) -> int | str:
    try:
        return move.plan.size if move.plan else "unknown"
    except (TypeError, ValueError):  # a damaged plan must not keep a move from its end
        return "unknown"
