"""Moves that meet each other, or themselves: nothing is lost, nothing is done twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from s3mover import IdempotencyConflict, MoveRecord, State
from tests.process.cargo import put
from tests.process.rig import OLD, PART, Goods, Rig
from tests.process.s3_rule import Rule


@contextmanager
def held(rig: Rig, goods: Goods) -> Iterator[Rule]:
    """Hold the copy of an object until the block ends."""
    release = threading.Event()
    rule = rig.gateway.when("CopyObject", key=goods.destination)
    try:
        yield rule.call(lambda: release.wait(30))
    finally:
        release.set()


def assert_failed(record: MoveRecord, code: str, text: str) -> None:
    assert (record.state, record.error and record.error.code) == (State.FAILED, code)
    assert record.error is not None
    assert text in record.error.message


def test_requests_with_one_idempotency_key_are_one_move(rig: Rig) -> None:
    goods = rig.put()
    key = uuid4().hex

    with held(rig, goods) as copying:
        ids = {rig.move(goods, idempotency_key=key) for _ in range(2)}
        copying.wait_until_hit()
        ids.add(rig.move(goods, idempotency_key=key))
    record = rig.wait(next(iter(ids)))
    ids.add(rig.move(goods, idempotency_key=key))

    assert ids == {record.id}
    assert rig.mover.status(record.id) == record
    rig.assert_moved(goods, record)
    assert len(rig.gateway.seen("CopyObject", key=goods.destination)) == 1


def test_an_idempotency_key_belongs_to_one_request(rig: Rig) -> None:
    goods, other = rig.put(), rig.put()
    key = uuid4().hex
    first = rig.move(goods, idempotency_key=key)

    with pytest.raises(IdempotencyConflict, match="idempotency key"):
        rig.move(other, idempotency_key=key)

    rig.assert_moved(goods, rig.wait(first))
    rig.assert_untouched(other)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(("a", "c"), id="one source"),
        pytest.param(("c", "b"), id="one destination"),
        pytest.param(("b", "c"), id="the destination is the other's source"),
        pytest.param(("c", "a"), id="the source is the other's destination"),
    ],
)
def test_a_move_of_what_is_being_moved_is_refused_and_nothing_is_lost(
    rig: Rig, second: tuple[str, str]
) -> None:
    name = uuid4().hex
    keys = {letter: f"{name}/{letter}" for letter in "abc"}
    a, b, c = (put(rig, key.encode(), source=key) for key in keys.values())
    goods = replace(a, destination=b.source)
    other = replace(a, source=keys[second[0]], destination=keys[second[1]])

    with held(rig, goods) as copying:
        first = rig.move(goods)
        copying.wait_until_hit()
        refused = rig.wait(rig.move(other))
    record = rig.wait(first)

    assert_failed(refused, "LocationBusy", f"move {first}")
    rig.assert_moved(goods, record)
    assert rig.read(c, c.source) == c.body


def test_of_many_moves_of_one_source_at_once_one_wins(rig: Rig) -> None:
    goods = rig.put()
    rivals = [replace(goods, destination=f"{goods.destination}-{n}") for n in range(10)]

    ids = [rig.move(rival) for rival in rivals]
    records = [rig.wait(move_id) for move_id in ids]

    pairs = zip(rivals, records, strict=True)
    winners = [(rival, record) for rival, record in pairs if record.state is State.DONE]
    ((winner, record),) = winners
    rig.assert_moved(winner, record)
    losers = [record for record in records if record.state is State.FAILED]
    assert {record.error and record.error.code for record in losers} <= {
        "LocationBusy",
        "PathNotFoundError",  # it came after the winner's end
    }
    assert len(losers) == len(rivals) - 1
    assert all(rig.read(r, r.destination) is None for r in rivals if r is not winner)


@pytest.mark.parametrize("parts", [0, 2])
def test_a_move_onto_itself_does_nothing(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)
    itself = replace(goods, destination=goods.source)

    record = rig.wait(rig.move(itself))

    assert (record.state, record.error) == (State.DONE, None)
    assert record.evidence is not None
    assert record.evidence.kind == "same"
    assert [r.operation for r in rig.gateway.seen(key=goods.source)] == ["HeadObject"]
    rig.assert_untouched(goods)


def test_a_missing_source_fails_the_move_at_once_and_clearly(rig: Rig) -> None:
    goods = rig.put()
    absent = replace(goods, source=f"{goods.source}-absent")

    record = rig.wait(rig.move(absent))

    assert_failed(record, "PathNotFoundError", f"s3://{goods.bucket}/{absent.source}")
    assert [r.operation for r in rig.gateway.seen(key=absent.source)] == ["HeadObject"]
    assert rig.read(goods, goods.destination) == OLD


@pytest.mark.parametrize("size", [100, PART + 1])  # whole, and in parts
def test_a_move_between_two_names_that_the_store_takes_for_one_object_is_refused(
    rig: Rig, size: int
) -> None:
    """SeaweedFS has one object under `a//b` and `a/b`: its only copy would be deleted."""
    key = f"{uuid4().hex}/name"
    goods = put(rig, bytes(size), source=key.replace("/", "//"), destination=key)

    record = rig.wait(rig.move(goods))

    assert_failed(record, "SameObject", "they may name one object")
    assert rig.read(goods, key) == goods.body
    assert not rig.uploads(goods)
