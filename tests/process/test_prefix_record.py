"""What is known of the move of a prefix while it goes on, and what it leaves to read."""

import pytest

from s3mover.prefix_journal import prefix_key
from tests.process import prefix_goods
from tests.process.rig import Rig, until


def test_copies_of_a_page_that_goes_on_are_seen_and_counted_once_in_the_end(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 6)
    slow = rig.gateway.when("CopyObject", times=1).delay(4)
    slow.where(lambda request: goods.top in request.key)
    prefix_id = prefix_goods.move(rig, goods)
    status = rig.mover.prefixes.status

    until(lambda: status(prefix_id).copied == 5)
    going = status(prefix_id)
    record = prefix_goods.wait(rig, prefix_id)

    assert (going.planned, going.moved, going.copied_bytes) == (6, 0, 160)
    assert going.rate
    assert going.eta
    assert (record.planned, record.copied, record.copied_bytes) == (0, 0, 0)
    assert record.rate == pytest.approx(
        6 / (record.finished_at - record.started_at).total_seconds()  # type: ignore[operator]
    )
    assert not [name for name in rig.redis.hkeys(prefix_key(prefix_id)) if "copied:" in name]
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)
