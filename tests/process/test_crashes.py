"""Workers are killed (SIGKILL) while they copy: what they held is done by those that live."""

from tests.process.rig import Rig, until


def test_the_parts_of_a_killed_worker_are_copied_by_the_other(rig: Rig) -> None:
    goods = rig.put(parts=8)
    rig.gateway.when("UploadPartCopy", key=goods.destination, times=6).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=4)
    until(lambda: len(rig.copies(goods)) >= 4)

    rig.fleet.workers[0].kill()
    record = rig.wait(move_id)

    rig.assert_moved(goods, record)
    assert not rig.fleet.workers[0].running


def test_a_move_outlives_all_workers(rig: Rig) -> None:
    large, small = rig.put(parts=8), rig.put()
    rig.gateway.when("UploadPartCopy", key=large.destination, times=6).delay(1)
    move_id = rig.move(large, multipartcopymaxconcurrency=4)
    until(lambda: len(rig.copies(large)) >= 4)

    for worker in rig.fleet.workers:
        worker.kill()
    waiting = rig.move(small)
    rig.fleet.workers[1].start()

    rig.assert_moved(large, rig.wait(move_id))
    rig.assert_moved(small, rig.wait(waiting))
    assert not rig.fleet.workers[0].running
