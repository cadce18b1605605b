"""An object of any size arrives whole, with all that belongs to it."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from s3mover import MoveRecord
from tests.process.cargo import put
from tests.process.rig import Goods, Rig
from worker.fleet import SeaweedFS

MIB = 1 << 20
THREADS = 4  # so few that one worker alone cannot hold all parts of a large object
WORKERS = 2

ATTRIBUTES: dict[str, Any] = {
    "ContentType": "text/x-report; charset=utf-8",
    "CacheControl": "max-age=3600, private",
    "ContentDisposition": 'attachment; filename="a b.txt"',
    "ContentEncoding": "br",
    "ContentLanguage": "de-CH",
    "Expires": datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC),
    "Metadata": {"owner": "team a+b", "x-y": "1"},
}
TAGS = [{"Key": "colour", "Value": "deep blue"}, {"Key": "k&y", "Value": "a=b/c"}]


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    settings = {"s3_multipartcopythresholdsize": 6 * MIB}
    with Rig(seaweedfs, workers=WORKERS, threads=THREADS, settings=settings) as rig:
        yield rig


def put_random(rig: Rig, size: int) -> Goods:
    tagging = "colour=deep%20blue&k%26y=a%3Db%2Fc"
    return put(rig, os.urandom(size), Tagging=tagging, **ATTRIBUTES)


def assert_all_kept(rig: Rig, goods: Goods) -> None:
    found = dict(rig.s3.head_object(Bucket=goods.bucket, Key=goods.destination))
    tags = rig.s3.get_object_tagging(Bucket=goods.bucket, Key=goods.destination)["TagSet"]

    assert {name: found.get(name) for name in ATTRIBUTES} == ATTRIBUTES
    assert sorted(tags, key=lambda tag: tag["Key"]) == TAGS


def assert_each_part_copied_once(rig: Rig, goods: Goods, record: MoveRecord, parts: int) -> None:
    copied = [request.part or 0 for request in rig.copies(goods)]
    assert sorted(copied) == list(range(1, parts + 1))
    assert sum(record.workers.values()) == record.parts_done == record.parts_total == parts


@pytest.mark.parametrize(("size", "parts"), [(100 * MIB, 20), (64 * MIB + 1, 13)])
def test_a_large_object_is_carried_by_both_workers(rig: Rig, size: int, parts: int) -> None:
    goods = put_random(rig, size)
    slots = THREADS * WORKERS
    all_slots_copy = threading.Barrier(slots, timeout=30)
    rig.gateway.when("UploadPartCopy", key=goods.destination, times=slots).call(all_slots_copy.wait)

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert_each_part_copied_once(rig, goods, record, parts)
    assert len(record.workers) == WORKERS
    assert record.evidence is not None
    assert record.evidence.kind == "checksum"
    assert_all_kept(rig, goods)


@pytest.mark.parametrize(
    ("size", "threshold", "parts"),
    [
        pytest.param(6 * MIB + 1, None, 2, id="one byte above the threshold"),
        pytest.param(10 * MIB, None, 2, id="parts of one size"),
        pytest.param(10 * MIB + 1, None, 3, id="a last part of one byte"),
        pytest.param(5 * MIB + 1, 0, 2, id="one byte above what S3 copies in parts"),
    ],
)
def test_an_object_above_the_threshold_is_copied_in_parts(
    rig: Rig, size: int, threshold: int | None, parts: int
) -> None:
    goods = put_random(rig, size)

    record = rig.wait(rig.move(goods, multipartcopythresholdsize=threshold))

    rig.assert_moved(goods, record)
    assert_each_part_copied_once(rig, goods, record, parts)
    assert_all_kept(rig, goods)


@pytest.mark.parametrize(
    ("size", "threshold"),
    [
        pytest.param(0, None, id="nothing"),
        pytest.param(1, None, id="one byte"),
        pytest.param(6 * MIB, None, id="exactly the threshold"),
        pytest.param(5 * MIB, 0, id="too small for S3 to copy in parts"),
    ],
)
def test_a_small_object_is_copied_in_the_one_task(
    rig: Rig, size: int, threshold: int | None
) -> None:
    goods = put_random(rig, size)

    record = rig.wait(rig.move(goods, multipartcopythresholdsize=threshold))

    rig.assert_moved(goods, record)
    operations = [request.operation for request in rig.gateway.seen(key=goods.destination)]
    assert operations == ["CopyObject", "HeadObject"]
    assert (record.parts_total, record.generation, record.bytes_done) == (0, 0, size)
    assert_all_kept(rig, goods)
