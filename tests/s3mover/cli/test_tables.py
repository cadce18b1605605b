"""How numbers and times are written."""

from datetime import UTC, datetime, timedelta

import pytest

from s3mover import MoveRecord, State
from s3mover.amounts import duration_text, size_text
from s3mover.cli.output import counted, printable
from s3mover.cli.tables import age_text, progress_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_400, "1d")],
)
def test_an_age_has_its_largest_unit(seconds: float, text: str) -> None:
    assert age_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (60, "0:01:00"), (5025, "1:23:45")]
)
def test_a_duration_is_in_seconds_or_on_the_clock(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (1536, "1.5 KiB"), (5 << 40, "5.0 TiB")])
def test_a_size_has_a_binary_unit(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("size", "done", "text"), [(None, 0, "-"), (0, 0, "100%"), (3, 2, "66%"), (3, 3, "100%")]
)
def test_progress_is_in_whole_percent_and_never_too_early_at_100(
    size: int | None, done: int, text: str
) -> None:
    now = datetime.now(UTC)
    record = MoveRecord(
        id="m",
        source="s3://bucket/a",
        destination="s3://bucket/b",
        state=State.COPYING,
        size=size,
        bytes_done=done,
        created_at=now,
        updated_at=now,
    )

    assert progress_text(record) == text


def test_one_is_singular() -> None:
    assert [counted(n, "part") for n in (0, 1, 2)] == ["0 parts", "1 part", "2 parts"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a b/é", "a b/é"), ("\x1b[0m", r"\x1b[0m"), ("a\nb", r"a\nb"), ("\u202e", r"\u202e")],
)
def test_what_is_not_printable_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
