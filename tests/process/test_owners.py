"""The owners of both buckets go with every request of a move, and a wrong one ends it."""

from collections.abc import Iterator

import pytest

from s3mover import State
from tests.process.rig import Rig
from worker.fleet import SeaweedFS

ACCOUNT = "012345678901"
EXPECTED = "x-amz-expected-bucket-owner"
SOURCE = "x-amz-source-expected-bucket-owner"
COPIES = {"CopyObject", "UploadPartCopy"}


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    settings = {"bucket_owners": f"{seaweedfs.bucket}={ACCOUNT}"}
    with Rig(seaweedfs, workers=1, threads=4, beat=False, settings=settings) as rig:
        yield rig


@pytest.mark.parametrize("parts", [0, 2])
def test_every_request_of_a_move_names_the_owner(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)

    rig.assert_moved(goods, rig.wait(rig.move(goods)))

    seen = [request for key in goods.keys for request in rig.gateway.seen(key=key)]
    assert {request.headers.get(EXPECTED) for request in seen} == {ACCOUNT}
    owners = {request.operation: request.headers.get(SOURCE) for request in seen}
    assert {name for name, owner in owners.items() if owner == ACCOUNT} == COPIES & owners.keys()
    assert COPIES & owners.keys()


@pytest.mark.parametrize(
    ("operation", "parts"), [("HeadObject", 0), ("CopyObject", 0), ("UploadPartCopy", 2)]
)
def test_a_bucket_of_another_account_ends_the_move_with_the_setting_to_look_at(
    rig: Rig, operation: str, parts: int
) -> None:
    goods = rig.put(parts)
    rig.gateway.when(operation).respond(403, "AccessDenied")
    try:
        record = rig.wait(rig.move(goods))
    finally:
        rig.gateway.clear()

    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "AccessDenied"
    assert "S3MOVER_BUCKET_OWNERS" in record.error.message
    rig.assert_untouched(goods)
