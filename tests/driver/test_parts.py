import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from driver import (
    MAX_PART_SIZE,
    MAX_PARTS,
    MIN_PART_SIZE,
    Part,
    TooLarge,
    is_multipart,
    missing_parts,
    part_count,
    part_range,
    part_size,
)
from driver.parts import part_length

LARGEST = MAX_PARTS * MAX_PART_SIZE
sizes = st.integers(1, LARGEST)
chunksizes = st.integers(MIN_PART_SIZE, MAX_PART_SIZE)


def bounds(size: int, each: int, number: int) -> tuple[int, int]:
    first, last = part_range(size, each, number).removeprefix("bytes=").split("-")
    return int(first), int(last)


@example(MAX_PARTS * MIN_PART_SIZE + 1, MIN_PART_SIZE)
@given(sizes, chunksizes)
def test_a_plan_keeps_the_limits_of_s3(size: int, chunksize: int) -> None:
    each = part_size(size, chunksize)

    assert MIN_PART_SIZE <= each <= MAX_PART_SIZE
    assert 1 <= part_count(size, each) <= MAX_PARTS


@given(sizes, chunksizes)
def test_a_part_grows_only_when_ten_thousand_would_not_do(size: int, chunksize: int) -> None:
    each = part_size(size, chunksize)

    assert each == chunksize or (each > chunksize and part_count(size, chunksize) > MAX_PARTS)


@given(st.integers(1, 1000), st.integers(1, 50))
def test_the_parts_cover_every_byte_once_in_order(size: int, each: int) -> None:
    ranges = [bounds(size, each, n) for n in range(1, part_count(size, each) + 1)]

    covered = [byte for first, last in ranges for byte in range(first, last + 1)]
    assert covered == list(range(size))


@given(sizes, chunksizes)
def test_all_parts_are_equal_but_the_last_which_ends_the_object(size: int, chunksize: int) -> None:
    each = part_size(size, chunksize)
    count = part_count(size, each)

    assert bounds(size, each, 1) == (0, min(each, size) - 1)
    assert bounds(size, each, count) == ((count - 1) * each, size - 1)
    assert part_length(size, each, 1) == min(each, size)
    assert 1 <= part_length(size, each, count) <= each


def test_an_object_above_the_limit_is_too_large() -> None:
    assert part_size(LARGEST, MIN_PART_SIZE) == MAX_PART_SIZE

    with pytest.raises(TooLarge, match=str(LARGEST)):
        part_size(LARGEST + 1, MIN_PART_SIZE)


@pytest.mark.parametrize(
    ("size", "threshold", "expected"),
    [
        (0, 0, False),
        (MIN_PART_SIZE, 0, False),  # S3 refuses a range of such a source
        (MIN_PART_SIZE + 1, 0, True),
        (32 << 20, 32 << 20, False),
        ((32 << 20) + 1, 32 << 20, True),
    ],
)
def test_an_object_above_the_threshold_is_copied_in_parts(
    size: int,
    threshold: int,
    expected: bool,  # noqa: FBT001 - pytest names it
) -> None:
    assert is_multipart(size, threshold) is expected


def test_a_part_is_missing_when_absent_or_of_another_size() -> None:
    parts = {1: Part(1, "a", 10), 3: Part(3, "c", 10), 4: Part(4, "d", 5), 9: Part(9, "x", 1)}

    assert missing_parts(parts, size=35, part_size=10) == [2]
    assert missing_parts(parts, size=36, part_size=10) == [2, 4]
    assert missing_parts({}, size=20, part_size=10) == [1, 2]


@given(sizes, chunksizes)
def test_nothing_is_missing_from_a_whole_set(size: int, chunksize: int) -> None:
    each = max(part_size(size, chunksize), -(-size // 20))
    count = part_count(size, each)
    parts = {n: Part(n, "e", part_length(size, each, n)) for n in range(1, count + 1)}

    assert missing_parts(parts, size, each) == []
