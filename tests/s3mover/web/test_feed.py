"""What the page is told at each look: views, and the throughput of all listed moves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from s3mover import MoveRecord, State
from s3mover.web.feed import SAMPLES, Look, next_look

MIB = 1 << 20
START = datetime(2026, 11, 24, tzinfo=UTC)


def record(name: str, mib: int, *, age: int = 100, **more: Any) -> MoveRecord:
    created = START - timedelta(seconds=age)
    fields = {
        "id": name, "source": "/a", "destination": "/b", "state": State.COPYING, "size": 100 * MIB,
        "bytes_done": mib * MIB, "parts_total": 10, "created_at": created, "started_at": created,
        "updated_at": START,
    }  # fmt: skip
    return MoveRecord.model_validate({**fields, **more})


def follow(*looks: list[MoveRecord]) -> Look:
    """Look at each list, a second after the one before."""
    found = None
    for second, records in enumerate(looks):
        found = next_look(records, float(second), found)
    assert found
    return found


def test_the_first_look_has_no_sample_but_the_rate_of_each_move() -> None:
    look = follow([record("a", 50)])

    assert look.samples == ()
    assert look.views[0]["rate"] == "512.0 KiB/s"
    assert look.views[0]["left"] == "0:01:40 left"


def test_a_sample_is_what_all_moves_have_copied_together() -> None:
    look = follow([record("a", 10), record("b", 0)], [record("a", 12), record("b", 3)])

    assert look.samples == [5 * MIB]
    assert json.loads(look.chart) == {
        "samples": [5 * MIB], "rate": "5.0 MiB/s", "peak": "5.0 MiB/s",
    }  # fmt: skip


def test_a_move_that_has_begun_since_counts_and_one_that_is_only_back_does_not() -> None:
    before = [record("a", 10, age=100)]

    young = follow(before, [record("a", 10), record("new", 7, age=50)])
    old = follow(before, [record("a", 10), record("back", 7, age=150)])

    assert young.samples == [7 * MIB]
    assert old.samples == [0]


def test_a_copy_that_is_begun_anew_is_no_negative_throughput() -> None:
    assert follow([record("a", 50)], [record("a", 5)]).samples == [0]


def test_the_samples_are_bounded() -> None:
    assert len(follow(*[[record("a", 1)]] * (SAMPLES + 10)).samples) == SAMPLES


def test_an_empty_list_is_a_look_too() -> None:
    assert follow([], []).samples == [0]
    assert follow([], [record("a", 2)]).samples == [2 * MIB]


def test_what_is_sent_is_ascii_json_in_one_line() -> None:
    text = follow([record("a", 1, source="/a\u2028\n")]).text

    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text)["moves"][0]["id"] == "a"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"state": State.QUEUED, "size": None, "bytes_done": 0}, 0),
        ({"parts_total": 0, "bytes_done": 0}, None),
        ({}, 50),
        ({"state": State.VERIFYING, "bytes_done": 100 * MIB}, 100),
        ({"state": State.DONE, "size": None}, 100),
        ({"state": State.FAILED, "parts_total": 0, "bytes_done": 0}, 0),
        ({"size": 0, "bytes_done": 0}, 100),
        ({"size": None, "bytes_done": 0}, None),
    ],
)
def test_the_bar_tells_how_much_is_copied_where_that_is_known(
    fields: dict[str, Any], shown: int | None
) -> None:
    assert follow([record("a", 50, **fields)]).views[0]["percent"] == shown


def test_the_phase_tells_what_a_move_is_about_to_become() -> None:
    phases = [
        follow([record("a", 1, stopping=end)]).views[0]["phase"]
        for end in (None, "cancelled", "failed")
    ]

    assert phases == ["copying", "cancelling", "giving up"]
