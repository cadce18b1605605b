"""A move takes no more than its share of the fleet, and shares the fleet with others."""

import threading
from collections.abc import Iterator

import pytest

from s3mover import State
from tests.process.cargo import assert_built, build, put
from tests.process.doubler import Doubler
from tests.process.rig import Goods, Rig, until
from worker.fleet import SeaweedFS

CAP = 8
PARTS = 3 * CAP


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    settings = {"s3_multipartcopymaxconcurrency": CAP}
    with Rig(seaweedfs, workers=2, threads=32, settings=settings) as rig:
        yield rig


def hold_until_in_flight(rig: Rig, goods: Goods, count: int) -> None:
    """Have that many part copies wait for each other, and make the others slow."""
    together = threading.Barrier(count, timeout=30)
    rig.gateway.when("UploadPartCopy", key=goods.destination, times=count).call(together.wait)
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(0.1)


def assert_copied_once(rig: Rig, goods: Goods, parts: int) -> None:
    copied = [request.part or 0 for request in rig.copies(goods)]
    assert sorted(copied) == list(range(1, parts + 1))


@pytest.mark.parametrize(("asked", "cap"), [(None, CAP), (3, 3), (12, 12)])
def test_no_more_parts_are_in_flight_than_the_setting_or_the_request_allows(
    rig: Rig, asked: int | None, cap: int
) -> None:
    goods = build(rig, PARTS)
    hold_until_in_flight(rig, goods, cap)

    record = rig.wait(rig.move(goods, multipartcopymaxconcurrency=asked))

    assert record.state is State.DONE
    assert rig.gateway.peak("UploadPartCopy", key=goods.destination) == cap
    assert_copied_once(rig, goods, PARTS)
    assert_built(rig, goods, PARTS)


def test_the_cap_holds_and_all_is_done_once_when_each_message_comes_twice(rig: Rig) -> None:
    goods = build(rig, PARTS)
    hold_until_in_flight(rig, goods, CAP)

    with Doubler(rig.redis) as doubler:
        record = rig.wait(rig.move(goods))

    assert record.state is State.DONE
    assert len(doubler.doubled) > PARTS
    assert rig.gateway.peak("UploadPartCopy", key=goods.destination) == CAP
    assert_copied_once(rig, goods, PARTS)
    assert len(rig.gateway.seen("CompleteMultipartUpload", key=goods.destination)) == 1
    assert len(rig.gateway.seen("DeleteObject", key=goods.source)) == 1
    assert_built(rig, goods, PARTS)
    assert rig.uploads(goods) == []


def test_a_small_move_is_done_while_one_of_a_thousand_parts_goes_on_and_arrives(rig: Rig) -> None:
    parts = 1001
    huge, small = build(rig, parts), put(rig, b"small")
    rig.gateway.when("UploadPartCopy", key=huge.destination).delay(0.3)
    move_id = rig.move(huge, multipartcopymaxconcurrency=100)
    until(lambda: rig.mover.status(move_id).parts_done > 100)

    record = rig.wait(rig.move(small))
    meanwhile = rig.mover.status(move_id)

    rig.assert_moved(small, record)
    assert meanwhile.state is State.COPYING
    assert meanwhile.parts_done < parts / 2

    record = rig.wait(move_id, timeout=90)

    assert (record.state, record.parts_total, record.parts_done) == (State.DONE, parts, parts)
    assert record.evidence is not None
    assert record.evidence.kind == "etag"  # what was built in S3 has no checksum
    assert_copied_once(rig, huge, parts)
    assert_built(rig, huge, parts, every=50)
    assert rig.read(huge, huge.source) is None
    assert rig.uploads(huge) == []
    rig.s3.delete_object(Bucket=huge.bucket, Key=huge.destination)
