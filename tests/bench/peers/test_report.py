"""What is written down of runs, and the page that is made of them."""

from pathlib import Path

import pytest

from bench.peers import report
from bench.peers.run import Run
from bench.peers.work import WORKS


def ran(mover: str, seconds: float, *, is_cut: bool = False, cpu: float = 1.0) -> Run:
    return Run(
        "1-gib", mover, seconds, cpu, model=0.1, requests=68, is_cut=is_cut, date="2026-11-01"
    )


def test_a_table_has_medians_ratios_and_the_quickest_first() -> None:
    slow = [ran("s5cmd mv", 31.0)]
    ours = [ran("s3mover, 2 workers", seconds, cpu=0.64) for seconds in (0.7, 0.6, 0.9)]

    rows = report.table([*slow, *ours], WORKS["1-gib"]).splitlines()[2:]

    limit = WORKS["1-gib"].limit()
    assert rows[0].startswith(f"| s3mover, 2 workers | 0.70 | 0.60 to 0.90 | {0.7 / limit:.2f} |")
    assert rows[0].endswith("| 1.00 | 0.64 | 10.00 | 14 | 3 |")
    assert rows[1].startswith("| s5cmd mv | 31.00 |")
    assert " | 44.29 | " in rows[1]


def test_a_mover_that_was_ended_is_shown_as_slower_than_that() -> None:
    cut = [ran("rclone move", 60.0, is_cut=True)]

    row = report.table(cut, WORKS["1-gib"]).splitlines()[2]

    assert row.startswith("| rclone move | > 60 | ended | > ")


def test_runs_are_kept_and_those_of_a_mover_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "new" / "runs.jsonl"
    for mover in ("a", "b", "a"):
        report.append(ran(mover, 1.0), file)

    report.forget(file, "1-gib", ["a"])
    report.forget(file, "mix", ["b"])

    assert report.load(file) == [ran("b", 1.0)]


def test_the_page_is_the_same_each_time_it_is_made(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="only the group bench has it")
    from bench.peers import page  # noqa: PLC0415  # as above

    for mover in ("s3mover, 1 worker", "s3mover, 2 workers", "s5cmd mv"):
        report.append(ran(mover, 1.0), tmp_path / "runs.jsonl")
    page.write(tmp_path)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    page.write(tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first
    assert {"README.md", "1-gib.svg", "scaling.svg"} <= first.keys()


def test_there_is_no_page_before_there_are_runs(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="only the group bench has it")
    from bench.peers import page  # noqa: PLC0415  # as above

    page.write(tmp_path)

    assert not list(tmp_path.iterdir())
