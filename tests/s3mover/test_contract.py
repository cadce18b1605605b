"""What others rely on: options, names, the message, and how a record is read."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from celery import Celery
from redis import Redis

import tasks
from s3mover import Mover, MoveRecord, MoveRequest, State
from s3mover.contract import MoveOptions
from tasks.move import accept
from tests.s3mover.records import COPYING, DONE, FAILED, PLAN, A, B, Write
from worker.fleet import Valkey

if TYPE_CHECKING:
    from tasks.deployment import Deployment

Messages = Callable[[], list[dict[str, Any]]]


def test_the_options_of_move_are_the_optional_fields_of_a_request() -> None:
    fields = MoveRequest.model_fields

    optional = {name for name, field in fields.items() if not field.is_required()}

    assert set(MoveOptions.__annotations__) == optional - {"version"}
    assert get_type_hints(MoveOptions) == {
        name: annotation
        for name, annotation in get_type_hints(MoveRequest).items()
        if name in MoveOptions.__annotations__
    }


def test_the_last_three_states_are_final() -> None:
    assert list(State) == [
        "queued", "copying", "verifying", "deleting", "done", "failed", "cancelled",
    ]  # fmt: skip
    assert [state for state in State if state.final] == ["done", "failed", "cancelled"]


def test_the_tasks_have_these_names() -> None:
    app = Celery(set_as_current=False)

    registered = {name for name in app.tasks if name.startswith("s3mover.")}

    assert tasks.__all__ == [
        "copy_part", "doctor", "move", "move_batch", "move_prefix", "notify", "plan_prefix",
        "report_prefix", "settle", "steer_prefix", "sweep",
    ]  # fmt: skip
    assert registered == {f"s3mover.{name}" for name in tasks.__all__}


@dataclass
class Here:
    """What `accept` needs of a worker."""

    redis: Redis
    settings = SimpleNamespace(record_ttl=60)


def test_a_move_can_be_sent_by_name_with_any_celery(
    server: Valkey, redis: Redis, mover: Mover, messages: Messages
) -> None:
    celery = Celery(broker=server.url, set_as_current=False)

    sent = celery.send_task(
        "s3mover.move",
        kwargs={"source": A, "destination": B, "idempotency_key": "k"},
        queue="control",
        ignore_result=True,
    )

    (message,) = messages()
    move = accept(cast("Deployment", Here(redis)), sent.id, (), message["kwargs"])
    assert move == mover.move(A, B, idempotency_key="k")
    celery.close()


def test_a_message_that_is_no_request_is_found_under_its_own_id(mover: Mover, redis: Redis) -> None:
    here = cast("Deployment", Here(redis))

    assert accept(here, "4711", (), {"source": A, "to": B}) is None

    record = mover.status("4711")
    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "InvalidRequest"
    assert "destination: Field required" in record.error.message


def read(mover: Mover, write: Write, **fields: object) -> MoveRecord:
    move = mover.move(A, B)
    write(move, **fields)
    return mover.status(move)


def test_a_finished_move_has_all_its_facts(mover: Mover, write: Write) -> None:
    record = read(mover, write, **DONE)

    assert (record.state, record.size, record.bytes_done) == (
        State.DONE,
        PLAN["size"],
        PLAN["size"],
    )
    assert (record.parts_done, record.parts_total) == (3, 3)
    assert record.workers == {"worker@one": 2, "worker@two": 1}
    assert record.evidence is not None
    assert record.evidence.kind == "checksum"
    assert record.finished_at is not None
    assert record.started_at is not None
    assert (record.finished_at - record.started_at).total_seconds() == 2


def test_an_object_that_was_copied_whole_has_all_its_bytes_done(mover: Mover, write: Write) -> None:
    whole = DONE | {"plan": PLAN | {"part_size": 0}, "parts": 0, "parts_done": 0, "copied": ""}

    record = read(mover, write, **whole)

    assert (record.parts_total, record.part_size) == (0, None)
    assert record.bytes_done == record.size == PLAN["size"]


def test_the_parts_that_are_done_are_counted_while_they_are_copied(
    mover: Mover, redis: Redis, write: Write
) -> None:
    move = mover.move(A, B)
    write(move, **COPYING)
    redis.setbit(f"s3mover:done:{move}", 0, 1)
    redis.setbit(f"s3mover:done:{move}", 2, 1)

    record = mover.status(move)

    assert (record.parts_done, record.bytes_done) == (2, 2 * 5_242_880)


def test_a_failed_move_says_why(mover: Mover, write: Write) -> None:
    record = read(mover, write, **FAILED)

    assert record.error is not None
    assert (record.error.code, record.error.part) == ("AccessDenied", 2)


def test_a_change_of_course_is_no_end_that_was_asked_for(mover: Mover, write: Write) -> None:
    assert read(mover, write, **COPYING, stop="whole").stopping is None
    assert read(mover, write, **COPYING, stop="cancelled").stopping == "cancelled"
