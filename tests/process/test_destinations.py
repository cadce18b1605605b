"""What may be at the destination: anything, nothing, or one object; S3 itself sees to it."""

import pytest

from s3mover import MoveRecord, State
from tests.process.rig import OLD, Goods, Rig

FOREIGN = b"what somebody else has put there"
ENDING = {0: "CopyObject", 3: "CompleteMultipartUpload"}


def put_foreign(rig: Rig, goods: Goods) -> None:
    rig.s3.put_object(Bucket=goods.bucket, Key=goods.destination, Body=FOREIGN)


def assert_refused(rig: Rig, goods: Goods, record: MoveRecord, left: bytes | None) -> None:
    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "DestinationChanged"
    rig.assert_untouched(goods, old=left)


@pytest.mark.parametrize("parts", [0, 3])
def test_never_leaves_an_object_that_is_there_before_a_byte_is_copied(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)

    record = rig.wait(rig.move(goods, overwrite="never"))

    assert_refused(rig, goods, record, OLD)
    assert not set(rig.effects(goods)) & {"CopyObject", "CreateMultipartUpload"}


@pytest.mark.parametrize("parts", [0, 3])
def test_never_takes_a_free_destination(rig: Rig, parts: int) -> None:
    goods = rig.put(parts, old=None)

    rig.assert_moved(goods, rig.wait(rig.move(goods, overwrite="never")))


@pytest.mark.parametrize("parts", [0, 3])
def test_never_leaves_an_object_that_came_while_it_was_copied(rig: Rig, parts: int) -> None:
    goods = rig.put(parts, old=None)
    ending = rig.gateway.when(ENDING[parts], key=goods.destination, times=1)
    ending.call(lambda: put_foreign(rig, goods))

    record = rig.wait(rig.move(goods, overwrite="never"))

    assert_refused(rig, goods, record, FOREIGN)


@pytest.mark.parametrize("parts", [0, 3])
def test_never_does_not_take_its_own_copy_for_anothers_when_the_answer_is_lost(
    rig: Rig, parts: int
) -> None:
    goods = rig.put(parts, old=None)
    rig.gateway.when(ENDING[parts], key=goods.destination, times=1).drop_reply()

    rig.assert_moved(goods, rig.wait(rig.move(goods, overwrite="never")))


@pytest.mark.parametrize("parts", [0, 3])
def test_only_the_object_of_the_etag_is_replaced(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)
    etag = rig.s3.head_object(Bucket=goods.bucket, Key=goods.destination)["ETag"]

    record = rig.wait(rig.move(goods, overwrite="if-match", destination_etag=etag))

    rig.assert_moved(goods, record)


@pytest.mark.parametrize("parts", [0, 3])
def test_an_object_of_another_etag_is_left_alone(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)
    etag = rig.s3.head_object(Bucket=goods.bucket, Key=goods.destination)["ETag"]
    ending = rig.gateway.when(ENDING[parts], key=goods.destination, times=1)
    ending.call(lambda: put_foreign(rig, goods))

    record = rig.wait(rig.move(goods, overwrite="if-match", destination_etag=etag))

    assert_refused(rig, goods, record, FOREIGN)


def test_two_moves_that_never_overwrite_do_not_both_get_a_destination(rig: Rig) -> None:
    one, other = rig.put(old=None), rig.put(old=None)
    target = f"s3://{one.bucket}/{one.destination}"

    ids = [
        rig.mover.move(f"s3://{each.bucket}/{each.source}", target, overwrite="never")
        for each in (one, other)
    ]
    states = sorted(rig.wait(move_id).state for move_id in ids)

    assert states == [State.DONE, State.FAILED]
    assert rig.read(one, one.destination) in {one.body, other.body}
    kept = [each for each in (one, other) if rig.read(each, each.source) is not None]
    assert len(kept) == 1
    assert rig.read(one, one.destination) != kept[0].body


@pytest.mark.parametrize("parts", [0, 3])
def test_a_move_that_is_not_complete_at_its_deadline_fails_and_leaves_all_as_it_was(
    rig: Rig, parts: int
) -> None:
    goods = rig.put(parts)
    rig.gateway.when("HeadObject", key=goods.source, times=1).delay(0 if parts else 1.2)
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1.2)

    record = rig.wait(rig.move(goods, deadline=1, multipartcopymaxconcurrency=1))

    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "DeadlineExceeded"
    rig.assert_untouched(goods)
