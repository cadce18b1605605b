"""How fast the move of a prefix is, and how long it still takes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from s3mover import PrefixRecord, prefix_journal
from s3mover.prefix_rate import look, seconds_left

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KIB = 1024


def fields(**given: object) -> dict[str, str]:
    """Return a record as the journal has it, ten seconds after its start."""
    start = NOON.timestamp()
    plain = {
        "source": "s3://a/x/",
        "destination": "s3://b/x/",
        "state": "moving",
        "created": start - 1,
        "started": start,
        "updated": start + 10,
        "listed": 1,
    } | given
    return {name: str(value) for name, value in plain.items() if value is not None}


def record(**given: object) -> PrefixRecord:
    return prefix_journal.to_record("id", fields(**given), {}, 0)


HALF = {"found": 1000, "found_bytes": 1000 * KIB, "moved": 500, "moved_bytes": 500 * KIB}


def test_a_record_has_what_is_planned_and_its_means_since_the_start() -> None:
    half = record(**HALF)

    assert (half.planned, half.rate, half.bytes_rate) == (500, 50.0, 50.0 * KIB)
    assert half.eta == pytest.approx(10)


def test_all_that_has_ended_counts_for_the_time_left_however_it_ended() -> None:
    most = record(found=1000, found_bytes=1000 * KIB, moved=0, skipped=890, failed=10)

    assert (most.planned, most.rate, most.bytes_rate) == (100, 90.0, 0.0)
    assert most.eta == pytest.approx(100 / 90)


def test_the_bytes_decide_where_few_large_objects_are_left() -> None:
    most = record(found=101, found_bytes=1_100 * KIB, moved=100, moved_bytes=100 * KIB)

    assert most.eta == pytest.approx(100)


@pytest.mark.parametrize(
    "given",
    [{"listed": None}, {"paused": 1}, {"moved": 0, "moved_bytes": 0}, {"started": None}],
    ids=str,
)
def test_where_nobody_can_know_nothing_is_said_of_the_time_left(given: dict[str, Any]) -> None:
    assert record(**HALF | given).eta is None


def test_a_paused_move_and_one_that_was_not_begun_have_no_rate() -> None:
    assert record(**HALF, paused=1).rate is None
    assert record(started=None).rate is None


def test_one_that_has_ended_has_the_mean_of_all_its_time() -> None:
    done = record(**HALF | {"moved": 1000}, state="done", finished=NOON.timestamp() + 20, updated=0)

    assert (done.planned, done.rate, done.eta) == (0, 50.0, None)


def test_between_two_looks_only_what_came_between_counts() -> None:
    before = look(record(**HALF), 100.0)
    after = record(**HALF | {"moved": 900, "moved_bytes": 900 * KIB})

    pace = look(after, 1000.0, before)

    assert pace.objects.bytes_per_second == pytest.approx(400 / 900, rel=0.01)
    assert seconds_left(after, pace) == pytest.approx(100 / (400 / 900), rel=0.01)
