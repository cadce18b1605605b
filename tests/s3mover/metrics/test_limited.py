"""A question that may not be answered is asked once, and waited for a bounded time."""

import threading

import pytest

from s3mover.metrics.limited import Limited


def test_an_answer_and_an_error_reach_the_asker() -> None:
    answers = iter([1])
    limited = Limited(lambda: next(answers), 5)

    assert limited() == 1
    with pytest.raises(StopIteration):
        limited()


def test_who_asks_while_there_is_no_answer_yet_asks_nothing_new() -> None:
    go, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        go.wait(30)
        return "answer"

    limited = Limited(ask, 0.05)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            limited()
    go.set()

    assert Limited(lambda: limited._answer and limited._answer.result(30), 30)() == "answer"
    assert len(asked) == 1
