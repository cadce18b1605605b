from datetime import timedelta

import pytest

from config.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3000s", 3000),
        ("20m", 1200),
        ("12h", 43_200),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("250ms", 0.25),
        (".5s", 0.5),
        ("1500us", 0.0015),
        ("1500µs", 0.0015),
        ("-1m", -60),
        ("+1m", 60),
        ("0", 0),
    ],
)
def test_a_duration_is_read_as_go_does(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "3000", "3000 s", "s", "1d", "1h 30m", "1,5h", "--1s"])
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  its caller writes the text
        parse_duration(text)
