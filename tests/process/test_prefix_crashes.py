"""Workers die, messages come twice and S3 fails: each object is in one place, counted once."""

import itertools
import time
from collections.abc import Callable

import pytest

from s3mover import PrefixState
from tests.process import prefix_goods
from tests.process.doubler import Doubler
from tests.process.prefix_goods import Goods
from tests.process.rig import Rig, until
from tests.process.s3_request import S3Request


def of(goods: Goods) -> Callable[[S3Request], bool]:
    return lambda request: (
        request.bucket == goods.bucket and (goods.top in request.key or not request.key)
    )


def kill_all(rig: Rig) -> None:
    time.sleep(0.5)  # the body of the request is on its way
    for worker in rig.fleet.workers:
        worker.kill()


@pytest.mark.parametrize("operation", ["CopyObject", "DeleteObjects", "PutObject", "ListObjectsV2"])
def test_a_prefix_outlives_all_workers(rig: Rig, operation: str) -> None:
    goods = prefix_goods.put(rig, 60, large=1)
    number = itertools.count()
    rule = rig.gateway.when(operation, times=1)
    if operation == "DeleteObjects":
        rule = prefix_goods.at_the_delete(rig, goods)
    rule.where(lambda request: of(goods)(request) or "/reports/" in request.key)
    if operation == "CopyObject":
        rule.only_if(lambda: next(number) > 20)
    rule.call(lambda: kill_all(rig))

    prefix_id = prefix_goods.move(rig, goods)
    rule.wait_until_hit()
    until(lambda: not any(worker.running for worker in rig.fleet.workers))
    rig.revive()
    record = prefix_goods.wait(rig, prefix_id)

    assert record.state is PrefixState.DONE
    assert record.found == 61
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)


def test_doubled_messages_faults_and_lost_replies_change_no_count(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 300, large=2)
    copies = itertools.count()
    mine = of(goods)

    def every(n: int) -> Callable[[S3Request], bool]:
        return lambda request: mine(request) and next(copies) % n == 0

    rig.gateway.when("CopyObject", times=20).where(every(9)).drop_reply()
    rig.gateway.when("CopyObject", times=20).where(every(7)).respond(503, "SlowDown")
    rig.gateway.when("CopyObject", times=20).where(every(5)).respond(500, "InternalError")
    for _ in range(2):
        prefix_goods.at_the_delete(rig, goods).drop_reply()

    with Doubler(rig.redis):
        record = prefix_goods.wait(rig, prefix_goods.move(rig, goods))

    assert record.state is PrefixState.DONE
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)


def test_a_lost_message_is_made_good_by_the_sweep(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 5)
    for worker in rig.fleet.workers:
        worker.kill()
    prefix_id = prefix_goods.move(rig, goods)
    rig.redis.delete("control")
    rig.revive()

    record = prefix_goods.wait(rig, prefix_id)

    prefix_goods.assert_moved(rig, goods, record, goods.bodies)
