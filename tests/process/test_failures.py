"""A part that fails for good ends the move; all that fails for a while is tried again."""

import pytest

from s3mover import State
from tests.process.rig import Rig

# What S3 does to one request, or to a few of them, and goes on as if nothing had been.
PASSING_FAULTS = [
    ("UploadPartCopy", 503, "SlowDown"),
    ("UploadPartCopy", 500, "InternalError"),
    ("UploadPartCopy", 200, "InternalError"),
    ("CompleteMultipartUpload", 200, "InternalError"),
    ("CompleteMultipartUpload", 503, "ServiceUnavailable"),
    ("CreateMultipartUpload", 500, "InternalError"),
    ("ListParts", 503, "SlowDown"),
]


def test_a_part_that_is_denied_fails_the_move_and_leaves_all_as_it_was(rig: Rig) -> None:
    goods = rig.put(parts=8)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=3).respond(403, "AccessDenied")
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=4).delay(1)

    record = rig.wait(rig.move(goods, multipartcopymaxconcurrency=2))

    assert record.state is State.FAILED
    assert record.error is not None
    assert (record.error.code, record.error.part) == ("AccessDenied", 3)
    assert "injected by a test" in record.error.message
    copied = [r.part for r in rig.copies(goods)]
    assert 3 in copied
    assert len(copied) == len({1, 2, 3, 4} & set(copied))
    rig.assert_untouched(goods)


def test_a_whole_copy_that_is_denied_fails_the_move_and_leaves_all_as_it_was(rig: Rig) -> None:
    goods = rig.put()
    rig.gateway.when("CopyObject", key=goods.destination).respond(403, "AccessDenied")

    record = rig.wait(rig.move(goods))

    assert record.state is State.FAILED
    assert record.error is not None
    assert (record.error.code, record.error.part) == ("AccessDenied", None)
    rig.assert_untouched(goods)


def test_a_part_that_fails_more_often_than_one_request_is_tried_is_tried_again(rig: Rig) -> None:
    goods = rig.put(parts=3)
    rule = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=6)
    rule.respond(503, "SlowDown")

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert sorted(r.part or 0 for r in rig.copies(goods)) == [1] + 7 * [2] + [3]
    assert record.retries >= 1
    assert {(trouble.code, trouble.part) for trouble in record.troubles} == {("Throttled", 2)}


def test_what_a_part_and_a_step_were_up_against_is_in_the_record(rig: Rig) -> None:
    goods = rig.put(parts=3)
    for operation, part in (("UploadPartCopy", 2), ("CompleteMultipartUpload", None)):
        rule = rig.gateway.when(operation, key=goods.destination, part=part, times=4)
        rule.respond(500, "InternalError")

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert record.retries >= 2
    assert [trouble.part for trouble in record.troubles if trouble.code == "Transient"] == [None, 2]
    assert "injected by a test" in record.troubles[0].message


@pytest.mark.parametrize(("operation", "status", "code"), PASSING_FAULTS)
def test_an_error_that_passes_is_tried_again(
    rig: Rig, operation: str, status: int, code: str
) -> None:
    goods = rig.put(parts=3)
    rule = rig.gateway.when(operation, key=goods.destination, times=2)
    rule.respond(status, code)

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert rule.hits == 2


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPartCopy", "ListParts"])
def test_a_connection_that_breaks_before_the_effect_is_tried_again(
    rig: Rig, operation: str
) -> None:
    goods = rig.put(parts=3)
    rule = rig.gateway.when(operation, key=goods.destination, times=1).reset()

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert rule.hits == 1
