"""A release takes over in the middle of everything: what the last one has queued is carried on."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery import Celery

from s3mover import MoveRequest, State, journal
from s3mover.contract import CONTROL_QUEUE, MOVE_TASK, PARTS_QUEUE
from s3mover.request import message
from tests.process import old_release
from tests.process.old_release import GOODS, MESSAGES, MOVE_ID, meaning, queued, send
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS

# No sweep may be what helps.
UNHELPED = {"part_lease": 20, "visibility_timeout": 300, "sweep_grace": 600, "buckets": "s3mover"}


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=1, threads=4, beat=False, settings=UNHELPED) as rig:
        yield rig


def test_a_queued_move_of_the_last_release_is_done(rig: Rig) -> None:
    old_release.prepare(rig, "queued")

    send(rig.redis, MESSAGES["move"])

    record = rig.wait(MOVE_ID)
    rig.assert_moved(GOODS, record)
    assert (record.generation, record.parts_done) == (1, 3)


def test_a_move_under_way_is_carried_on_from_the_parts_in_the_queue(rig: Rig) -> None:
    upload = old_release.prepare(rig, "running")
    before = len(rig.copies(GOODS))

    send(rig.redis, *MESSAGES["copy_part"])

    record = rig.wait(MOVE_ID)
    rig.assert_moved(GOODS, record)
    assert (record.generation, record.upload_id) == (1, upload)
    assert sorted(copy.part or 0 for copy in rig.copies(GOODS)[before:]) == [1, 2, 3]


def test_a_verdict_of_the_last_release_ends_the_move(rig: Rig) -> None:
    upload = old_release.prepare(rig, "running")
    rig.redis.hset(journal.move_key(MOVE_ID), "stop", "cancelled")

    send(rig.redis, MESSAGES["settle"])

    assert rig.wait(MOVE_ID).state is State.CANCELLED
    assert rig.read(GOODS, GOODS.source) == GOODS.body
    assert upload not in rig.uploads(GOODS)


def test_a_sweep_of_the_last_release_finds_its_moves(rig: Rig) -> None:
    old_release.prepare(rig, "running")

    send(rig.redis, MESSAGES["sweep"])
    report = until_swept(rig)

    assert report == [MOVE_ID]
    rig.assert_moved(GOODS, rig.wait(MOVE_ID))


def until_swept(rig: Rig) -> list[str]:
    task_id = meaning(MESSAGES["sweep"])["id"]
    until(lambda: rig.mover.sweep_report(task_id))
    report = rig.mover.sweep_report(task_id)
    return report.settled if report else []


@pytest.mark.parametrize("recorded", [False, True])
def test_a_request_of_a_newer_release_is_refused_and_says_what_to_do(
    rig: Rig,
    recorded: bool,  # noqa: FBT001  # a case
) -> None:
    known = MoveRequest(source="s3://s3mover/a", destination="s3://s3mover/b")
    newer = {**message(known), "version": 2, "new": 1}
    task_id = str(uuid4())
    if recorded:  # as the newer client does before it sends the message
        journal.accept(rig.redis, task_id, known)
        text = known.model_dump_json().replace('"version":1', '"version":2')
        rig.redis.hset(journal.move_key(task_id), "request", text)

    with Celery(broker=rig.fleet.valkey.url, set_as_current=False) as app:
        app.send_task(
            MOVE_TASK, kwargs=newer, queue=CONTROL_QUEUE, task_id=task_id, ignore_result=True
        )
        until(lambda: rig.redis.hget(journal.move_key(task_id), "state") == "failed")

    error = rig.mover.status(task_id).error
    assert error is not None
    assert error.code == "InvalidRequest"
    assert "upgrade the workers before the programs that send to them" in error.message
    assert "Extra inputs" not in error.message


def test_a_bad_message_does_not_end_the_good_move_whose_id_it_bears(rig: Rig) -> None:
    goods = rig.put()
    slow = rig.gateway.when("HeadObject", key=goods.source, times=1).delay(2)
    move_id = rig.move(goods)
    slow.wait_until_hit()

    with Celery(broker=rig.fleet.valkey.url, set_as_current=False) as app:
        app.send_task(
            MOVE_TASK,
            kwargs={"version": 2},
            queue=CONTROL_QUEUE,
            task_id=move_id,
            ignore_result=True,
        )

    rig.assert_moved(goods, rig.wait(move_id))


# Last: it leaves the rig without its worker.
def test_old_workers_get_the_messages_they_know(rig: Rig) -> None:
    """While a deployment rolls they take what new workers and clients send, too."""
    rig.fleet.workers[0].terminate()
    old_release.prepare(rig, "running")
    rig.mover.cancel(MOVE_ID)
    (settle,) = queued(rig.redis, CONTROL_QUEUE)
    assert {**settle, "id": ""} == {**meaning(MESSAGES["settle"]), "id": ""}

    old_release.prepare(rig, "queued")
    rig.redis.delete(journal.move_key(MOVE_ID))
    rig.mover.submit(MoveRequest.model_validate_json(old_release.RECORDED["queued"]["request"]))
    assert queued(rig.redis, CONTROL_QUEUE) == [meaning(MESSAGES["move"])]

    rig.fleet.add_worker(queues=[CONTROL_QUEUE])
    until(lambda: rig.redis.llen(PARTS_QUEUE) == 3)
    assert queued(rig.redis, PARTS_QUEUE) == [meaning(text) for text in MESSAGES["copy_part"]]
