"""When a store wants to be asked again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driver.retry_after import seconds_of

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0.5 ", 0.5),
        ("-3", 0),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("24 Nov 2026 12:01:30", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_and_a_date_are_understood_and_all_else_is_nothing(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_of(header, NOW) == seconds


@given(st.text())
def test_no_header_breaks_anything(header: str) -> None:
    seconds = seconds_of(header, NOW)

    assert seconds is None or seconds >= 0
