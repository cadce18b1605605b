"""Messages are delivered twice, or never: each move is carried once, to its end."""

import itertools
import json
from collections import Counter
from typing import cast

import pytest

from s3mover.contract import CONTROL_QUEUE, COPY_PART_TASK, MOVE_TASK, PARTS_QUEUE, SETTLE_TASK
from tests.process.doubler import Doubler
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS


def messages(rig: Rig, queue: str, task: str, move_id: str) -> list[str]:
    """Return the messages of a move that wait in a queue."""
    waiting = cast("list[str]", rig.redis.lrange(queue, 0, -1))
    headers = [json.loads(text)["headers"] for text in waiting]
    of_move = [h["task"] == task and h["id"].startswith(move_id) for h in headers]
    return list(itertools.compress(waiting, of_move))


def lose(rig: Rig, queue: str, task: str, move_id: str) -> None:
    """Lose one such message, once there is one."""
    until(lambda: messages(rig, queue, task, move_id))
    assert rig.redis.lrem(queue, 1, messages(rig, queue, task, move_id)[0]) == 1


@pytest.mark.parametrize("cap", [4, 100])  # the window slides, or takes all parts at once
def test_messages_delivered_twice_while_their_work_goes_on_do_it_once(rig: Rig, cap: int) -> None:
    large, small = rig.put(parts=8), rig.put()
    for operation in ("UploadPartCopy", "CompleteMultipartUpload"):
        rig.gateway.when(operation, key=large.destination).delay(0.3)
    rig.gateway.when("CopyObject", key=small.destination).delay(0.3)

    with Doubler(rig.redis) as doubler:
        moves = [rig.move(large, multipartcopymaxconcurrency=cap), rig.move(small)]
        records = [rig.wait(move_id) for move_id in moves]

    for goods, record in zip((large, small), records, strict=True):
        rig.assert_moved(goods, record)
    assert Counter(copy.part for copy in rig.copies(large)) == Counter(range(1, 9))
    once = {"CreateMultipartUpload": 1, "CompleteMultipartUpload": 1, "DeleteObject": 1}
    assert rig.effects(large) == {**once, "UploadPartCopy": 8}
    assert rig.effects(small) == {"CopyObject": 1, "DeleteObject": 1}
    doubled = Counter(json.loads(text)["headers"]["task"] for text in doubler.doubled)
    assert doubled[MOVE_TASK] >= 2  # one that finds its move owned comes again
    assert doubled[COPY_PART_TASK] >= 8
    assert doubled[SETTLE_TASK] >= 1


def test_a_move_whose_message_was_lost_is_carried_on_by_the_sweeper(seaweedfs: SeaweedFS) -> None:
    with Rig(seaweedfs, workers=0) as rig:
        lost = {task: rig.put(parts=3) for task in (MOVE_TASK, COPY_PART_TASK, SETTLE_TASK)}
        moves = {MOVE_TASK: rig.move(lost[MOVE_TASK])}
        lose(rig, CONTROL_QUEUE, MOVE_TASK, moves[MOVE_TASK])

        control = rig.fleet.add_worker(queues=[CONTROL_QUEUE])
        for task in (COPY_PART_TASK, SETTLE_TASK):
            moves[task] = rig.move(lost[task])
        lose(rig, PARTS_QUEUE, COPY_PART_TASK, moves[COPY_PART_TASK])
        until(lambda: len(messages(rig, PARTS_QUEUE, COPY_PART_TASK, moves[SETTLE_TASK])) == 3)
        control.kill()
        rig.fleet.add_worker(queues=[PARTS_QUEUE])
        lose(rig, CONTROL_QUEUE, SETTLE_TASK, moves[SETTLE_TASK])
        control.start()

        for task, goods in lost.items():
            rig.assert_moved(goods, rig.wait(moves[task]))
            assert rig.effects(goods)["UploadPartCopy"] == 3
