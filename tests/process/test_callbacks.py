"""Whoever asks for it is told of the end of a move, whatever happens; real processes."""

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from s3mover import MoveRecord, State
from s3mover.callbacks import on_end_id, webhook_id
from s3mover.contract import CONTROL_QUEUE
from tests.process import prefix_goods
from tests.process.hooks import Hooks, answering
from tests.process.rig import Goods, Rig, until
from worker.fleet import SeaweedFS

SECRETS = [f"whsec_{base64.b64encode(uuid4().bytes + uuid4().bytes).decode()}" for _ in range(2)]
ON_END = {"task": "web.on_done", "queue": "web", "kwargs": {"order": 4711}}


@pytest.fixture(scope="module")
def hooks() -> Iterator[Hooks]:
    with Hooks() as hooks:
        yield hooks


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS, hooks: Hooks) -> Iterator[Rig]:
    settings = {
        "callback_queues": "web,others",
        "callback_attempts": 2,
        "webhook_hosts": f"localhost:{hooks.port},127.0.0.1:1,169.254.169.254",
        "webhook_secret": ",".join(SECRETS),
        "webhook_private": "true",
    }
    with Rig(seaweedfs, workers=1, threads=8, settings=settings) as rig:
        yield rig


@pytest.fixture(autouse=True)
def answers(hooks: Hooks, rig: Rig) -> None:
    hooks.heard.answers = [answering(204)]
    rig.revive()


def told(rig: Rig, move_id: str, kind: str) -> str:
    """Return what became of a callback, when that is for good."""

    def is_final() -> bool:
        return rig.mover.status(move_id).callbacks[kind].startswith(("sent", "not sent", "given"))  # type: ignore[index]  # a kind

    try:
        until(is_final)
    except AssertionError as error:
        error.add_note(f"{rig.mover.status(move_id)!r}\n{rig.fleet.workers[0].log[-4000:]}")
        raise
    return rig.mover.status(move_id).callbacks[kind]  # type: ignore[index]


def published(rig: Rig, queue: str, move_id: str) -> list[dict[str, Any]]:
    """Return the messages in a queue of another program that tell of a move."""
    found = []
    for text in rig.redis.lrange(queue, 0, -1):
        message = json.loads(text)
        args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
        if kwargs["record"]["id"] == move_id:
            headers = message["headers"]
            found.append(
                {"task": headers["task"], "id": headers["id"], "args": args, "kwargs": kwargs}
            )
    return found


def seen_by_others(record: MoveRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude={"callbacks"})


def check_told(rig: Rig, hooks: Hooks, move_id: str) -> None:
    """Check that a move's end was told once by each way, whole and signed by each secret."""
    assert [told(rig, move_id, kind) for kind in ("on_end", "webhook")] == ["sent", "sent"]
    record = seen_by_others(rig.mover.status(move_id))
    assert published(rig, "web", move_id) == [
        {
            "task": "web.on_done",
            "id": on_end_id(move_id),
            "args": [],
            "kwargs": {"order": 4711, "record": record},
        }
    ]
    (call,) = hooks.heard.of(move_id)
    for secret in SECRETS:
        event = Webhook(secret).verify(call.body, call.headers)
        assert event == {
            "type": f"move.{record['state']}",
            "timestamp": event["timestamp"],
            "data": record,
        }
    assert call.headers["webhook-id"] == webhook_id(move_id)
    assert call.headers["Host"] == f"localhost:{hooks.port}"


def ended(rig: Rig, goods: Goods, state: State, **options: Any) -> str:
    """Make a move that ends so."""
    if state is State.FAILED:
        rig.s3.delete_object(Bucket=goods.bucket, Key=goods.source)
    slow = rig.gateway.when("CopyObject", key=goods.destination).call(lambda: None)
    if state is State.CANCELLED:
        rig.fleet.workers[0].kill()
    move_id = rig.move(goods, **options)
    if state is State.CANCELLED:
        rig.mover.cancel(move_id)
        rig.revive()
    assert rig.wait(move_id).state is state
    slow.reset()
    return move_id


@pytest.mark.parametrize(
    ("state", "parts"),
    [(State.DONE, 0), (State.DONE, 2), (State.FAILED, 0), (State.CANCELLED, 0)],
)
def test_the_end_of_a_move_is_told_by_task_and_by_webhook(
    rig: Rig, hooks: Hooks, state: State, parts: int
) -> None:
    move_id = ended(rig, rig.put(parts), state, on_end=ON_END, webhook=hooks.url("/a?b=c"))

    check_told(rig, hooks, move_id)
    assert {call.path for call in hooks.heard.of(move_id)} == {"/a?b=c"}
    assert not rig.redis.exists("s3mover:outbox")


def test_a_move_that_was_cancelled_under_way_is_told(rig: Rig, hooks: Hooks) -> None:
    goods = rig.put(parts=4)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, on_end=ON_END, webhook=hooks.url(), multipartcopymaxconcurrency=1)
    slow.wait_until_hit()
    rig.mover.cancel(move_id)

    assert rig.wait(move_id).state is State.CANCELLED
    check_told(rig, hooks, move_id)


def test_a_worker_that_is_killed_while_it_tells_loses_no_callback(rig: Rig, hooks: Hooks) -> None:
    come, go = threading.Event(), threading.Event()

    def hang(_: object) -> None:
        come.set()
        go.wait(60)

    hooks.heard.answers = [hang, answering(204)]
    move_id = rig.move(rig.put(), on_end=ON_END, webhook=hooks.url())
    assert come.wait(60)
    rig.redis.hset(f"s3mover:move:{move_id}", "hold:webhook", 0)  # its minute is over
    rig.redis.zadd("s3mover:outbox", {f"webhook {move_id}": 0})

    rig.fleet.workers[0].kill()
    go.set()
    rig.revive()

    assert told(rig, move_id, "webhook") == "sent"
    first, again = hooks.heard.of(move_id)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body


def test_what_a_worker_owed_when_it_died_is_told_by_the_next(rig: Rig, hooks: Hooks) -> None:
    goods = rig.put()
    last = rig.gateway.when("DeleteObject", key=goods.source)
    go = threading.Event()
    last.call(lambda: go.wait(60))
    move_id = rig.move(goods, on_end=ON_END, webhook=hooks.url())
    last.wait_until_hit()
    # Its messages are lost: what it publishes from here on goes nowhere.
    rig.fleet.workers[0].pause()
    go.set()
    rig.fleet.workers[0].kill()
    rig.redis.delete("unacked", "unacked_index", CONTROL_QUEUE)
    rig.revive()

    assert rig.wait(move_id).state is State.DONE
    check_told(rig, hooks, move_id)


def test_a_receiver_that_fails_is_tried_again_and_one_that_is_dead_is_given_up(
    rig: Rig, hooks: Hooks
) -> None:
    elsewhere = f"http://localhost:{hooks.port}/latest/meta-data"
    hooks.heard.answers = [answering(500), answering(302, Location=elsewhere), answering(204)]
    failing = rig.move(rig.put(), webhook=hooks.url("/failing"))
    until(lambda: len(hooks.heard.of(failing)) == 1)
    redirecting = rig.move(rig.put(), webhook=hooks.url("/redirecting"))
    until(lambda: len(hooks.heard.of(redirecting)) == 1)
    dead = rig.move(rig.put(), webhook="http://127.0.0.1:1/dead")
    metadata = rig.move(rig.put(), webhook="http://169.254.169.254/latest/meta-data")

    assert [rig.wait(each).state for each in (failing, redirecting, dead)] == [State.DONE] * 3
    assert "127.0.0.1" in told(rig, dead, "webhook")
    assert told(rig, dead, "webhook").startswith("given up after 2 tries: ")
    assert [told(rig, each, "webhook") for each in (failing, redirecting)] == ["sent", "sent"]
    assert len(hooks.heard.of(failing)) == len(hooks.heard.of(redirecting)) == 2
    assert not [call for call in hooks.heard.calls if call.path == "/latest/meta-data"]
    refused = rig.wait(metadata)
    assert (refused.state, refused.error and refused.error.code) == (
        State.FAILED,
        "CallbackRefused",
    )
    log = rig.fleet.workers[0].log
    assert "answered 302, and redirects are not followed" in log
    assert f"{dead} webhook: given up" in log
    assert "/failing" not in log  # a path may hold what a receiver tells its callers by


def test_receivers_that_hang_delay_no_move(rig: Rig, hooks: Hooks) -> None:
    go = threading.Event()
    hooks.heard.answers = [lambda _: until(go.is_set)]
    hanging = [rig.move(rig.put(), webhook=hooks.url()) for _ in range(6)]
    for move_id in hanging:
        rig.wait(move_id)
    until(lambda: len(hooks.heard.calls) >= 4)

    others = [rig.put() for _ in range(4)]
    moves = [rig.move(goods) for goods in others]

    for goods, move_id in zip(others, moves, strict=True):
        rig.assert_moved(goods, rig.wait(move_id, timeout=10))
    hooks.heard.answers = [answering(204)]
    go.set()
    for move_id in hanging:
        told(rig, move_id, "webhook")


def test_callbacks_that_are_not_allowed_fail_the_move_before_a_byte_is_copied(
    rig: Rig, hooks: Hooks
) -> None:
    goods = rig.put()
    elsewhere = {"task": "web.on_done", "queue": "billing"}

    by_host = rig.move(goods, webhook="http://intranet/", on_end=ON_END)
    by_queue = rig.move(goods, webhook=hooks.url(), on_end=elsewhere)

    error = rig.wait(by_host).error
    assert error is not None
    assert "intranet:80" in error.message
    assert "S3MOVER_WEBHOOK_HOSTS allows" in error.message
    assert told(rig, by_host, "webhook").startswith("not sent: ")
    assert told(rig, by_host, "on_end") == "sent"
    error = rig.wait(by_queue).error
    assert error is not None
    assert "S3MOVER_CALLBACK_QUEUES allows others, web" in error.message
    assert told(rig, by_queue, "on_end").startswith("not sent: ")
    assert told(rig, by_queue, "webhook") == "sent"
    assert not rig.redis.exists("billing")
    rig.assert_untouched(goods)


def test_the_end_of_a_prefix_move_is_told_too(rig: Rig, hooks: Hooks) -> None:
    goods = prefix_goods.put(rig, 3)
    wanted = {"on_end": ON_END, "webhook": f"http://localhost:{hooks.port}/hook"}
    prefix_id = prefix_goods.move(rig, goods, **wanted)
    prefix_goods.wait(rig, prefix_id)

    sent = {"on_end": "sent", "webhook": "sent"}
    until(lambda: rig.mover.prefixes.status(prefix_id).callbacks == sent)

    record = rig.mover.prefixes.status(prefix_id).model_dump(mode="json", exclude={"callbacks"})
    (message,) = published(rig, "web", prefix_id)
    assert message["kwargs"] == {"order": 4711, "record": record}
    assert message["id"] == on_end_id(prefix_id)
    (call,) = hooks.heard.of(prefix_id)
    event = Webhook(SECRETS[0]).verify(call.body, call.headers)
    assert (event["type"], event["data"]) == ("prefix.done", record)
    assert (record["moved"], record["state"]) == (3, "done")


def test_a_receiver_of_prefixes_that_is_down_is_told_later(rig: Rig, hooks: Hooks) -> None:
    goods = prefix_goods.put(rig, 1)
    hook = f"http://localhost:{hooks.port}/hook"
    hooks.heard.answers = [answering(500), answering(204)]
    prefix_id = prefix_goods.move(rig, goods, webhook=hook)
    prefix_goods.wait(rig, prefix_id)

    until(lambda: rig.mover.prefixes.status(prefix_id).callbacks == {"webhook": "sent"})

    assert len(hooks.heard.of(prefix_id)) == 2


def test_a_prefix_move_that_names_what_is_not_allowed_ends_before_anything_is_moved(
    rig: Rig,
) -> None:
    goods = prefix_goods.put(rig, 1)

    record = prefix_goods.wait(
        rig, prefix_goods.move(rig, goods, webhook="http://elsewhere.example.com/")
    )

    assert record.state == "failed"
    assert record.error
    assert record.error.code == "CallbackRefused"
    assert set(prefix_goods.sources(rig, goods)) == set(goods.bodies)
