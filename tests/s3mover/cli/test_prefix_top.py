"""What `s3mover top` and `status` show of moves of prefixes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from rich.console import Console

from s3mover import Mover, PrefixRecord, PrefixState
from s3mover.cli.moves_view import MovesView
from s3mover.prefix_contract import Trouble
from s3mover.prefix_journal import prefix_key, troubles_key
from s3mover.snapshot import PrefixLine, Snapshot
from tests.s3mover.cli.conftest import Run

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def line(**fields: Any) -> PrefixLine:
    plain: dict[str, Any] = {
        "id": "0123456789abcdef0123456789abcdef0123",
        "source": "s3://inbox/2026/",
        "destination": "s3://archive/2026/",
        "state": PrefixState.MOVING,
        "found": 1000,
        "planned": 740,
        "listed": True,
        "moved": 250,
        "failed": 10,
        "moved_bytes": 64 << 20,
        "troubles": [Trouble(code="AccessDenied", count=10, example="a.mov", message="no right")],
        "created_at": NOON,
        "updated_at": NOON,
    }
    return PrefixLine(move=PrefixRecord(**plain | fields), rate=52.0, eta=14.0)


def drawn(width: int, *lines: PrefixLine, height: int | None = None) -> list[str]:
    """Return what a terminal of this width, without colours, shows."""
    snapshot = Snapshot(at=NOON, prefixes=[*lines])
    console = Console(width=width, height=height or 50, no_color=True, force_terminal=True)
    options = console.options.update(height=height)
    rows = console.render_lines(MovesView(snapshot), options, pad=False)
    return ["".join(segment.text for segment in row).rstrip() for row in rows]


def test_eighty_columns_have_what_matters_most() -> None:
    head, titles, row, trouble, empty = drawn(80, line())[3:8]

    assert head == "prefixes: 1 moving; 52 objects/s"
    assert titles.split() == ["ID", "STATE", "DONE", "OBJECTS", "RATE", "ETA", "DESTINATION"]
    assert row.split() == [
        "01234567", "moving", "━─────", "26%", "250/1000", "52/s", "0:14", "…//archive/2026/",
    ]  # fmt: skip
    assert trouble == "  AccessDenied (10), such as a.mov: no right"
    assert empty == ""


def test_a_listing_that_goes_on_has_no_bar_and_a_plus() -> None:
    row = drawn(120, line(listed=False))[5]

    assert "250/1000+" in row
    assert "━" not in row


@pytest.mark.parametrize("width", [1, 7, 20, 40, 60, 80, 100, 120, 150, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert all(len(each) <= width for each in drawn(width, line(), line()))


@pytest.mark.parametrize("height", [5, 8, 12, 24, 30])
def test_moves_of_prefixes_take_half_of_the_terminal_at_most(height: int) -> None:
    shown = drawn(80, *[line()] * 20, height=height)

    titles = next(i for i, each in enumerate(shown) if each.startswith("ID") and "SIZE" in each)
    assert len(shown) <= height
    assert titles - 3 <= max(height // 2, 0)


def written(mover: Mover, redis: Redis, **fields: str) -> str:
    prefix_id = mover.move_prefix("s3://inbox/x/", "s3://archive/x/")
    times = {"created": "1790000000", "started": "1790000000", "updated": "1790000010"}
    counts = {"found": "300", "moved": "100", "moved_bytes": "5120", "found_bytes": "15360"}
    facts: dict[Any, Any] = {**times, **counts, "state": "moving", **fields}
    redis.hset(prefix_key(prefix_id), mapping=facts)
    return prefix_id


def test_a_file_gets_the_prefixes_above_the_other_moves(
    run: Run, mover: Mover, redis: Redis
) -> None:
    prefix_id = written(mover, redis, listed="1")
    redis.hset(troubles_key(prefix_id), mapping={"Gone": "2", "Gone example": '["k", "text"]'})

    lines = run("top").stdout.splitlines()

    assert lines[3] == "prefixes: 1 moving; 10 objects/s"
    assert lines[5].split()[:4] == [prefix_id, "moving", "33%", "100/300"]
    assert "Gone (2), such as k: text" in lines[5]
    assert lines[7].split()[0] == "ID"


def test_programs_get_them_in_the_snapshot(run: Run, mover: Mover, redis: Redis) -> None:
    ended = written(mover, redis, state="done", finished="1790000011")
    going = written(mover, redis, listed="1")

    seen = Snapshot.model_validate_json(run("top", "--json", "--once").stdout)

    assert [each.move.id for each in seen.prefixes] == [going, ended]
    assert seen.prefixes[0].rate == pytest.approx(10)
    assert seen.prefixes[0].eta == pytest.approx(20)


def test_status_has_rate_and_time_left(run: Run, mover: Mover, redis: Redis) -> None:
    prefix_id = written(mover, redis, listed="1")

    text = run("status", prefix_id).stdout

    assert "10 objects/s, 512 B/s" in text.replace("512.0", "512")
    assert "about 0:20" in text
    assert "200, in flight or to come" in text
