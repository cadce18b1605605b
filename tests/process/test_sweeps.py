"""Sweeps carry on what has gone quiet, once, and leave alone what lives."""

import uuid
from pathlib import Path

from s3mover import MoveRequest, State, journal
from s3mover.journal import ACTIVE
from tests.process.rig import Goods, Rig
from worker.fleet import Beat
from worker.fleet.server import clean_environment

LONGER_THAN_ALL = 10.0  # seconds: than the lease, the visibility timeout and the grace


def accept_without_message(rig: Rig, goods: Goods) -> str:
    """Have a move accepted whose message is lost."""
    place = f"s3://{goods.bucket}/"
    move_id = str(uuid.uuid4())
    request = MoveRequest(source=place + goods.source, destination=place + goods.destination)
    assert journal.accept(rig.redis, move_id, request) is State.QUEUED
    return move_id


def test_many_sweeps_and_two_beats_carry_a_quiet_move_once_and_spare_a_slow_part(
    rig: Rig, tmp_path: Path
) -> None:
    slow, quiet = rig.put(parts=3), [rig.put() for _ in range(5)]
    rig.gateway.when("UploadPartCopy", key=slow.destination, part=2).delay(LONGER_THAN_ALL)
    second_beat = Beat({**clean_environment(), **rig.fleet.environment}, log_dir=tmp_path)
    second_beat.start()

    moves = [rig.move(slow), *(accept_without_message(rig, goods) for goods in quiet)]
    rig.redis.zadd(ACTIVE, dict.fromkeys(moves[1:], 0.0), xx=True)  # quiet for long
    for _ in range(20):
        rig.mover.sweep()
    records = [rig.wait(move_id) for move_id in moves]
    second_beat.terminate()

    for goods, record in zip([slow, *quiet], records, strict=True):
        rig.assert_moved(goods, record)
    assert rig.effects(slow)["UploadPartCopy"] == 3
    assert records[0].generation == 1
    assert [rig.effects(g) for g in quiet] == 5 * [{"CopyObject": 1, "DeleteObject": 1}]
