"""The client: one record and one message a move, and nothing else in Redis."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from s3mover import IdempotencyConflict, Mover, State, UnknownMove, journal
from s3mover.request import move_id_of
from tests.s3mover.records import COPYING, DONE, A, B, Write
from worker.fleet import Valkey

Messages = Callable[[], list[dict[str, Any]]]


def test_a_move_leaves_a_queued_record_and_one_message(mover: Mover, messages: Messages) -> None:
    move = mover.move(A, B)

    record = mover.status(move)
    assert (record.id, record.state) == (move, State.QUEUED)
    assert (record.source, record.destination) == (A, B)
    (message,) = messages()
    assert (message["id"], message["task"], message["args"]) == (move, "s3mover.move", [])
    assert message["kwargs"] == {"version": 1, "source": A, "destination": B}


def test_options_travel_to_the_worker(mover: Mover, messages: Messages) -> None:
    mover.move(A, B, multipartcopychunksize=64 << 20, multipartcopymaxconcurrency=7)

    (message,) = messages()
    assert message["kwargs"]["multipartcopychunksize"] == 64 << 20
    assert message["kwargs"]["multipartcopymaxconcurrency"] == 7


def test_publishing_asks_for_no_result(mover: Mover, redis: Redis, messages: Messages) -> None:
    mover.move(A, B)

    assert messages()[0]["ignore_result"] is True
    assert redis.pubsub_channels() == []
    assert {client["sub"] for client in redis.client_list()} == {"0"}
    assert redis.keys("celery-task-meta-*") == []


def test_the_caller_s_own_celery_neither_redirects_nor_breaks_it(
    server: Valkey, redis: Redis, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CELERY_BROKER_URL", "CELERY_BROKER_WRITE_URL"):
        monkeypatch.setenv(name, "redis://127.0.0.1:1/0")
    monkeypatch.setenv("CELERY_RESULT_BACKEND", "no.such.module:Backend")

    move = Mover(server.url).move(A, B)

    assert [message["id"] for message in messages()] == [move]


def test_moves_without_a_key_are_different_moves(mover: Mover) -> None:
    assert mover.move(A, B) != mover.move(A, B)


def test_one_key_is_one_move_with_an_id_that_others_can_compute(mover: Mover) -> None:
    first = mover.move(A, B, idempotency_key="upload-4711")

    assert mover.move(A, B, idempotency_key="upload-4711") == first == move_id_of("upload-4711")
    assert move_id_of("upload-4711") == "1627ecb4-e5b8-504b-898d-da378f22b5af"
    assert len(mover.list()) == 1


@pytest.mark.parametrize(
    "other", [{"destination": "s3://bucket/c"}, {"multipartcopymaxconcurrency": 3}]
)
def test_one_key_for_another_request_is_a_conflict(mover: Mover, other: dict[str, Any]) -> None:
    move = mover.move(A, B, idempotency_key="k")

    with pytest.raises(IdempotencyConflict, match=move):
        mover.move(**{"source": A, "destination": B, "idempotency_key": "k", **other})

    assert mover.status(move).destination == B


def test_a_repeated_request_sends_the_message_again_only_while_it_may_be_lost(
    mover: Mover, messages: Messages, write: Write
) -> None:
    move = mover.move(A, B, idempotency_key="k")
    mover.move(A, B, idempotency_key="k")
    assert [message["id"] for message in messages()] == [move, move]

    write(move, **DONE)
    mover.move(A, B, idempotency_key="k")

    assert len(messages()) == 2
    assert mover.status(move).state is State.DONE


def test_fifty_requests_with_one_key_at_once_are_one_move(mover: Mover) -> None:
    with ThreadPoolExecutor(50) as threads:
        asked = [threads.submit(mover.move, A, B, idempotency_key="k") for _ in range(50)]

    assert len({each.result() for each in asked}) == 1
    assert len(mover.list()) == 1


def test_threads_share_a_client(mover: Mover, messages: Messages) -> None:
    with ThreadPoolExecutor(32) as threads:
        moves = list(threads.map(lambda n: mover.move(A, f"s3://bucket/{n}"), range(200)))

    sent = {message["id"]: message["kwargs"]["destination"] for message in messages()}
    assert sent == {move: f"s3://bucket/{n}" for n, move in enumerate(moves)}
    assert len(messages()) == 200
    assert {mover.status(move).destination for move in moves[:20]} <= set(sent.values())


def test_an_unknown_id_is_an_error_that_names_it(mover: Mover) -> None:
    for ask in (mover.status, mover.wait, mover.cancel):
        with pytest.raises(UnknownMove, match="no move 4711"):
            ask("4711")


def test_a_move_that_no_worker_has_touched_is_cancelled_at_once(
    mover: Mover, messages: Messages
) -> None:
    move = mover.move(A, B)
    before = messages()

    assert mover.cancel(move).state is State.CANCELLED
    assert messages() == before


def test_the_cancel_of_a_running_move_asks_a_worker_to_settle_it(
    mover: Mover, redis: Redis, messages: Messages, write: Write
) -> None:
    move = mover.move(A, B)
    write(move, **COPYING)
    redis.delete("control")

    record = mover.cancel(move)

    assert (record.state, record.stopping) == (State.COPYING, "cancelled")
    (message,) = messages()
    assert (message["task"], message["args"]) == ("s3mover.settle", [f"{move}.1"])


def test_a_cancel_that_comes_too_late_changes_nothing(
    mover: Mover, messages: Messages, write: Write
) -> None:
    move = mover.move(A, B)
    write(move, **COPYING, committed=1)
    before = messages()

    record = mover.cancel(move)

    assert (record.state, record.stopping) == (State.COPYING, None)
    assert messages() == before


def test_a_list_has_the_youngest_moves_first(mover: Mover) -> None:
    moves = [mover.move(A, B) for _ in range(4)]

    assert [record.id for record in mover.list(3)] == moves[:0:-1]
    assert mover.list(0) == []


def test_a_list_leaves_out_moves_whose_record_has_expired(mover: Mover, redis: Redis) -> None:
    gone, there = mover.move(A, B), mover.move(A, B)
    redis.delete(journal.move_key(gone))

    assert [record.id for record in mover.list()] == [there]


def test_a_sweep_is_asked_for_and_its_report_read(
    mover: Mover, redis: Redis, messages: Messages
) -> None:
    task = mover.sweep()
    assert [(each["id"], each["task"]) for each in messages()] == [(task, "s3mover.sweep")]
    assert mover.sweep_report(task) is None

    redis.set(journal.sweep_key(task), '{"settled": ["m"], "aborted": []}')

    report = mover.sweep_report(task)
    assert report is not None
    assert (report.settled, report.aborted, report.skipped) == (["m"], [], False)
