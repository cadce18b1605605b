"""
The only worker is killed (SIGKILL) at each request that a move makes of S3, before and after.

One move stands at each point when the worker dies, so one crash tries them all.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from s3mover.request import move_id_of
from tests.process.rig import Goods, Rig, until
from tests.process.s3_point import OF_THE_MARK, at, at_mark, mark_of, points_of
from tests.process.s3_rule import Rule
from worker.fleet import Worker


@dataclass(frozen=True)
class Halt:
    """Moves that stand still, each at another request, until `go` is set."""

    go: threading.Event
    rules: list[Rule]
    moves: list[tuple[Goods, str]]


@pytest.fixture
def worker(lasting_rig: Rig) -> Worker:
    """Return the only worker there is."""
    only, other = lasting_rig.fleet.workers
    other.kill()
    if not only.running:
        only.start()
    return only


def halt_at_all_points(rig: Rig) -> Halt:
    halt = Halt(threading.Event(), [], [])
    for parts in (3, 0):
        for point in points_of(rig, parts):
            goods = rig.put(parts)
            halt.rules.append(at(rig, goods, point).call(halt.go.wait))
            halt.moves.append((goods, rig.move(goods)))
    for operation in OF_THE_MARK:
        goods, key = rig.put(parts=3), uuid.uuid4().hex
        halt.rules.append(at_mark(rig, move_id_of(key), operation).call(halt.go.wait))
        halt.moves.append((goods, rig.move(goods, idempotency_key=key)))
    for rule in halt.rules:
        rule.wait_until_hit()
    return halt


def check_recovery(rig: Rig, halt: Halt) -> None:
    for goods, move_id in halt.moves:
        record = rig.wait(move_id)
        until(partial(lambda goods: not rig.uploads(goods), goods))
        rig.assert_moved(goods, record)


def test_a_move_recovers_from_a_crash_before_any_of_its_requests(
    lasting_rig: Rig, worker: Worker, record_property: Callable[[str, object], None]
) -> None:
    halt = halt_at_all_points(lasting_rig)
    for rule in halt.rules:
        rule.reset()

    worker.kill()
    halt.go.set()
    worker.start()

    check_recovery(lasting_rig, halt)
    record_property("S3 points swept", len(halt.moves))


def test_a_move_recovers_from_a_crash_after_any_of_its_requests(
    lasting_rig: Rig, worker: Worker, record_property: Callable[[str, object], None]
) -> None:
    halt = halt_at_all_points(lasting_rig)

    worker.pause()  # no answer reaches it
    halt.go.set()
    marks = {mark_of(lasting_rig.mover.status(move_id)) for _, move_id in halt.moves}
    keys = marks | {key for goods, _ in halt.moves for key in goods.keys}
    # A frozen client never sends the body that a PUT waits for: S3 has not heard of that one.
    until(
        lambda: all(
            request.status or request.operation == "PutObject"
            for request in lasting_rig.gateway.seen()
            if request.key in keys
        )
    )
    worker.kill()
    worker.start()

    check_recovery(lasting_rig, halt)
    record_property("S3 points swept", len(halt.moves))


def test_a_worker_that_was_frozen_at_any_of_its_requests_does_no_harm_when_it_wakes(
    lasting_rig: Rig, worker: Worker
) -> None:
    halt = halt_at_all_points(lasting_rig)

    worker.pause()
    halt.go.set()
    other = lasting_rig.fleet.workers[1]
    other.start()
    check_recovery(lasting_rig, halt)
    code = worker.terminate()  # it wakes, and ends what it had begun

    assert code == 0
    assert other.running
    check_recovery(lasting_rig, halt)
