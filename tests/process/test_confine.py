"""What a message can name outside its place: refused before S3 is asked, on both ends."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from s3mover import State
from tests.process.cargo import put
from tests.process.rig import Goods, Rig
from worker.fleet import SeaweedFS

ROOT = "registry/r\u00f6\u00f6t"
LOOK_ALIKE = "registry/ro\u0308o\u0308t"
PRIVATE = "private"  # a bucket of the same store that no move may touch

OUTSIDE = [
    f"s3://s3mover/{ROOT}/../../../{PRIVATE}/x",
    f"s3://s3mover/../{PRIVATE}/x",
    "s3://s3mover/elsewhere/x",
    f"s3://s3mover//{ROOT}/x",
    f"s3://s3mover/{LOOK_ALIKE}/x",
    f"s3://s3mover/{ROOT}/./x",
    f"s3://s3mover/{ROOT}/~s3mover/tails/x",
    f"s3://s3mover/{ROOT}//~s3mover/x",
    "/../x",
    "/~s3mover/tails/x",
]
LITERAL = ["%2e%2e/%2e%2e/x", "..%2f..%2fx", "\uff5es3mover/x", "e\u0301/\u00e9", "..."]


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    settings = {"s3_rootdirectory": f"/{ROOT}", "buckets": seaweedfs.bucket, "confine": "true"}
    with Rig(seaweedfs, workers=1, threads=4, beat=False, settings=settings) as rig:
        rig.s3.create_bucket(Bucket=PRIVATE)
        rig.s3.put_object(Bucket=PRIVATE, Key="x", Body=b"private")
        yield rig


def goods_of(rig: Rig, key: str) -> Goods:
    name = f"{ROOT}/{uuid4().hex}"
    return put(rig, b"goods", source=f"{name}/{key}", destination=f"{name}/to/{key}")


@pytest.mark.parametrize("end", ["source", "destination"])
@pytest.mark.parametrize("outside", OUTSIDE)
def test_neither_end_of_a_move_leaves_its_place(rig: Rig, outside: str, end: str) -> None:
    goods = goods_of(rig, "x")
    inside = f"s3://{goods.bucket}/{goods.source}"
    before = len(rig.gateway.seen())
    ends = (outside, inside) if end == "source" else (inside, outside)
    try:
        record = rig.wait(rig.mover.move(*ends))
    except ValueError:  # the client has refused it: no driver path
        assert outside == "/~s3mover/tails/x"
        record = None

    if record is not None:
        assert (record.state, record.error and record.error.code) == (State.FAILED, "KeyNotAllowed")
    assert len(rig.gateway.seen()) == before
    assert rig.read(goods, goods.source) == b"goods"
    assert rig.s3.get_object(Bucket=PRIVATE, Key="x")["Body"].read() == b"private"


@pytest.mark.parametrize("key", LITERAL)
def test_what_only_looks_like_leaving_is_a_key_like_any_other(rig: Rig, key: str) -> None:
    goods = goods_of(rig, key)

    rig.assert_moved(goods, rig.wait(rig.move(goods)))
