"""Messages of any shape: none ends a worker, is tried again, or keeps the next move waiting."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kombu import Connection

from s3mover import contract
from s3mover.contract import CONTROL_QUEUE
from tests.process.queues import messages
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS

TASKS = [value for name, value in vars(contract).items() if name.endswith("_TASK")]
MESSAGES = 300
LOG = 5000  # characters a message may add: a trace of Celery's

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["source", "destination", "idempotency_key"]), JSON)
PROTOCOL = st.tuples(st.lists(JSON, max_size=3), FIELDS, st.just({}) | st.none() | JSON)
BODIES = st.one_of(JSON.map(json.dumps), PROTOCOL.map(json.dumps), st.text()).map(
    lambda text: text.encode(errors="replace")
)
# Not `eta` as a date, which would be waited for, nor `retries`, by which a retry is noticed.
NAMES = ["lang", "root_id", "parent_id", "group", "group_index", "expires", "timelimit", "eta"]
NAMES += ["shadow", "argsrepr", "kwargsrepr", "origin", "stamps", "stamped_headers", "meth"]
HEADERS = st.fixed_dictionaries(
    {"task": st.sampled_from(TASKS) | JSON},
    optional={"id": st.uuids().map(str) | JSON, **dict.fromkeys(NAMES, JSON)},
)


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=1, threads=4, beat=False) as rig:
        yield rig


def send(rig: Rig, body: bytes, headers: dict[str, Any]) -> None:
    with Connection(rig.fleet.valkey.url) as connection, connection.Producer() as producer:
        producer.publish(
            body,
            exchange=CONTROL_QUEUE,
            routing_key=CONTROL_QUEUE,
            content_type="application/json",
            content_encoding="utf-8",
            headers=headers,
        )


def test_any_message_is_refused_once_and_the_worker_goes_on(rig: Rig) -> None:
    (worker,) = rig.fleet.workers
    before, pid = len(worker.log), worker.pid

    @settings(
        derandomize=True,
        max_examples=MESSAGES,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(body=BODIES, headers=HEADERS)
    def send_any(body: bytes, headers: dict[str, Any]) -> None:
        send(rig, body, headers)

    send_any()
    try:
        until(lambda: not messages(rig.redis) or not worker.running, timeout=60)
    except AssertionError as error:
        error.add_note(f"left: {messages(rig.redis)[:3]}\n{worker.log[-3000:]}")
        raise

    assert worker.running, worker.log[before:][-3000:]
    assert worker.pid == pid
    assert "Retry in" not in worker.log[before:]
    assert len(worker.log) - before < LOG * MESSAGES
    goods = rig.put()
    rig.assert_moved(goods, rig.wait(rig.move(goods)))


def test_a_key_of_a_megabyte_is_neither_logged_nor_kept(rig: Rig) -> None:
    (worker,) = rig.fleet.workers
    before, task_id = len(worker.log), str(uuid4())
    huge = {"source": "s3://s3mover/" + "x" * 10**6, "destination": "s3://s3mover/y"}

    send(rig, json.dumps([[], huge, {}]).encode(), {"task": contract.MOVE_TASK, "id": task_id})
    until(lambda: rig.redis.exists(f"s3mover:move:{task_id}"))
    until(lambda: not messages(rig.redis))

    assert len(worker.log) - before < LOG
    assert len(rig.mover.status(task_id).model_dump_json()) < LOG
    assert sum(rig.redis.memory_usage(key) or 0 for key in rig.redis.scan_iter()) < 10**6
