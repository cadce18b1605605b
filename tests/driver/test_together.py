"""Two requests at once: neither is lost, and neither's error is."""

import threading
from contextvars import ContextVar

import pytest

from driver import PathNotFoundError, SourceChanged
from driver.together import both

where: ContextVar[str] = ContextVar("where", default="nowhere")


def fail(error: BaseException) -> None:
    raise error


def test_both_are_under_way_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=20)

    one, two = both(meeting.wait, meeting.wait)

    assert {one, two} == {0, 1}


def test_each_result_has_its_place() -> None:
    assert both(lambda: 1, lambda: "b") == (1, "b")


def test_the_second_has_the_context_of_the_first() -> None:
    token = where.set("here")
    try:
        assert both(where.get, where.get) == ("here", "here")
    finally:
        where.reset(token)


def test_an_error_of_the_second_is_raised() -> None:
    with pytest.raises(SourceChanged, match="other"):
        both(lambda: 1, lambda: fail(SourceChanged("other")))


def test_of_two_errors_the_first_is_raised() -> None:
    with pytest.raises(PathNotFoundError):
        both(
            lambda: fail(PathNotFoundError("first")),
            lambda: fail(SourceChanged("second")),
        )


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(1)])
def test_the_second_has_ended_when_the_first_fails(error: BaseException) -> None:
    began, ended = threading.Event(), threading.Event()

    def first() -> None:
        began.wait(20)
        raise error

    def second() -> None:
        began.set()
        threading.Event().wait(0.05)
        ended.set()

    with pytest.raises(type(error)):
        both(first, second)

    assert ended.is_set()
