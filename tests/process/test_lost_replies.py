"""S3 does what it was asked, and its answer is lost: nothing is done twice, left or forgotten."""

from dataclasses import replace
from functools import partial

import pytest

from s3mover import State
from tests.process.rig import Goods, Rig, until

SDK_TRIES = 4  # of one request; then the task is tried again

IN_PARTS = ["UploadPartCopy", "CompleteMultipartUpload", "DeleteObject"]
WHOLE = ["CopyObject", "DeleteObject"]


def lose_replies(rig: Rig, goods: Goods, operation: str, times: int | None) -> None:
    key = goods.source if operation == "DeleteObject" else goods.destination
    part = 2 if operation == "UploadPartCopy" else None
    rig.gateway.when(operation, key=key, part=part, times=times).drop_reply()


def wait_until_one_upload_is_left(rig: Rig, goods: Goods) -> None:
    until(lambda: len(rig.uploads(goods)) == 1)


@pytest.mark.parametrize("times", [1, SDK_TRIES])
def test_a_move_survives_the_loss_of_replies(rig: Rig, times: int) -> None:
    moves = []
    for parts, operations in ((3, IN_PARTS), (0, WHOLE)):
        for operation in operations:
            goods = rig.put(parts)
            lose_replies(rig, goods, operation, times)
            moves.append((goods, rig.move(goods)))

    records = [rig.wait(move_id) for _, move_id in moves]

    for (goods, _), record in zip(moves, records, strict=True):
        rig.assert_moved(goods, record)


@pytest.mark.parametrize("parts", [3, 0])
def test_a_move_of_whose_deletion_no_answer_ever_comes_is_done(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)
    lose_replies(rig, goods, "DeleteObject", times=None)

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert record.deletion == "gone"


@pytest.mark.parametrize("times", [1, SDK_TRIES])
def test_an_abort_survives_the_loss_of_replies(rig: Rig, times: int) -> None:
    goods = rig.put(parts=3)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=2).respond(403, "AccessDenied")
    lose_replies(rig, goods, "AbortMultipartUpload", times)

    record = rig.wait(rig.move(goods))

    assert record.state is State.FAILED
    rig.assert_untouched(goods)


def test_uploads_whose_ids_were_lost_are_aborted_and_those_in_use_are_spared(rig: Rig) -> None:
    first = rig.put(parts=3)
    second = replace(rig.put(parts=3), destination=first.destination)
    third = rig.put(parts=3)
    lose_replies(rig, first, "CreateMultipartUpload", SDK_TRIES)
    lose_replies(rig, third, "CreateMultipartUpload", 1)

    before = rig.wait(rig.move(first))
    assert before.state is State.DONE
    assert len(rig.uploads(first)) == SDK_TRIES  # else this test proves nothing
    for goods in (second, third):
        slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=1)
        slow.call(partial(wait_until_one_upload_is_left, rig, goods))
    moves = [rig.move(goods) for goods in (second, third)]
    records = [rig.wait(move_id) for move_id in moves]

    for goods, record in zip((second, third), records, strict=True):
        rig.assert_moved(goods, record)
    assert [record.generation for record in records] == [1, 1]
