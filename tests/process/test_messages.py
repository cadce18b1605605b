"""Messages of programs that have none of this project's code: served, or refused for good."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery

from s3mover import MoveRecord, State, UnknownMove
from s3mover.contract import CONTROL_QUEUE, MOVE_TASK, PARTS_QUEUE
from tests.process.queues import messages
from tests.process.rig import Goods, Rig, until
from worker.fleet import SeaweedFS

GOOD = {"source": "s3://s3mover/absent", "destination": "s3://s3mover/elsewhere"}
MB = 10**6
RETRIED = re.compile(r'"retries": ?[1-9]')

INVALID = [
    pytest.param({"source": "http://a/b"}, "source: expected s3://bucket/key", id="no S3 URI"),
    pytest.param({"source": "s3://s3mover"}, "source: expected s3://bucket/key", id="no key"),
    pytest.param({"destination": None}, "destination: Input should be a valid string", id="null"),
    pytest.param({"destination": "/a/../b%"}, "a driver path is made of", id="no driver path"),
    pytest.param({"multipartcopychunksize": -1}, "multipartcopychunksize: ", id="negative size"),
    pytest.param({"multipartcopythresholdsize": -1}, "greater than or equal to 0", id="negative"),
    pytest.param({"multipartcopymaxconcurrency": 0}, "greater than or equal to 1", id="no copy"),
    pytest.param({"colour": "blue"}, "colour: Extra inputs are not permitted", id="unknown field"),
    pytest.param({"source": "s3://s3mover/" + "x" * 10 * MB}, "at most 2048", id="10 MB value"),
    pytest.param({"x" * 10 * MB: 1}, "Extra inputs are not permitted", id="10 MB name"),
]

WELL_FORMED = json.dumps([[], GOOD, {}]).encode()
MALFORMED: list[tuple[bytes, dict[str, object]]] = [
    *((body, {}) for body in (b"{", b"\xff", b"null", b"7", b"[]", b"{}", b"[[], {}]")),
    (b'[[], {}, "x"]', {}),
    (b"[[], [], {}]", {}),
    (WELL_FORMED, {"timelimit": [1, 2, 3]}),
    (WELL_FORMED, {"eta": "never"}),
    (WELL_FORMED, {"eta": ""}),
    (WELL_FORMED, {"shadow": {}}),
    (WELL_FORMED, {"expires": 0}),
    (WELL_FORMED, {"stamps": "x", "stamped_headers": 5}),
]


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=1, threads=4, beat=False, settings={"buckets": "s3mover"}) as rig:
        yield rig


@pytest.fixture(scope="module")
def stranger(rig: Rig) -> Iterator[Celery]:
    """Know the broker's URL, and no more."""
    with Celery(broker=rig.fleet.valkey.url, set_as_current=False) as app:
        yield app


def send(app: Celery, task: str = MOVE_TASK, queue: str = CONTROL_QUEUE, **options: Any) -> str:
    task_id = str(uuid4())
    app.send_task(task, queue=queue, task_id=task_id, ignore_result=True, **options)
    return task_id


def send_body(app: Celery, body: bytes, **more_headers: object) -> str:
    """Send a move's message with any body at all."""
    task_id = str(uuid4())
    with app.connection_for_write() as connection, connection.Producer() as producer:
        producer.publish(
            body,
            exchange=CONTROL_QUEUE,
            routing_key=CONTROL_QUEUE,
            content_type="application/json",
            content_encoding="utf-8",
            headers={"task": MOVE_TASK, "id": task_id, **more_headers},
        )
    return task_id


def wait_for_record(rig: Rig, task_id: str) -> MoveRecord:
    def is_recorded() -> bool:
        try:
            return rig.mover.status(task_id).state.final
        except UnknownMove:
            return False

    until(is_recorded)
    return rig.mover.status(task_id)


def is_idle(rig: Rig) -> bool:
    """Tell whether no message is queued or under way; one that is tried again is a failure."""
    texts = messages(rig.redis)
    assert not [text for text in texts if RETRIED.search(text)]
    return not texts


def assert_served(rig: Rig, goods: Goods) -> None:
    """Check that no message is left, and that the same worker serves the next move."""
    until(lambda: is_idle(rig))
    rig.assert_moved(goods, rig.wait(rig.move(goods)))
    assert rig.fleet.workers[0].running


def assert_refused_once(rig: Rig, task_id: str, code: str, text: str) -> None:
    record = wait_for_record(rig, task_id)

    assert (record.state, record.error and record.error.code) == (State.FAILED, code)
    assert record.error is not None
    assert text in record.error.message
    assert len(record.model_dump_json()) < 4000
    assert_served(rig, rig.put())
    assert rig.mover.status(task_id) == record


@pytest.mark.parametrize("parts", [0, 2])
def test_a_program_without_our_code_moves_an_object_and_finds_it_by_its_task_id(
    rig: Rig, stranger: Celery, parts: int
) -> None:
    goods = rig.put(parts)
    place = f"s3://{goods.bucket}/"
    fields = {"source": place + goods.source, "destination": place + goods.destination}

    task_id = send(stranger, kwargs=fields)

    record = wait_for_record(rig, task_id)
    rig.assert_moved(goods, record)
    assert (record.id, record.source) == (task_id, fields["source"])


def test_a_message_that_redis_refuses_to_record_waits_until_it_can_be(
    rig: Rig, stranger: Celery
) -> None:
    goods = rig.put()
    place = f"s3://{goods.bucket}/"
    fields = {"source": place + goods.source, "destination": place + goods.destination}
    admin: Any = rig.redis  # its own acl_setuser would switch the user off
    admin.execute_command("ACL", "SETUSER", "default", "-evalsha", "-eval")
    try:
        task_id = send(stranger, kwargs=fields)
        until(lambda: f"{task_id} is not accepted yet" in rig.fleet.workers[0].log)
    finally:
        admin.execute_command("ACL", "SETUSER", "default", "+evalsha", "+eval")

    rig.assert_moved(goods, wait_for_record(rig, task_id))


@pytest.mark.parametrize(("fields", "text"), INVALID)
def test_an_invalid_request_is_refused_without_a_retry(
    rig: Rig, stranger: Celery, fields: dict[str, Any], text: str
) -> None:
    task_id = send(stranger, kwargs=GOOD | fields)

    assert_refused_once(rig, task_id, "InvalidRequest", text)


@pytest.mark.parametrize("end", ["source", "destination"])
def test_a_bucket_that_is_not_allowed_is_refused_without_a_retry(
    rig: Rig, stranger: Celery, end: str
) -> None:
    task_id = send(stranger, kwargs=GOOD | {end: "s3://others/key"})

    assert_refused_once(rig, task_id, "BucketNotAllowed", "S3MOVER_BUCKETS allows s3mover")
    assert not [request for request in rig.gateway.seen() if request.bucket == "others"]


def test_a_request_in_positional_arguments_is_refused(rig: Rig, stranger: Celery) -> None:
    task_id = send(stranger, args=list(GOOD.values()))

    assert_refused_once(rig, task_id, "InvalidRequest", "goes into keyword arguments")


@pytest.mark.parametrize("serializer", ["pickle", "yaml"])
def test_a_message_that_is_not_json_is_refused(rig: Rig, stranger: Celery, serializer: str) -> None:
    task_id = send(stranger, kwargs=GOOD, serializer=serializer)

    assert_refused_once(rig, task_id, "InvalidRequest", "as JSON")


@pytest.mark.parametrize(("body", "headers"), MALFORMED)
def test_a_message_that_is_none_of_celerys_is_refused_and_the_worker_goes_on(
    rig: Rig, stranger: Celery, body: bytes, headers: dict[str, object]
) -> None:
    task_id = send_body(stranger, body, **headers)

    assert_refused_once(rig, task_id, "InvalidRequest", "protocol 2")


@pytest.mark.parametrize(
    ("task", "queue", "args"),
    [
        ("s3mover.nothing", CONTROL_QUEUE, []),
        ("s3mover.settle", CONTROL_QUEUE, [7]),
        ("s3mover.settle", CONTROL_QUEUE, ["no-move.1"]),
        ("s3mover.copy_part", PARTS_QUEUE, ["no-move", 1, 1]),
        ("s3mover.copy_part", PARTS_QUEUE, ["no-move", "one", None]),
    ],
)
def test_nonsense_for_the_other_tasks_does_no_harm(
    rig: Rig, stranger: Celery, task: str, queue: str, args: list[object]
) -> None:
    send(stranger, task, queue, args=args)

    assert_served(rig, rig.put())


@pytest.mark.parametrize("text", ["garbage", "[]", "{}", '{"properties": {}}'])
def test_what_is_no_message_at_all_is_dropped_and_the_worker_goes_on(rig: Rig, text: str) -> None:
    rig.redis.lpush(CONTROL_QUEUE, text)

    assert_served(rig, rig.put())
