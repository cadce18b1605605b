"""The worker's side of the journal: owning a move, writing to it, ending it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from driver import SourceChanged, Transient, Upload
from s3mover.contract import MoveError, MoveRequest
from s3mover.journal import move_key
from s3mover.scripts import Script
from tasks.errors import Busy, Ended, LocationBusy, StopAsked, Superseded, Wait
from tasks.leases import MOVE
from tasks.plan import Plan
from tasks.troubles import dump_trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redis import Redis

    from driver import Location, Source
    from s3mover import State
    from tasks.deployment import Deployment

_OWN = Script("tasks", "own")
_LOCK = Script("tasks", "lock")
_WRITE = Script("tasks", "write")
_LAUNCH = Script("tasks", "launch")
_FINISH = Script("tasks", "finish")
_DISOWN = Script("tasks", "disown", "troubles")
_REFUSE = Script("tasks", "refuse")

_LOST, _STOP = -1, -2


class UnknownToJournal(Superseded):
    """The journal has no record of the move."""


@dataclass
class OwnedMove:
    """A move that this task alone may carry on; every write is refused once that has changed."""

    redis: Redis
    id: str
    token: str
    fields: dict[str, str]
    """The record, with what was written since the move became ours."""

    over: bool = False
    """Whether the move has ended, or was let go: it is no longer ours."""

    @property
    def request(self) -> MoveRequest:
        return MoveRequest.model_validate_json(self.fields["request"])

    @property
    def plan(self) -> Plan | None:
        return Plan.load(self.fields["plan"]) if "plan" in self.fields else None

    @property
    def generation(self) -> int:
        return int(self.fields["generation"])

    @property
    def launches(self) -> int:
        """How often the move was carried on without progress, this time included."""
        return int(self.fields["launches"])

    @property
    def throttled_for(self) -> float:
        """Seconds in which the move has only waited for a store that throttles."""
        return float(self.fields.get("throttled_for", 0))

    @property
    def error(self) -> MoveError | None:
        """Why a part has failed the move."""
        text = self.fields.get("error")
        return MoveError.model_validate_json(text) if text else None

    @property
    def deadline(self) -> float | None:
        """Return until when the copy has to be complete, in seconds since 1970."""
        seconds = self.request.deadline
        return None if seconds is None else float(self.fields["created"]) + seconds

    @property
    def upload(self) -> Upload | None:
        """The upload that is to be completed or aborted."""
        if self.plan is None or "upload" not in self.fields or "copied" in self.fields:
            return None
        return Upload(self.plan.destination, self.fields["upload"])

    def refuse_other(self, source: Source) -> None:
        """Raise SourceChanged when it is not the object that was listed below a prefix."""
        if "listed" not in self.fields:
            return
        listed = json.loads(self.fields["listed"])
        if (source.etag, source.size) != (listed["etag"], listed["size"]) or (
            listed["version_id"] not in {None, source.version_id}
        ):
            text = f"its ETag is {source.etag}, listed was {listed['etag']}"
            raise SourceChanged(text, operation="move", source=str(source.location))

    def stop_asked(self) -> str | None:
        """Return how the move was asked to end or to change its course, as of now."""
        return cast("str | None", self.redis.hget(move_key(self.id), "stop"))

    def parts_in_flight(self) -> int:
        """Count the parts that some worker is copying now."""
        seconds, _ = self.redis.time()
        return int(self.redis.zcount(f"s3mover:leases:{self.id}", seconds, "+inf"))

    def lock(self, source: Location, destination: Location) -> None:
        """Keep other moves off both locations; raises LocationBusy or Superseded."""
        holder = _LOCK(self.redis, self.id, self.token, str(source), str(destination))
        if holder == "lost":
            raise Superseded
        if holder:
            msg = f"{source} or {destination} is part of move {holder}: wait for its end"
            raise LocationBusy(msg, source=str(source), target=str(destination))

    def write(self, **fields: str | int) -> None:
        """Write fields ('' removes one); raises Superseded."""
        self._write("any", fields)

    def commit(self, **fields: str | int) -> None:
        """Write from where there is no way back; raises StopAsked if a stop came first."""
        self._write("", fields | {"committed": 1})

    def change_course(self, reason: str, **fields: str | int) -> None:
        """Write, with the stop done that was asked for; raises StopAsked if it is another now."""
        self._write(reason, fields | {"stop": ""})

    def _write(self, guard: str, fields: Mapping[str, str | int]) -> None:
        flat = [value for pair in fields.items() for value in pair]
        answer = _WRITE(self.redis, self.id, self.token, guard, *flat)
        if answer == "stop":
            raise StopAsked
        if answer == "lost":
            raise Superseded
        self.fields.update({name: str(value) for name, value in fields.items() if value != ""})
        for removed in (name for name, value in fields.items() if value == ""):
            self.fields.pop(removed, None)

    def launch(self, bitmap: bytes, there: int, todo: int, first: list[int]) -> int:
        """Start a generation of part copies, let the move go and return the generation."""
        generation = int(
            _LAUNCH(self.redis, self.id, self.token, bitmap, there, todo, len(first), first[-1])
        )
        if generation == _STOP:
            raise StopAsked
        if generation == _LOST:
            raise Superseded
        self.over = True
        return generation

    def finish(self, state: State, ttl: int, **fields: str) -> None:
        """End the move; raises Superseded."""
        flat = [value for pair in fields.items() for value in pair]
        if _FINISH(self.redis, self.id, self.token, state.value, ttl, *flat) == "lost":
            raise Superseded
        self.over = True


@contextmanager
def owning(deployment: Deployment, move_id: str, generation: str) -> Iterator[OwnedMove]:
    """
    Own a move for the block; raises Busy or Superseded.

    `generation` is the one it must be in, or '' for a move that has launched no parts.
    """
    token = uuid4().hex
    redis = deployment.redis
    seconds = deployment.settings.part_lease
    verdict, *flat = cast("list[str]", _OWN(redis, move_id, token, seconds, generation))
    if verdict == "busy":
        raise Busy
    if verdict == "unknown":
        raise UnknownToJournal
    if verdict == "final":
        raise Ended
    if verdict != "own":
        raise Superseded
    move = OwnedMove(redis, move_id, token, dict(zip(flat[::2], flat[1::2], strict=True)))
    counts, trouble = 1, ""
    try:
        with deployment.keeper.keeping(move_id, MOVE, token):
            yield move
    except Wait:  # of any kind
        counts = 0
        raise
    except Transient as error:
        trouble = dump_trouble(error)
        raise
    finally:
        if not move.over:
            _DISOWN(redis, move_id, token, counts, trouble)


def refuse(
    redis: Redis, move_id: str, error: MoveError, ttl: int, request: MoveRequest | None = None
) -> bool:
    """
    Record a message as a failed move, so that its sender can see it.

    False when there is a record already: it stays as it is.
    Of a valid `request`, which another one is in the way of, the callbacks are owed.
    """
    text = request.model_dump_json(exclude_none=True) if request else ""
    kinds = " ".join(request.callbacks) if request else ""
    return bool(_REFUSE(redis, move_id, dump_error(error), ttl, text, kinds) == "refused")


def dump_error(error: MoveError) -> str:
    return json.dumps(error.model_dump(exclude_none=True))
