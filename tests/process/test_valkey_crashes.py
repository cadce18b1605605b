"""Valkey is killed (SIGKILL) and comes back with its data: no worker ends, each move does."""

from functools import partial

from s3mover import BrokerUnavailable
from tests.process.rig import Goods, Rig, until


def copies(rig: Rig, all_goods: list[Goods]) -> int:
    return sum(len(rig.copies(goods)) for goods in all_goods)


def wait_for_one_more_copy(rig: Rig, all_goods: list[Goods]) -> None:
    before = copies(rig, all_goods)
    until(lambda: copies(rig, all_goods) > before)


def crash_valkey(rig: Rig) -> None:
    rig.fleet.valkey.kill()
    rig.fleet.valkey.start()


def is_over(rig: Rig, move_id: str) -> bool:
    try:
        return rig.mover.status(move_id).state.final
    except BrokerUnavailable:
        return False


def test_workers_and_moves_outlive_five_crashes_of_valkey_under_load(rig: Rig) -> None:
    processes = [*rig.fleet.workers, rig.fleet.beat]
    pids = [process.pid for process in processes if process]
    all_goods = [rig.put(parts=8) for _ in range(4)]
    for goods in all_goods:
        rig.gateway.when("UploadPartCopy", key=goods.destination).delay(0.5)
    moves = [rig.move(goods, multipartcopymaxconcurrency=1) for goods in all_goods]

    for _ in range(5):
        wait_for_one_more_copy(rig, all_goods)
        crash_valkey(rig)

    for goods, move_id in zip(all_goods, moves, strict=True):
        until(partial(is_over, rig, move_id), 60)
        # Valkey's last second is lost: that an upload was created, too. The janitor finds its mark.
        until(partial(lambda goods: not rig.uploads(goods), goods))
        rig.assert_moved(goods, rig.wait(move_id))
    assert [process.pid for process in processes if process and process.running] == pids
