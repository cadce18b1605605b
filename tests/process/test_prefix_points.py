"""
The only worker is killed at each request of S3 and each write to Redis that a prefix move makes.

One move stands at each point, before or after it, when the worker dies, so one crash tries all.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

import pytest

from bench.model import ModelS3, Timing
from s3mover.prefix_request import prefix_id_of
from tasks.prefix.children import child_id
from tests.process import prefix_points
from tests.process.prefix_points import SMALL, Cargo
from tests.process.redis_gateway import Journey, RedisGateway, WritePoint
from tests.process.redis_taking import ACKNOWLEDGE, RECORD
from tests.process.rig import Rig, until
from tests.process.s3_rule import Rule
from worker.fleet import SeaweedFS, Valkey

BUCKETS = 140
THREADS = 600
SLOW = {"visibility_timeout": 6, "sweep_grace": 7, "part_lease": 2, "concurrency": THREADS}


@dataclass(frozen=True)
class Stage:
    """A fleet with one worker, which reaches S3 and Redis through gateways."""

    rig: Rig
    model: ModelS3
    gateway: RedisGateway
    buckets: Iterator[str]

    def fill(self) -> Cargo:
        return prefix_points.fill(self.rig, self.model, next(self.buckets))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    names = [f"points-{number:03}" for number in range(BUCKETS)]
    quick = Timing(bandwidth=1e9, copy_latency=0.001, latency=0.001)
    with ModelS3(quick) as model, Valkey() as valkey, RedisGateway(valkey.port) as gateway:
        settings = {**SLOW, "broker_url": gateway.url, "buckets": ",".join([model.bucket, *names])}
        server = cast("SeaweedFS", model)  # a server like it
        # Without beat: a sweep looks into all buckets, which is no request of any move.
        with Rig(
            server, valkey=valkey, workers=1, beat=False, threads=THREADS, settings=settings
        ) as rig:
            yield Stage(rig, model, gateway, iter(names))


def wait(stage: Stage, cargo: Cargo, prefix_id: str, point: object = "") -> list[str]:
    """Wait until a move has ended and the dead are swept up after; return what is wrong."""
    deadline = time.monotonic() + 60
    while True:
        record = stage.rig.mover.prefixes.status(prefix_id)
        found = prefix_points.problems(stage.rig, cargo, record) if record.state.final else ["open"]
        if not found or time.monotonic() > deadline:
            return [f"{point} of {cargo.bucket}: {text}" for text in found]
        time.sleep(0.1)


def at(rig: Rig, bucket: str, operation: str, nth: int) -> Rule:
    """Name the nth request of one kind about a bucket."""
    seen = iter(range(1, 1_000_000))
    rule = rig.gateway.when(operation, times=1)
    return rule.where(lambda request: request.bucket == bucket and next(seen) == nth)


@dataclass(frozen=True)
class Halt:
    """A move that stands at a point, once `stands` says so."""

    cargo: Cargo
    id: str
    point: str
    stands: Callable[[float], bool]


def halt_at_requests(stage: Stage, go: threading.Event) -> list[Halt]:
    """Have moves stand before and after each request of S3."""
    cargo = stage.fill()
    assert wait(stage, cargo, prefix_points.start(stage.rig, cargo)) == []
    seen = Counter(
        each.operation for each in stage.rig.gateway.seen() if each.bucket == cargo.bucket
    )
    halts = []
    for operation, count in seen.items():
        for nth in range(1, count + 1):
            for is_after in (False, True):
                cargo = stage.fill()
                rule = at(stage.rig, cargo.bucket, operation, nth)
                rule = rule.call_after(go.wait) if is_after else rule.call(go.wait).reset()
                point = f"{'after' if is_after else 'before'} {operation} {nth}"
                move = prefix_points.start(stage.rig, cargo)
                halts.append(Halt(cargo, move, point, partial(is_hit, rule)))
    return halts


def is_hit(rule: Rule, timeout: float) -> bool:
    try:
        rule.wait_until_hit(timeout)
    except AssertionError:
        return False
    return True


@dataclass(frozen=True)
class Journeyer:
    """A move that is to stand at a point of its own journal, or of its large object's."""

    cargo: Cargo
    id: str
    journey: Journey


def journeyer(stage: Stage, point: WritePoint | None = None, *, of_child: bool) -> Journeyer:
    cargo, key = stage.fill(), uuid.uuid4().hex
    prefix_id = prefix_id_of(key)
    watched = child_id(prefix_id, 1, SMALL) if of_child else prefix_id
    journey = stage.gateway.watch(watched, point)
    prefix_points.start(stage.rig, cargo, idempotency_key=key)
    return Journeyer(cargo, prefix_id, journey)


def points_of(stage: Stage, *, of_child: bool) -> list[WritePoint]:
    """Return the points before and after each write of a move that nothing stops."""
    for _ in range(2):  # at the first, Redis may not know all scripts: those are sent twice
        move = journeyer(stage, of_child=of_child)
        assert wait(stage, move.cargo, move.id) == []
    until(lambda: count(move, RECORD) == count(move, ACKNOWLEDGE))
    counts: Counter[str] = Counter()
    points = []
    for name in move.journey.writes:
        counts[name] += 1
        points += [WritePoint(name, counts[name], is_after) for is_after in (False, True)]
    return points


def count(move: Journeyer, what: str) -> int:
    return sum(what in name for name in move.journey.writes)


def halt_at_writes(stage: Stage) -> list[Halt]:
    """Have moves stand before and after each write of theirs, and of the end of a large object."""
    own, child = (points_of(stage, of_child=of_child) for of_child in (False, True))
    ends = [point for point in child if "finish" in point.name]
    assert ends
    moves = [journeyer(stage, point, of_child=False) for point in own]
    moves += [journeyer(stage, point, of_child=True) for point in ends]
    return [
        Halt(move.cargo, move.id, str(move.journey.point), move.journey.stands.wait)
        for move in moves
    ]


@contextmanager
def swept(stage: Stage) -> Iterator[None]:
    """Sweep every now and then, as beat does."""
    over = threading.Event()

    def sweep() -> None:
        while not over.wait(2):
            stage.rig.mover.sweep()

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.timeout(300)
def test_a_prefix_recovers_from_a_crash_at_any_of_its_requests_and_writes(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    go = threading.Event()
    halts = [*halt_at_writes(stage), *halt_at_requests(stage, go)]
    deadline = time.monotonic() + 60
    missed = [halt.point for halt in halts if not halt.stands(max(0, deadline - time.monotonic()))]
    worker, *_ = stage.rig.fleet.workers

    worker.kill()
    stage.gateway.release()
    go.set()
    worker.start()

    with swept(stage):
        failures = [text for halt in halts for text in wait(stage, halt.cargo, halt.id, halt.point)]
    assert failures == []
    assert missed == []
    record_property("points of prefixes swept", len(halts))
