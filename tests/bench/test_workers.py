"""What the page says of more workers."""

from pathlib import Path

from bench.workers import Time, efficiency, keep, section, table


def test_twice_the_workers_in_half_the_time_are_made_full_use_of() -> None:
    assert efficiency(Time(2, 5.0, runs=1), Time(1, 10.0, runs=1)) == 1.0
    assert efficiency(Time(4, 10.0, runs=1), Time(1, 10.0, runs=1)) == 0.25


def test_what_was_kept_is_shown(tmp_path: Path) -> None:
    times = [Time(1, 64.4, runs=3), Time(2, 32.8, runs=3)]

    keep(times, tmp_path / "workers.jsonl")

    assert "| 2 | 32.80 | 98 % | 3 |" in table(times)
    assert table(times) in section(tmp_path)


def test_what_was_not_measured_is_not_shown(tmp_path: Path) -> None:
    assert not section(tmp_path)
