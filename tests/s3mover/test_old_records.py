"""Records of an older release are read by this one's client."""

import json
from pathlib import Path
from typing import Any

import pytest

from s3mover import State
from s3mover.journal import to_record

FILE = Path(__file__).parents[1] / "process" / "release_0_1_0.json"
RECORDED: dict[str, Any] = json.loads(FILE.read_text())
NEEDED = ("source", "destination", "state", "generation", "created", "updated")


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_record_of_release_0_1_0_is_read(state: str) -> None:
    record = to_record(RECORDED["id"], RECORDED[state], parts_done=0)

    assert record.source == "s3://s3mover/release/source"
    assert record.state is (State.QUEUED if state == "queued" else State.COPYING)
    assert (record.retries, record.troubles) == (0, [])


def test_fields_that_came_later_may_be_missing_and_unknown_ones_may_be_there() -> None:
    fields = {name: RECORDED["running"][name] for name in NEEDED} | {"of_a_newer_release": "1"}

    record = to_record(RECORDED["id"], fields, parts_done=0)

    assert (record.size, record.parts_total, record.lost, record.error) == (None, 0, [], None)
