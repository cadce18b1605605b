"""What stores can prove and do, they differ in: the evidence of a move, and whole copies."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Literal

import pytest

from s3mover import MoveRecord, State
from tests.process.cargo import assert_built, build, put, text
from tests.process.rig import PART, Rig
from worker.fleet import SeaweedFS

SIZES = pytest.mark.parametrize("size", [100, PART + 1], ids=["whole", "in parts"])


@pytest.fixture(scope="module")
def reading(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=1, beat=False, settings={"verify": "read"}) as rig:
        yield rig


@pytest.fixture(scope="module")
def measuring(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=1, beat=False, settings={"verify": "size"}) as rig:
        yield rig


def evidence_of(record: MoveRecord) -> str:
    assert record.evidence is not None
    return f"{record.evidence.kind}: {record.evidence.detail}"


@pytest.mark.parametrize(
    ("size", "algorithm", "evidence"),
    [
        (100, "CRC32", "checksum: CRC32 "),
        (PART + 1, "CRC32", "checksum: CRC32 "),
        (100, "SHA256", "checksum: SHA256 "),
        # No store makes one SHA-256 of the parts': Amazon S3 user guide, read 2026-11.
        (PART + 1, "SHA256", f"size: size alone was compared: {PART + 1} bytes"),
    ],
)
def test_a_checksum_that_both_sides_can_have_is_compared(
    rig: Rig, size: int, algorithm: Literal["CRC32", "SHA256"], evidence: str
) -> None:
    goods = put(rig, text(size), ChecksumAlgorithm=algorithm)

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert evidence_of(record).startswith(evidence)


@pytest.mark.parametrize(
    ("chunksize", "evidence"),
    [(PART, "etag: both ETags are "), (2 * PART, "size: size alone was compared: ")],
)
def test_without_a_checksum_the_etags_of_parts_of_one_size_are_compared(
    rig: Rig, chunksize: int, evidence: str
) -> None:
    goods = build(rig, parts=4)

    record = rig.wait(rig.move(goods, multipartcopychunksize=chunksize))

    assert record.state is State.DONE
    assert evidence_of(record).startswith(evidence)
    assert_built(rig, goods, parts=4)


@SIZES
def test_both_objects_are_read_where_the_setting_says_so(reading: Rig, size: int) -> None:
    goods = put(reading, text(size))

    record = reading.wait(reading.move(goods))

    reading.assert_moved(goods, record)
    digest = sha256(goods.body).hexdigest()
    assert evidence_of(record).startswith(f"read: SHA-256 {digest} of all {size} bytes")


@SIZES
def test_a_copy_that_reads_differently_fails_the_move_and_keeps_the_source(
    reading: Rig, size: int
) -> None:
    goods = put(reading, text(size))
    reading.gateway.when("GetObject", key=goods.destination).respond(200, "OtherBytes")

    record = reading.wait(reading.move(goods))

    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "VerificationFailed"
    assert "SHA-256" in record.error.message
    assert reading.read(goods, goods.source) == goods.body


@SIZES
def test_size_alone_is_compared_where_the_setting_says_so_and_the_record_says_it(
    measuring: Rig, size: int
) -> None:
    goods = put(measuring, text(size))

    record = measuring.wait(measuring.move(goods))

    measuring.assert_moved(goods, record)
    assert evidence_of(record).startswith(f"size: size alone was compared: {size} bytes")


def test_a_store_without_part_copies_copies_the_object_whole(rig: Rig) -> None:
    goods = put(rig, text(5 * PART + 1))
    rig.gateway.when("UploadPartCopy", key=goods.destination).respond(501, "NotImplemented")

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    statuses = [r.status for r in rig.gateway.seen("CopyObject", key=goods.destination)]
    assert statuses == [200]
    assert (record.parts_total, record.bytes_done) == (0, len(goods.body))
