"""A part's size by `auto`: S3's limits, full waves, and no better choice by much."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from driver import MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE, chosen_part_size, part_count
from driver.waves import BANDWIDTH, CPU, LATENCY, auto_part_size

MIB, GIB = 1024**2, 1024**3
LARGEST = MAX_PARTS * MAX_PART_SIZE
sizes = st.integers(MIN_PART_SIZE + 1, LARGEST)
caps = st.integers(1, 20_000)


def loss(size: int, cap: int, waves: int) -> float:
    """Return the seconds by which a plan is slower than bytes over bandwidth."""
    return waves * (LATENCY + cap * CPU) + size / (waves * cap * BANDWIDTH)


@example(LARGEST, 1)
@example(LARGEST, 7_000)
@given(sizes, caps)
def test_it_keeps_the_limits_of_s3(size: int, cap: int) -> None:
    each = auto_part_size(size, cap)

    assert MIN_PART_SIZE <= each <= MAX_PART_SIZE
    assert 1 <= part_count(size, each) <= MAX_PARTS
    assert chosen_part_size(size, "auto", cap) == each


@given(sizes, caps)
def test_its_waves_are_full_unless_a_limit_of_s3_is_in_the_way(size: int, cap: int) -> None:
    each = auto_part_size(size, cap)

    if MIN_PART_SIZE < each < MAX_PART_SIZE:
        assert part_count(size, each) % min(cap, MAX_PARTS) == 0


@given(sizes, st.integers(1, MAX_PARTS))
def test_no_other_number_of_waves_is_better_by_much(size: int, cap: int) -> None:
    each = auto_part_size(size, cap)
    waves = part_count(size, each) // cap

    if MIN_PART_SIZE < each < MAX_PART_SIZE:
        best = min(loss(size, cap, n) for n in range(1, MAX_PARTS // cap + 1))
        assert loss(size, cap, waves) <= 1.25 * best


@pytest.mark.parametrize(
    ("size", "cap", "parts"),
    [
        (6 * MIB, 100, 2),  # none is below 5 MiB
        (GIB, 32, 64),
        (GIB, 64, 64),
        (GIB, 100, 100),
        (100 * GIB, 100, 1_000),
        (5120 * GIB, 500, 7_500),
        (5120 * GIB, 10_000, 10_000),
        (5120 * GIB, 1, 1_729),
    ],
)
def test_it_chooses_few_waves_and_full_ones(size: int, cap: int, parts: int) -> None:
    assert part_count(size, auto_part_size(size, cap)) == parts


def test_a_number_of_bytes_is_taken_as_it_is() -> None:
    assert chosen_part_size(GIB, 32 * MIB, 100) == 32 * MIB
