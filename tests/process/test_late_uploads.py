"""A request to create an upload that outlives its worker and the sweeper's grace."""

from tests.process.rig import QUICK, Rig, until

GRACE = float(str(QUICK["sweep_grace"]))


def test_an_upload_that_a_dead_worker_creates_after_the_grace_is_aborted(rig: Rig) -> None:
    goods = rig.put(parts=3)
    late = rig.gateway.when("CreateMultipartUpload", key=goods.destination, times=1)
    late.delay(GRACE + 6)
    move_id = rig.move(goods)
    late.wait_until_hit()
    for worker in rig.fleet.workers:
        worker.kill()
    rig.revive()

    record = rig.wait(move_id)
    creates = rig.gateway.seen("CreateMultipartUpload", key=goods.destination)
    assert len(creates) == 2  # else this test proves nothing
    until(lambda: all(r.end for r in rig.gateway.seen(key=goods.destination)))
    until(lambda: not rig.uploads(goods), GRACE + 10)

    rig.assert_moved(goods, record)
