"""
The only worker is killed (SIGKILL) at each write that a move makes to Redis, before and after.

Those are the journal's scripts and fields, the chord's counters, and messages that are sent,
taken and acknowledged. One move stands at each point when the worker dies, so one crash tries
them all.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

import pytest

from s3mover import MoveRecord, State
from s3mover.callbacks import on_end_id
from s3mover.journal import LOCKS
from s3mover.request import move_id_of
from tests.process.cargo import put, text
from tests.process.redis_gateway import Journey, RedisGateway, WritePoint
from tests.process.redis_taking import ACKNOWLEDGE, RECORD
from tests.process.rig import PART, Goods, Rig, until
from worker.fleet import SeaweedFS, Valkey

# A message that comes again to a move that stands takes one more thread; that is once in twelve
# seconds, and a slow machine needs a minute until all stand.
THREADS = 2000
SLOW = {"visibility_timeout": 12, "sweep_grace": 14}
LASTING = {"move"}  # the record itself
COPIES = {"CopyObject", "CompleteMultipartUpload"}
LOOKS = {"HeadObject", "GetObject", "GetObjectAttributes"}


@dataclass(frozen=True)
class Stage:
    """A fleet with one worker, which reaches Redis through a gateway."""

    rig: Rig
    gateway: RedisGateway


@dataclass(frozen=True)
class Script:
    """A way that a move may go: its parts, and what happens to it on its second part's copy."""

    name: str
    parts: int
    end: State
    cap: int = 2
    happening: Callable[[Rig, Goods, str], None] = lambda *_: None
    queue: str = ""
    """Where its end is to be told."""


@dataclass(frozen=True)
class Journeyer:
    """A move that goes by a script, and the point it is to stand at."""

    script: Script
    goods: Goods
    move_id: str
    journey: Journey


def cancel(rig: Rig, goods: Goods, move_id: str) -> None:
    rule = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2)
    rule.call(lambda: rig.mover.cancel(move_id))


def deny(rig: Rig, goods: Goods, _: str) -> None:
    rule = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2)
    rule.respond(403, "AccessDenied")


SMALL = Script("small", 0, State.DONE)
LARGE = Script("3 parts", 3, State.DONE, cap=1)
CANCELLED = Script("3 parts, cancelled", 3, State.CANCELLED, cap=1, happening=cancel)
TOLD = Script("small, told", 0, State.DONE, queue="films")
DENIED = Script("3 parts, one denied", 3, State.FAILED, cap=1, happening=deny)


@pytest.fixture(scope="module")
def stage(seaweedfs: SeaweedFS) -> Iterator[Stage]:
    with Valkey() as valkey, RedisGateway(valkey.port) as gateway:
        settings = {**SLOW, "broker_url": gateway.url, "callback_queues": "films"}
        with Rig(seaweedfs, valkey=valkey, workers=1, threads=THREADS, settings=settings) as rig:
            yield Stage(rig, gateway)


def start(stage: Stage, script: Script, point: WritePoint | None = None) -> Journeyer:
    size = (script.parts - 1) * PART + 1 if script.parts else 100
    goods = put(stage.rig, text(size))
    key = uuid.uuid4().hex
    move_id = move_id_of(key)
    journey = stage.gateway.watch(move_id, point)
    script.happening(stage.rig, goods, move_id)
    stage.rig.move(
        goods,
        idempotency_key=key,
        multipartcopymaxconcurrency=script.cap,
        on_end={"task": "films.on_moved", "queue": script.queue} if script.queue else None,
    )
    return Journeyer(script, goods, move_id, journey)


def points_of(stage: Stage, script: Script) -> list[WritePoint]:
    """Return the points before and after each write of a move that nothing stops."""
    for _ in range(2):  # at the first, Redis may not know all scripts: those are sent twice
        move = start(stage, script)
        check_end(stage.rig, move, stage.rig.wait(move.move_id))
    until(lambda: count(move.journey, RECORD) == count(move.journey, ACKNOWLEDGE))
    counts: Counter[str] = Counter()
    points = []
    for name in move.journey.writes:
        counts[name] += 1
        points += [WritePoint(name, counts[name], is_after) for is_after in (False, True)]
    return points


def count(journey: Journey, what: str) -> int:
    return sum(what in name for name in journey.writes)


def check_end(rig: Rig, move: Journeyer, record: MoveRecord) -> None:
    assert record.state is move.script.end, record
    if record.state is State.DONE:
        rig.assert_moved(move.goods, record)
        assert_deleted_after_proof(rig, move.goods)
    else:
        rig.assert_untouched(move.goods, old=None)
        assert rig.gateway.seen("DeleteObject", key=move.goods.source) == []
    if move.script.queue:
        until(partial(is_told, rig, move))
    assert kinds_of_keys(rig, move.move_id) <= LASTING
    assert not set(move.goods.keys) & locked_keys(rig)


def is_told(rig: Rig, move: Journeyer) -> bool:
    """Tell whether the end of a move was told, and is owed no more."""
    told = any(
        on_end_id(move.move_id) in text for text in rig.redis.lrange(move.script.queue, 0, -1)
    )
    return told and rig.mover.status(move.move_id).callbacks == {"on_end": "sent"}


def assert_deleted_after_proof(rig: Rig, goods: Goods) -> None:
    """Check that the destination was whole, and was looked at, before the first delete."""
    delete, *_ = rig.gateway.seen("DeleteObject", key=goods.source)
    of_destination = rig.gateway.seen(key=goods.destination)
    before = [
        (r.operation, r.start, r.end)
        for r in of_destination
        if r.status == 200 and r.end is not None and r.end < delete.start
    ]
    copied = [end for operation, _, end in before if operation in COPIES]
    looked = [start for operation, start, _ in before if operation in LOOKS]
    assert copied
    assert looked
    assert min(copied) < max(looked)


def kinds_of_keys(rig: Rig, move_id: str) -> set[str]:
    """Return which keys the journal still has for a move."""
    return {key.split(":")[1] for key in rig.redis.scan_iter(f"s3mover:*:{move_id}", count=1000)}


def locked_keys(rig: Rig) -> set[str]:
    locks = cast("list[str]", rig.redis.hkeys(LOCKS))
    return {lock.removeprefix(f"s3://{rig.bucket}/") for lock in locks}


def sweep(stage: Stage, *scripts: Script) -> dict[str, int]:
    """Kill the worker while a move stands at each point of each script; count the points."""
    points = [(script, point) for script in scripts for point in points_of(stage, script)]
    moves = [start(stage, script, point) for script, point in points]
    deadline = time.monotonic() + 60
    for move in moves:
        move.journey.stands.wait(max(0, deadline - time.monotonic()))
    missed = [f"{m.script.name}, {m.journey.point}" for m in moves if not m.journey.stands.is_set()]
    worker, *_ = stage.rig.fleet.workers

    worker.kill()
    stage.gateway.release()
    worker.start()

    failures = [text for move in moves for text in problems(stage.rig, move)]
    assert failures == []
    assert missed == []
    return dict(Counter(move.script.name for move in moves))  # xdist takes no Counter


def problems(rig: Rig, move: Journeyer) -> Iterator[str]:
    """Yield what is wrong with the end of a move, so that all points are told at once."""
    try:
        record = rig.wait(move.move_id, timeout=30)
        check_end(rig, move, record)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told with the others
        yield f"{move.script.name}, {move.journey.point}, {move.move_id}: {repr(error)[:600]}"


@pytest.mark.timeout(300)
def test_a_move_recovers_from_a_crash_before_or_after_any_of_its_writes(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    record_property("journal points swept", sweep(stage, SMALL, LARGE))


@pytest.mark.timeout(300)
def test_a_move_that_is_cancelled_or_fails_ends_so_in_spite_of_a_crash_at_any_of_its_writes(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    record_property("journal points swept", sweep(stage, CANCELLED, DENIED))


def test_the_end_of_a_move_is_told_in_spite_of_a_crash_at_any_of_its_writes(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    record_property("journal points swept", sweep(stage, TOLD))
