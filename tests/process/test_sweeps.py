"""Sweeps carry on what has gone quiet, once, and leave alone what lives."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from s3mover import MoveRequest, State, journal
from s3mover.journal import ACTIVE
from tests.process.rig import Goods, Rig
from worker.fleet import Beat
from worker.fleet.server import clean_environment

SLOW = {"UploadPartCopy": 3, "CompleteMultipartUpload": 3, "CopyObject": 0}  # and how many parts
WHOLE = {"CopyObject": 1, "DeleteObject": 1}
IN_PARTS = {
    "CreateMultipartUpload": 1,
    "UploadPartCopy": 3,
    "CompleteMultipartUpload": 1,
    "DeleteObject": 1,
}
LONGER_THAN_ALL = 10.0  # seconds: than the lease, the visibility timeout and the grace


@pytest.fixture
def second_beat(rig: Rig, tmp_path: Path) -> Iterator[Beat]:
    beat = Beat({**clean_environment(), **rig.fleet.environment}, log_dir=tmp_path)
    beat.start()
    yield beat
    beat.kill()


def accept_without_message(rig: Rig, goods: Goods) -> str:
    """Have a move accepted whose message is lost."""
    place = f"s3://{goods.bucket}/"
    move_id = str(uuid.uuid4())
    request = MoveRequest(source=place + goods.source, destination=place + goods.destination)
    assert journal.accept(rig.redis, move_id, request) is State.QUEUED
    return move_id


def test_many_sweeps_and_two_beats_carry_a_quiet_move_once_and_spare_what_is_slow(
    rig: Rig, second_beat: Beat
) -> None:
    slow = {name: rig.put(parts) for name, parts in SLOW.items()}
    for operation, goods in slow.items():
        part = 2 if operation == "UploadPartCopy" else None
        rig.gateway.when(operation, key=goods.destination, part=part).delay(LONGER_THAN_ALL)
    quiet = [rig.put() for _ in range(5)]

    moves = [rig.move(goods) for goods in slow.values()]
    moves += [accept_without_message(rig, goods) for goods in quiet]
    rig.redis.zadd(ACTIVE, dict.fromkeys(moves[len(slow) :], 0.0), xx=True)  # quiet for long
    for _ in range(20):
        rig.mover.sweep()
    records = [rig.wait(move_id) for move_id in moves]

    assert second_beat.running
    for goods, record in zip([*slow.values(), *quiet], records, strict=True):
        rig.assert_moved(goods, record)
        assert rig.effects(goods) == (IN_PARTS if record.parts_total else WHOLE)
        assert record.generation <= 1
