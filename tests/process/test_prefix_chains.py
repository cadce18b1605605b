"""Pages of a wide prefix are listed side by side; moves that overlap are refused."""

import pytest

from s3mover import PrefixState
from tests.process import prefix_goods
from tests.process.prefix_goods import Goods
from tests.process.rig import Rig, until

FOLDERS = 4


def put(rig: Rig) -> Goods:
    """Write more than a page of objects, in folders and beside them."""
    goods = Goods(rig.bucket)
    for number in range(1040):
        folder = f"folder {number % FOLDERS}/" if number > 3 else ""
        goods.bodies[f"{folder}{number:05}"] = str(number).encode()
    prefix_goods.write(rig, goods, goods.bodies)
    return goods


def test_workers_that_die_while_pages_are_listed_side_by_side_change_no_count(rig: Rig) -> None:
    goods, ids = put(rig), list[str]()

    def is_split() -> bool:
        numbered = ids and rig.redis.hget(f"s3mover:prefix:{ids[0]}", "numbered")
        return numbered == str(1 + FOLDERS)

    def kill() -> None:
        for worker in rig.fleet.workers:
            worker.kill()

    rule = rig.gateway.when("ListObjectsV2", times=1).only_if(is_split).call(kill).reset()
    ids.append(prefix_goods.move(rig, goods))
    rule.wait_until_hit()
    until(lambda: not any(worker.running for worker in rig.fleet.workers))
    rig.revive()
    record = prefix_goods.wait(rig, ids[0])

    assert record.state is PrefixState.DONE
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)


@pytest.mark.parametrize("way", ["out of the same", "out of its destination"])
def test_a_move_that_overlaps_with_an_active_one_is_refused_by_its_name(rig: Rig, way: str) -> None:
    goods = prefix_goods.put(rig, 3)
    slow = rig.gateway.when("CopyObject", times=1).where(lambda r: goods.top in r.key).delay(2)
    first = prefix_goods.move(rig, goods)
    slow.wait_until_hit()

    source = goods.source if way == "out of the same" else goods.destination
    other = f"s3://{goods.bucket}/{goods.top}/other/"
    refused = prefix_goods.wait(rig, rig.mover.move_prefix(source, other))
    record = prefix_goods.wait(rig, first)

    assert refused.state is PrefixState.FAILED
    assert refused.error is not None
    assert refused.error.code == "LocationBusy"
    assert f"active move {first}" in refused.error.message
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)
    again = prefix_goods.wait(rig, rig.mover.move_prefix(goods.destination, other))
    assert (again.state, again.moved) == (PrefixState.DONE, 3)
