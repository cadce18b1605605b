"""A move that no worker can carry ends as failed, and takes no worker with it."""

import threading

from s3mover import MoveRecord, State
from s3mover.journal import ACTIVE, move_key
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS

ATTEMPTS = 5  # the setting's default


def sweep_to_its_end(rig: Rig, move_id: str) -> MoveRecord:
    """Sweep the move again and again, as if each time the grace were over."""

    def has_ended() -> bool:
        rig.redis.zadd(ACTIVE, {move_id: 0}, xx=True)
        rig.mover.sweep()
        return rig.mover.status(move_id).state.final

    until(has_ended)
    return rig.mover.status(move_id)


def test_a_move_whose_plan_is_damaged_ends_failed_after_a_bounded_number_of_attempts(
    rig: Rig,
) -> None:
    pids = [worker.pid for worker in rig.fleet.workers]
    goods, sound = rig.put(parts=3), rig.put(parts=3)
    damaged = threading.Event()
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2).call(damaged.wait)
    move_id = rig.move(goods)
    slow.wait_until_hit()

    rig.redis.hset(move_key(move_id), "plan", "{}")
    damaged.set()
    record = sweep_to_its_end(rig, move_id)

    assert record.state is State.FAILED
    assert record.error is not None
    assert f"given up after {ATTEMPTS} attempts" in record.error.message
    assert "its upload is left" in record.error.message  # where it is, the plan does not say
    assert int(rig.redis.hget(move_key(move_id), "launches") or 0) == ATTEMPTS + 1
    assert rig.read(goods, goods.source) == goods.body
    rig.assert_moved(sound, rig.wait(rig.move(sound)))
    assert [worker.pid for worker in rig.fleet.workers if worker.running] == pids


def test_a_part_that_kills_each_worker_that_copies_it_ends_its_move_as_failed(
    seaweedfs: SeaweedFS,
) -> None:
    with Rig(seaweedfs, settings={"attempts": 1}, workers=1, threads=8) as rig:
        goods = rig.put(parts=3)
        killer = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2)
        killer.call(rig.fleet.workers[0].kill).reset()
        move_id = rig.move(goods, multipartcopymaxconcurrency=1)  # none dies with it

        def has_ended() -> bool:
            rig.revive()
            return rig.mover.status(move_id).state.final

        until(has_ended, timeout=90)
        record = rig.mover.status(move_id)

        assert (record.state, record.error and record.error.code) == (State.FAILED, "PoisonedPart")
        assert record.error is not None
        assert record.error.part == 2
        rig.assert_untouched(goods)
