"""A bucket with object lock: what is held stays where it is, and all else is moved."""

from s3mover import PrefixState
from tests.process import prefix_goods
from tests.process.rig import Rig
from worker.fleet import SeaweedFS

LOCKABLE = "s3mover-lockable"


def test_what_is_held_fails_and_all_else_is_moved(seaweedfs: SeaweedFS) -> None:
    buckets = f"{seaweedfs.bucket},{LOCKABLE}"
    with Rig(seaweedfs, workers=1, beat=False, settings={"buckets": buckets}) as rig:
        move_what_is_not_held(rig)


def move_what_is_not_held(rig: Rig) -> None:
    rig.s3.create_bucket(Bucket=LOCKABLE, ObjectLockEnabledForBucket=True)
    goods = prefix_goods.put(rig, 10, bucket=LOCKABLE)
    held = "00003.txt"
    key = f"{goods.top}/from/{held}"
    rig.s3.put_object_legal_hold(Bucket=LOCKABLE, Key=key, LegalHold={"Status": "ON"})

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods))

    assert (record.state, record.moved, record.failed) == (PrefixState.FAILED, 9, 1)
    assert [(each.code, each.example) for each in record.troubles] == [("Locked", held)]
    assert set(prefix_goods.sources(rig, goods)) == {held}
    assert held not in prefix_goods.destinations(rig, goods)
    assert len(prefix_goods.ends(rig, goods, record)) == 10
