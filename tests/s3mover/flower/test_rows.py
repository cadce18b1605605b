"""The rows of Flower's tab: what of a record is shown, and which moves are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from s3mover import MoveError, MoveRecord, State
from s3mover.flower.rows import FILTERS, PAGE, Asked, page, row
from s3mover.rate import Pace, look

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MIB = 1024**2


def record(state: State = State.COPYING, **fields: Any) -> MoveRecord:
    known: dict[str, Any] = {
        "id": "0123456789",
        "source": "s3://inbox/a",
        "destination": "s3://archive/b",
        "created_at": START,
        "started_at": START,
        "updated_at": START + timedelta(seconds=10),
    }
    return MoveRecord(state=state, **known | fields)


def in_parts(**fields: Any) -> MoveRecord:
    half = {"size": 80 * MIB, "bytes_done": 40 * MIB, "parts_total": 16, "parts_done": 8}
    return record(**half | fields)


def test_a_move_in_parts_shows_how_far_it_is_how_fast_and_for_how_long() -> None:
    move = in_parts(retries=2)

    shown = row(move, look(move, at=0.0))

    assert (shown.percent, shown.bytes, shown.parts) == (
        50,
        "40.0 MiB of 80.0 MiB",
        "8 of 16",
    )
    assert (shown.rate, shown.left, shown.retries) == ("4.0 MiB/s", "10.0 s", 2)
    assert shown.created == "2026-11-24 12:00:00 UTC"


def test_a_whole_copy_has_no_figure_until_it_is_there() -> None:
    move = record(size=MIB)

    assert row(move, look(move, at=0.0)).percent is None


def test_a_move_that_runs_shows_the_last_error_that_passed() -> None:
    troubles = [
        MoveError(code="Throttled", message="SlowDown", part=7),
        MoveError(code="x", message=""),
    ]

    shown = row(in_parts(troubles=troubles), Pace(0.0, 0))

    assert shown.trouble == "part 7: Throttled: SlowDown"


def test_a_move_that_is_done_is_free_of_trouble() -> None:
    troubles = [MoveError(code="Throttled", message="SlowDown")]
    move = in_parts(state=State.DONE, troubles=troubles, finished_at=START + timedelta(seconds=20))

    shown = row(move, look(move, at=0.0))

    assert (shown.trouble, shown.left, shown.percent, shown.can_cancel) == ("", "", 100, False)


@pytest.mark.parametrize(
    ("fields", "phase", "can_cancel"),
    [
        ({"state": State.QUEUED}, "queued", True),
        ({"state": State.COPYING}, "copying", True),
        ({"state": State.COPYING, "stopping": "cancelled"}, "cancelling", False),
        ({"state": State.COPYING, "stopping": "failed"}, "failing", False),
        ({"state": State.CANCELLED, "stopping": "cancelled"}, "cancelled", False),
    ],
)
def test_a_move_can_be_cancelled_once_while_it_runs(
    fields: dict[str, Any], phase: str, *, can_cancel: bool
) -> None:
    shown = row(record(**fields), Pace(0.0, 0))

    assert (shown.phase, shown.can_cancel) == (phase, can_cancel)


def test_what_a_key_would_do_to_the_page_is_visible() -> None:
    assert row(record(source="s3://inbox/\u202egnp.exe"), Pace(0, 0)).source == (
        "s3://inbox/\\u202egnp.exe"
    )


@pytest.mark.parametrize("text", ["3456", "INBOX/a", "archive", "accessdenied", "no right"])
def test_a_text_is_looked_for_in_id_locations_and_error(text: str) -> None:
    error = MoveError(code="AccessDenied", message="no right to read it")
    moves = [record(state=State.FAILED, error=error), record(id="x", source="/y", destination="/z")]

    assert page(moves, Asked(text=text)).records == moves[:1]


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_shows_its_states(name: str) -> None:
    moves = [record(state=state) for state in State]

    assert [r.state for r in page(moves, Asked(state=name)).records] == list(FILTERS[name])


def test_pages_have_all_moves_once() -> None:
    moves = [record(id=str(n)) for n in range(2 * PAGE + 3)]

    pages = [page(moves, Asked(page=n)) for n in (1, 2, 3)]

    assert [r for each in pages for r in each.records] == moves
    assert [(p.first, p.last, p.total) for p in pages] == [
        (1, PAGE, len(moves)),
        (PAGE + 1, 2 * PAGE, len(moves)),
        (2 * PAGE + 1, len(moves), len(moves)),
    ]


@pytest.mark.parametrize("number", [0, 4, 10**30])
def test_a_page_that_is_not_there_is_the_nearest(number: int) -> None:
    moves = [record(id=str(n)) for n in range(PAGE + 1)]

    assert page(moves, Asked(page=number)).number in {1, 2}
    assert page([], Asked(page=number)).total == 0
