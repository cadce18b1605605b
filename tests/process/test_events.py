"""What Flower is told of a move: its row starts and ends with the move, and shows its progress."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery import Celery
from redis import Redis

from s3mover import State
from tests.process.listener import Listener, listening
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS

LAST = {"task-succeeded", "task-failed", "task-revoked"}


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, events=True, threads=8) as rig:
        yield rig


@pytest.fixture
def flower(rig: Rig) -> Iterator[Listener]:
    with listening(rig.fleet.valkey.url) as listener:
        yield listener


@pytest.mark.parametrize("parts", [0, 3])
def test_the_row_of_a_move_succeeds_when_its_move_is_done(
    rig: Rig, flower: Listener, parts: int
) -> None:
    goods = rig.put(parts)
    move_id = rig.move(goods)

    rig.assert_moved(goods, rig.wait(move_id))

    *before, last = flower.wait_for(move_id, "SUCCESS")
    assert flower.types(move_id)[:2] == ["task-received", "task-started"]
    assert not LAST & {event["type"] for event in before}
    assert "verified by" in last["result"]
    assert flower.row(move_id).name == "s3mover.move"
    assert flower.row(move_id).kwargs.startswith(f"{{'move': '{move_id}', 'source': 's3://")


def test_the_row_of_a_move_has_started_while_its_parts_are_copied(
    rig: Rig, flower: Listener
) -> None:
    goods = rig.put(parts=6)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=6, times=1).delay(3)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)
    slow.wait_until_hit()
    until(lambda: rig.mover.status(move_id).parts_done == 5)

    flower.wait_for(f"{move_id}.1.5", "SUCCESS")

    row = flower.row(move_id)
    assert row.state == "STARTED"
    assert row.result.endswith("of 6 parts")
    assert rig.wait(move_id).state is State.DONE
    flower.wait_for(move_id, "SUCCESS")


def test_progress_is_told_at_most_once_a_second_over_the_whole_fleet(
    rig: Rig, flower: Listener
) -> None:
    goods = rig.put(parts=40)
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(0.2)
    move_id = rig.move(goods, multipartcopymaxconcurrency=4)

    record = rig.wait(move_id)

    told = [event for event in flower.wait_for(move_id, "SUCCESS") if "parts_done" in event]
    assert record.started_at is not None
    assert record.finished_at is not None
    seconds = (record.finished_at - record.started_at).total_seconds()
    assert 2 <= len(told) <= seconds + 1
    assert [event["parts_done"] for event in told] == sorted(event["parts_done"] for event in told)
    assert all(event["bytes_total"] == len(goods.body) for event in told)


def test_the_row_of_a_move_fails_with_the_move_and_says_why(rig: Rig, flower: Listener) -> None:
    goods = rig.put(parts=4)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=3).respond(403, "AccessDenied")
    move_id = rig.move(goods)

    record = rig.wait(move_id)

    *before, last = flower.wait_for(move_id, "FAILURE")
    assert record.error is not None
    assert last["type"] == "task-failed"
    assert last["exception"] == f"{record.error.code}: {record.error.message} (part 3)"
    assert last["result"].endswith(f"{record.parts_done} of 4 parts")
    assert not LAST & {event["type"] for event in before}


def test_the_row_of_a_cancelled_move_is_revoked(rig: Rig, flower: Listener) -> None:
    goods = rig.put(parts=8)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)
    slow.wait_until_hit()
    flower.wait_for(move_id, "STARTED")

    rig.mover.cancel(move_id)

    assert rig.wait(move_id).state is State.CANCELLED
    *before, last = flower.wait_for(move_id, "REVOKED")
    assert last["type"] == "task-revoked"
    assert not LAST & {event["type"] for event in before}


def test_a_message_that_is_no_request_is_a_row_that_failed(rig: Rig, flower: Listener) -> None:
    task_id = str(uuid4())
    with Celery(broker=rig.fleet.valkey.url, set_as_current=False) as app:
        app.send_task(
            "s3mover.move", kwargs={"sauce": "/a", "secret": "tell nobody"}, task_id=task_id,
            queue="control", ignore_result=True,
        )  # fmt: skip

    *_, last = flower.wait_for(task_id, "FAILURE")

    assert last["exception"].startswith("InvalidRequest: ")
    assert "tell nobody" not in repr(flower.of(task_id))


def test_the_rows_of_parts_and_of_settle_name_their_move_first(rig: Rig, flower: Listener) -> None:
    goods = rig.put(parts=2)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=1).respond(
        503, "SlowDown"
    )
    move_id = rig.move(goods)
    rig.wait(move_id)

    flower.wait_for(f"{move_id}.1.settle", "SUCCESS")

    first = f"{{'move': '{move_id}', "
    tasks = {event["uuid"] for event in flower.heard if move_id in event.get("uuid", "")}
    assert tasks == {move_id, *(f"{move_id}.1.{name}" for name in (1, 2, "settle"))}
    shown = [e["kwargs"] for e in flower.heard if e["type"] == "task-received"]
    assert [text for text in shown if move_id in text and not text.startswith(first)] == []
    assert flower.row(f"{move_id}.1.2").kwargs == first + "'part': 2, 'generation': 1}"
    assert "task-retried" in flower.types(f"{move_id}.1.2")


def test_a_worker_that_sends_no_events_asks_for_none(seaweedfs: SeaweedFS) -> None:
    with Rig(seaweedfs, workers=1, beat=False, threads=4) as rig:
        goods = rig.put(parts=3)
        with listening(rig.fleet.valkey.url) as flower:
            rig.assert_moved(goods, rig.wait(rig.move(goods)))
            until(lambda: any(e["type"] == "worker-heartbeat" for e in flower.heard))

        assert [event for event in flower.heard if event["type"].startswith("task-")] == []
        assert told_at(rig.redis) == []


def told_at(redis: Redis) -> list[str]:
    keys = [str(key) for key in redis.scan_iter("s3mover:move:*")]
    return [key for key in keys if redis.hexists(key, "shown")]
