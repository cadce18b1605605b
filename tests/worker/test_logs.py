"""The lines of a log: what they are about, as text and as JSON."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from s3mover.contract import COPY_PART_TASK, MOVE_TASK, SETTLE_TASK, SWEEP_TASK
from s3mover.prefix_contract import MOVE_BATCH_TASK, MOVE_PREFIX_TASK, STEER_PREFIX_TASK
from s3mover.prefix_request import prefix_id_of
from s3mover.request import move_id_of
from worker import subject
from worker.log_formats import JsonFormatter, TextFormatter
from worker.subject import Subject


@pytest.fixture
def about_a_part() -> Iterator[None]:
    token = subject._current.set(Subject(COPY_PART_TASK, "abc", 2, 17))
    yield
    subject._current.reset(token)


def line(name: str = "tasks.copy_part", message: str = "%s!", *args: Any) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "file", 1, message, args or ("oh",), None)


@pytest.mark.parametrize(
    ("task", "args", "kwargs", "expected"),
    [
        (MOVE_TASK, [], {"source": "s3://a/b"}, Subject(MOVE_TASK, "id")),
        (MOVE_TASK, [], {"idempotency_key": "k"}, Subject(MOVE_TASK, move_id_of("k"))),
        (COPY_PART_TASK, ["abc", 2, 17], {}, Subject(COPY_PART_TASK, "abc", 2, 17)),
        (COPY_PART_TASK, ("abc", 2, 17, 3), {}, Subject(COPY_PART_TASK, "abc", 2, 17)),
        (SETTLE_TASK, ["abc.2"], {}, Subject(SETTLE_TASK, "abc", 2)),
        (SETTLE_TASK, ["abc."], {}, Subject(SETTLE_TASK, "abc")),
        (MOVE_PREFIX_TASK, [], {"source": "s3://a/b/"}, Subject(MOVE_PREFIX_TASK, "id")),
        (
            MOVE_PREFIX_TASK,
            [],
            {"idempotency_key": "k"},
            Subject(MOVE_PREFIX_TASK, prefix_id_of("k")),
        ),
        (MOVE_BATCH_TASK, ["abc", 7], {}, Subject(MOVE_BATCH_TASK, "abc", page=7)),
        (STEER_PREFIX_TASK, ["abc"], {}, Subject(STEER_PREFIX_TASK, "abc")),
        (SWEEP_TASK, [], {}, Subject(SWEEP_TASK)),
        (COPY_PART_TASK, [{}, "x"], {}, Subject(COPY_PART_TASK)),
        (SETTLE_TASK, [], {}, Subject(SETTLE_TASK)),
    ],
)
def test_a_message_says_what_its_task_is_about(
    task: str, args: list[object], kwargs: dict[str, object], expected: Subject
) -> None:
    assert subject.of(task, "id", args, kwargs) == expected


@pytest.mark.usefixtures("about_a_part")
def test_a_line_of_json_has_the_move_and_the_part() -> None:
    found = json.loads(JsonFormatter("worker@one").format(line()))

    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "logger": "tasks.copy_part",
        "message": "oh!",
        "worker": "worker@one",
        "task": COPY_PART_TASK,
        "move": "abc",
        "generation": 2,
        "part": 17,
    }


def test_a_line_about_nothing_has_no_empty_fields() -> None:
    found = json.loads(JsonFormatter().format(line("celery.worker")))

    assert found.keys() == {"time", "level", "logger", "message"}


def test_what_celery_has_received_is_named() -> None:
    received = line("celery.worker.strategy", "got %(id)s", {"id": "abc", "name": MOVE_TASK})

    found = json.loads(JsonFormatter().format(received))

    assert (found["task"], found["task_id"], found["message"]) == (MOVE_TASK, "abc", "got abc")


def test_a_line_of_json_is_one_line_whatever_is_in_it() -> None:
    record = line("tasks", "%s", 'two\nlines, "quoted", é and \udcff')
    record.exc_info = (RuntimeError, RuntimeError("a defect"), None)

    text = JsonFormatter().format(record)

    assert "\n" not in text
    assert json.loads(text)["message"].startswith("two\nlines")
    assert "RuntimeError: a defect" in json.loads(text)["exception"]


@pytest.mark.usefixtures("about_a_part")
def test_a_line_of_ours_tells_its_move_and_part_and_others_stay_as_they_are() -> None:
    formatter = TextFormatter(logging.Formatter("%(levelname)s %(message)s"))

    assert formatter.format(line()) == "WARNING oh! [move=abc generation=2 part=17]"
    assert formatter.format(line("botocore.endpoint")) == "WARNING oh!"
    assert formatter.format(line("tasksmith")) == "WARNING oh!"


def test_a_move_that_a_line_names_is_not_named_twice() -> None:
    token = subject._current.set(Subject(MOVE_TASK, "abc"))
    try:
        formatter = TextFormatter(logging.Formatter("%(message)s"))

        assert formatter.format(line("tasks", "%s done", "abc")) == "abc done"
        assert formatter.format(line("tasks", "%s done", "it")) == "it done [move=abc]"
    finally:
        subject._current.reset(token)
