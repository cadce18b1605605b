"""The rate of a move and the time left, from looks at the bytes done."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3mover import MoveRecord, State
from s3mover.rate import HALF_LIFE, Pace, look

START = datetime(2026, 11, 24, tzinfo=UTC)


def record(bytes_done: int, seconds: float, state: State = State.COPYING) -> MoveRecord:
    """Return the record of a move that began at START and changed so many seconds later."""
    now = START + timedelta(seconds=seconds)
    return MoveRecord(
        id="m", source="/a", destination="/b", state=state, size=10_000, bytes_done=bytes_done,
        created_at=START, started_at=START, updated_at=now,
        finished_at=now if state.final else None,
    )  # fmt: skip


def follow(*looks: tuple[float, int]) -> Pace:
    pace = Pace(*looks[0])
    for at, bytes_done in looks[1:]:
        pace = pace.then(at, bytes_done)
    return pace


def test_one_look_tells_no_rate() -> None:
    assert Pace(5.0, 100).bytes_per_second is None
    assert Pace(5.0, 100).seconds_left(1000) is None


def test_an_even_move_has_its_rate_at_once_and_the_time_left() -> None:
    pace = follow((0, 0), (1, 100), (3, 300))

    assert pace.bytes_per_second == pytest.approx(100)
    assert pace.seconds_left(1000) == pytest.approx(7)


def test_after_a_half_life_the_new_rate_counts_as_much_as_all_before() -> None:
    pace = follow((0, 0), (1000, 100_000), (1000 + HALF_LIFE, 100_000 + 300 * int(HALF_LIFE)))

    assert pace.bytes_per_second == pytest.approx(200)


def test_a_move_that_stands_still_gets_slower_and_its_end_further_away() -> None:
    moving = follow((0, 0), (10, 1000))
    stuck = moving.then(20, 1000)

    assert 0 < (stuck.bytes_per_second or 0) < (moving.bytes_per_second or 0)
    assert (stuck.seconds_left(2000) or 0) > (moving.seconds_left(2000) or 0)


def test_what_never_moved_has_no_end_in_sight() -> None:
    assert follow((0, 0), (10, 0)).bytes_per_second == 0
    assert follow((0, 0), (10, 0)).seconds_left(1000) is None


def test_what_has_stood_still_for_long_has_no_end_in_sight() -> None:
    stuck = follow((0, 0), *((seconds, 1000) for seconds in range(10, 300, 10)))

    assert stuck.bytes_per_second
    assert stuck.seconds_left(2000) is None


def test_a_copy_that_is_begun_anew_is_no_negative_rate() -> None:
    assert follow((0, 0), (10, 1000), (11, 200)).bytes_per_second is None
    assert follow((0, 0), (10, 1000), (11, 200), (12, 250)).bytes_per_second == pytest.approx(50)


def test_two_looks_at_one_time_are_one() -> None:
    assert follow((0, 0), (1, 100), (1, 300)) == follow((0, 0), (1, 100))


@given(st.lists(st.tuples(st.floats(0.001, 100), st.integers(0, 10**12)), min_size=1))
def test_the_rate_lies_between_the_slowest_and_the_fastest(steps: list[tuple[float, int]]) -> None:
    looks = [(0.0, 0)]
    for seconds, more in steps:
        looks.append((looks[-1][0] + seconds, looks[-1][1] + more))

    rates = [(b - a) / (t - s) for (s, a), (t, b) in pairwise(looks) if t > s]
    rate = follow(*looks).bytes_per_second

    assert rate is not None
    assert min(rates) * 0.999 <= rate <= max(rates) * 1.001


def test_the_first_look_at_a_record_tells_the_mean_since_its_start() -> None:
    pace = look(record(1000, seconds=10), at=7.0)

    assert pace.bytes_per_second == pytest.approx(100)
    assert pace.seconds_left(10_000) == pytest.approx(90)


def test_the_next_look_goes_on_from_there_by_the_callers_clock() -> None:
    first = look(record(1000, seconds=10), at=7.0)
    second = look(record(1000, seconds=10), at=8.0, before=first)

    assert second == first.then(8.0, 1000)


def test_a_move_that_has_ended_has_the_mean_of_all_its_time() -> None:
    before = Pace(0.0, 9000, 5.0, 1.0)

    pace = look(record(10_000, seconds=20, state=State.DONE), at=8.0, before=before)

    assert pace.bytes_per_second == pytest.approx(500)


def test_a_move_that_no_worker_has_touched_has_no_rate() -> None:
    queued = record(0, seconds=0, state=State.QUEUED).model_copy(update={"started_at": None})

    assert look(queued, at=1.0).bytes_per_second is None
