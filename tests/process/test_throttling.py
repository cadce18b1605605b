"""A store that throttles slows the fleet down, for that bucket alone, and fails no move."""

import threading
import time
from collections.abc import Iterator

import pytest

from s3mover import State
from tests.process.cargo import assert_built, build
from tests.process.rig import VERSIONED, Rig, until
from tests.process.s3_gateway import peak_in_flight
from tests.process.s3_request import S3Request
from worker.fleet import SeaweedFS

CAP = 16
TAKES = 4
BUSY = 10.0  # seconds for which the store takes no more than that
PARTS = 300


@pytest.fixture(scope="module")
def fleet(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=2, threads=24) as rig:
        yield rig


@pytest.fixture
def rig(fleet: Rig) -> Rig:
    """Lend the fleet as if no store had ever throttled."""
    for key in fleet.redis.keys("s3mover:throttle:*"):
        fleet.redis.delete(key)
    return fleet


def logs(rig: Rig) -> str:
    return "".join(worker.log for worker in rig.fleet.workers)


def begun(requests: list[S3Request], start: float, end: float) -> list[S3Request]:
    return [request for request in requests if start <= request.start < end]


def test_a_store_that_takes_few_copies_at_once_is_asked_for_few_until_it_takes_more(
    rig: Rig,
) -> None:
    goods = build(rig, PARTS)
    busy = threading.Event()
    busy.set()
    too_many = rig.gateway.when("UploadPartCopy", key=goods.destination)
    too_many.only_if(
        lambda: (
            busy.is_set() and rig.gateway.in_flight("UploadPartCopy", key=goods.destination) > TAKES
        )
    )
    too_many.respond(503, "SlowDown")
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(0.4)
    move_id = rig.move(goods, multipartcopymaxconcurrency=CAP)
    too_many.wait_until_hit()

    start = time.monotonic()
    time.sleep(BUSY)
    busy.clear()
    end = time.monotonic()
    record = rig.wait(move_id, timeout=120)

    copies = rig.copies(goods)
    assert record.state is State.DONE
    assert record.generation == 1
    assert peak_in_flight(begun(copies, start + BUSY / 2, end)) <= TAKES + 1
    assert peak_in_flight(begun(copies, end, time.monotonic())) >= 2 * TAKES
    asked = len(begun(copies, start + BUSY / 2, end))
    refused = sum(r.status == 503 for r in begun(copies, start + BUSY / 2, end))
    assert refused < asked / 4
    assert f"s3://{goods.bucket} throttles: at most" in logs(rig)
    assert_built(rig, goods, PARTS, every=20)
    rig.s3.delete_object(Bucket=goods.bucket, Key=goods.destination)


def test_a_small_move_that_is_throttled_twenty_times_is_done(rig: Rig) -> None:
    goods = rig.put()
    rule = rig.gateway.when("CopyObject", key=goods.destination, times=20)
    rule.respond(503, "SlowDown")

    record = rig.wait(rig.move(goods), timeout=120)

    rig.assert_moved(goods, record)
    assert rule.hits == 20


def test_a_part_that_is_throttled_twenty_times_fails_no_move(rig: Rig) -> None:
    goods = rig.put(parts=3)
    rule = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=20)
    rule.respond(429, "TooManyRequests")

    record = rig.wait(rig.move(goods), timeout=120)

    rig.assert_moved(goods, record)
    assert rule.hits == 20
    assert record.generation == 1


@pytest.mark.parametrize("parts", [0, 3])
def test_a_bucket_that_throttles_slows_no_move_into_another(rig: Rig, parts: int) -> None:
    slow, quick = rig.put(parts, bucket=VERSIONED), rig.put(parts)
    always = rig.gateway.when("UploadPartCopy" if parts else "CopyObject", key=slow.destination)
    always.respond(503, "SlowDown", headers={"Retry-After": "30"})
    stuck = rig.move(slow)
    always.wait_until_hit()
    until(lambda: rig.redis.exists(f"s3mover:throttle:{VERSIONED}"))

    record = rig.wait(rig.move(quick), timeout=20)

    rig.assert_moved(quick, record)
    assert not rig.redis.exists(f"s3mover:throttle:{quick.bucket}")
    assert rig.mover.status(stuck).state is State.COPYING
    rig.mover.cancel(stuck)
    assert rig.wait(stuck).state is State.CANCELLED
    rig.assert_untouched(slow)


def test_a_copy_is_not_asked_for_again_before_the_retry_after(rig: Rig) -> None:
    goods = rig.put()
    rule = rig.gateway.when("CopyObject", key=goods.destination, times=1)
    rule.respond(503, "ServiceUnavailable", headers={"Retry-After": "6"})

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    first, second = rig.gateway.seen("CopyObject", key=goods.destination)
    assert second.start - first.start >= 5.9
