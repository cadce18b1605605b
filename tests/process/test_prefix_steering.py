"""A prefix move is cancelled, paused and resumed; what is not begun stays where it is."""

import pytest

from s3mover import PrefixRecord, PrefixState
from tests.process import prefix_goods
from tests.process.prefix_goods import Goods
from tests.process.rig import Rig, until


def start_slowly(rig: Rig, goods: Goods) -> str:
    """Start a move each of whose copies takes a while, and wait for the first."""
    slow = rig.gateway.when("CopyObject", times=200)
    slow.where(lambda request: goods.top in request.key).delay(0.3)
    prefix_id = prefix_goods.move(rig, goods)
    slow.wait_until_hit()
    return prefix_id


def assert_each_in_one_place(rig: Rig, goods: Goods, record: PrefixRecord) -> None:
    moved, kept = set(prefix_goods.destinations(rig, goods)), set(prefix_goods.sources(rig, goods))
    assert moved | kept == set(goods.bodies)
    assert not moved & kept
    assert record.moved == len(moved)
    assert prefix_goods.ends(rig, goods, record) == dict.fromkeys(moved, "moved")


def test_a_cancel_leaves_what_was_not_begun(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 300)
    prefix_id = start_slowly(rig, goods)

    rig.mover.prefixes.cancel(prefix_id)
    record = prefix_goods.wait(rig, prefix_id)

    assert record.state is PrefixState.CANCELLED
    assert 0 < record.moved < 300
    assert record.found == 300 == record.moved + record.left
    assert_each_in_one_place(rig, goods, record)


def test_a_cancel_ends_large_objects_too(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 3, large=2)
    slow = rig.gateway.when("UploadPartCopy", times=4).delay(1)
    slow.where(lambda request: goods.top in request.key)
    prefix_id = prefix_goods.move(rig, goods)
    slow.wait_until_hit()
    until(lambda: rig.mover.prefixes.status(prefix_id).moved == 3)

    assert rig.mover.prefixes.status(prefix_id).children_open == 2
    rig.mover.prefixes.cancel(prefix_id)
    record = prefix_goods.wait(rig, prefix_id)

    assert record.state is PrefixState.CANCELLED
    assert (record.moved, record.left) == (3, 2)
    assert_each_in_one_place(rig, goods, record)
    assert not rig.s3.list_multipart_uploads(Bucket=goods.bucket, Prefix=goods.top).get("Uploads")


def test_a_cancel_brings_what_a_dead_worker_has_copied_to_its_end(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 40)
    rule = prefix_goods.at_the_delete(rig, goods)

    def kill() -> None:
        for worker in rig.fleet.workers:
            worker.kill()

    rule.call(kill).reset()  # all are copied, none is deleted
    prefix_id = prefix_goods.move(rig, goods)
    rule.wait_until_hit()
    until(lambda: not any(worker.running for worker in rig.fleet.workers))
    rig.mover.prefixes.cancel(prefix_id)
    rig.revive()
    record = prefix_goods.wait(rig, prefix_id)

    assert record.state is PrefixState.CANCELLED
    assert (record.moved, record.left) == (40, 0)
    assert_each_in_one_place(rig, goods, record)


def test_a_paused_move_goes_on_where_it_was(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 300)
    prefix_id = start_slowly(rig, goods)

    rig.mover.prefixes.pause(prefix_id)
    until(lambda: not rig.redis.exists(f"s3mover:page:{prefix_id}:1") or not leased(rig, prefix_id))
    paused = rig.mover.prefixes.status(prefix_id)
    assert paused.state is PrefixState.PAUSED
    assert 0 < paused.moved < 300
    assert_each_in_one_place(rig, goods, paused)

    rig.mover.prefixes.resume(prefix_id)
    record = prefix_goods.wait(rig, prefix_id)

    assert record.state is PrefixState.DONE
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)


def leased(rig: Rig, prefix_id: str) -> bool:
    return bool(rig.redis.hget(f"s3mover:page:{prefix_id}:1", "token"))


@pytest.mark.parametrize("end", ["cancel", "pause"])
def test_a_move_that_no_worker_has_seen_is_steered_too(rig: Rig, end: str) -> None:
    goods = prefix_goods.put(rig, 3)
    for worker in rig.fleet.workers:
        worker.kill()
    prefix_id = prefix_goods.move(rig, goods)

    record = getattr(rig.mover.prefixes, end)(prefix_id)

    if end == "cancel":
        assert record.state is PrefixState.CANCELLED
        rig.revive()
    else:
        assert record.state is PrefixState.PAUSED
        rig.revive()
        until(lambda: rig.mover.prefixes.status(prefix_id).started_at)
        rig.mover.prefixes.resume(prefix_id)
        assert prefix_goods.wait(rig, prefix_id).moved == 3
