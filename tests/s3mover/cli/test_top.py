"""What `s3mover top` prints for files and programs, and how it measures."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from s3mover import BrokerUnavailable, MoveError, Mover, MoveRecord, State
from s3mover.amounts import amount_text, time_text
from s3mover.cli.glances import Glances
from s3mover.cli.moves_view import MovesView
from s3mover.overview import Overview
from s3mover.snapshot import MoveLine, Snapshot
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import COPYING, DONE, FAILED, A, B, Write

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MIB = 1 << 20


def record(done: int = 0, state: State = State.COPYING, **fields: Any) -> MoveRecord:
    fields = {
        "id": "0123456789abcdef0123456789abcdef0123",
        "source": "s3://inbox/a/film.mov",
        "destination": "s3://archive/b/film.mov",
        "size": 64 * MIB,
        "parts_total": 8,
        "parts_done": done // (8 * MIB),
        "started_at": NOON,
        "created_at": NOON,
        "updated_at": NOON,
    } | fields
    return MoveRecord(state=state, bytes_done=done, **fields)


class Looked(Mover):
    """A client that has seen these, one after the other."""

    def __init__(self, *seen: Overview | BrokerUnavailable) -> None:
        self._seen = iter(seen)

    def overview(self, limit: int = 50) -> Overview:  # noqa: ARG002  the client's own
        seen = next(self._seen)
        if isinstance(seen, BrokerUnavailable):
            raise seen
        return seen


def seen(seconds: float, *records: MoveRecord) -> Overview:
    return Overview(NOON + timedelta(seconds=seconds), len(records), {}, records)


def test_the_rate_of_a_move_is_of_what_came_between_two_looks() -> None:
    glances = Glances(Looked(seen(10, record(0)), seen(12, record(16 * MIB))), 10)
    glances.first()

    (line,) = glances.next().moves

    assert line.rate == pytest.approx(8 * MIB)
    assert line.eta == pytest.approx(48 / 8)


def test_small_objects_that_came_and_went_between_two_looks_are_in_the_total() -> None:
    small = record(5 * MIB, State.DONE, size=5 * MIB, created_at=NOON + timedelta(seconds=11))
    old = record(64 * MIB, State.DONE, id="old", created_at=NOON)
    glances = Glances(Looked(seen(10), seen(12, small, old)), 10)
    glances.first()

    assert glances.next().rate == pytest.approx(2.5 * MIB)


def test_a_redis_that_is_away_is_an_error_in_the_snapshot_and_not_the_end() -> None:
    looks = seen(10, record(0)), BrokerUnavailable("away"), seen(14, record(16 * MIB))
    glances = Glances(Looked(*looks), 10)
    glances.first()

    away = glances.next()
    back = glances.next()

    assert (away.error, away.moves) == ("away", [])
    assert back.error is None
    assert back.rate == pytest.approx(4 * MIB)


def test_a_file_gets_one_table_that_is_never_shortened(
    run: Run, mover: Mover, write: Write
) -> None:
    moves = [mover.move(A, f"s3://bucket/{'long' * 100}/{n}") for n in range(3)]
    write(moves[0], **DONE)
    write(moves[1], **COPYING, retries=2)
    write(moves[2], **FAILED)

    result = run("top")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("1 active: 1 copying; ")
    assert lines[1] == "ended: 1 done, 1 failed"
    head, active, *ended = [line.split()[0] for line in lines[3:]]
    assert (head, active, set(ended)) == ("ID", moves[1], {moves[0], moves[2]})
    assert f"s3://bucket/{'long' * 100}/1" in lines[4]
    assert "2 retries" in lines[4]
    assert "AccessDenied, part 2: no right to read it" in "".join(lines[5:])


def test_no_moves_are_a_table_too(run: Run) -> None:
    assert run("top").stdout.startswith("0 active; 0 B/s\nended: none\n\nID  ")


def test_programs_get_a_snapshot(run: Run, mover: Mover, write: Write) -> None:
    write(mover.move(A, B), **COPYING)

    result = run("top", "--json", "--once")

    assert result.stdout.count("\n") == 1
    assert Snapshot.model_validate_json(result.stdout).states == {State.COPYING: 1}


def test_programs_get_a_line_for_each_look_until_ctrl_c(
    run: Run, redis: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = iter([None, None, KeyboardInterrupt()])

    def sleep(_seconds: float) -> None:
        if pause := next(pauses):
            raise pause

    monkeypatch.setattr("s3mover.cli.top.time.sleep", sleep)

    result = run("top", "--json")

    assert result.exit_code == 0
    assert [json.loads(line)["active"] for line in result.stdout.splitlines()] == [0, 0, 0]


def drawn(width: int, *lines: MoveLine, height: int | None = None) -> list[str]:
    """Return what a terminal of this width, without colours, shows."""
    snapshot = Snapshot(at=NOON, active=len(lines), states={State.COPYING: 1}, moves=[*lines])
    console = Console(width=width, height=height or 50, no_color=True, force_terminal=True)
    options = console.options.update(height=height)
    rows = console.render_lines(MovesView(snapshot), options, pad=False)
    return ["".join(segment.text for segment in row).rstrip() for row in rows]


SLOW = MoveLine(
    move=record(
        16 * MIB,
        retries=3,
        troubles=[
            MoveError(
                code="Throttled",
                message="s3aws: UploadPartCopy s3://a/b -> s3://c/d: 503 SlowDown",
                part=7,
            )
        ],
    ),
    rate=8.0 * MIB,
    eta=6.0,
)


@pytest.mark.parametrize("width", [1, 7, 20, 40, 60, 80, 100, 120, 150, 200, 300])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert all(len(line) <= width for line in drawn(width, SLOW, SLOW))


def test_eighty_columns_have_what_matters_most() -> None:
    *_, head, row, trouble = drawn(80, SLOW)

    assert head.split() == ["ID", "STATE", "DONE", "SIZE", "RATE", "ETA", "DESTINATION"]
    assert row.split("  ")[0].split() == ["01234567", "copying"]
    assert "━─────  25%" in row
    assert "64.0 MiB   8.0 MiB/s    0:06" in row
    assert row.endswith("film.mov")
    assert trouble == "  3 retries, the last: Throttled, part 7: UploadPartCopy: 503 SlowDown"


def test_two_hundred_columns_have_all() -> None:
    *_, head, row, _ = drawn(200, SLOW)

    assert head.split()[:9] == [
        "ID", "STATE", "DONE", "BYTES", "RATE", "ETA", "PARTS", "RETRIES", "SOURCE",
    ]  # fmt: skip
    assert SLOW.move.id in row
    assert "16.0/64.0 MiB" in row
    assert " 2/8 " in row
    assert row.endswith("s3://inbox/a/film.mov -> s3://archive/b/film.mov")


def test_a_long_name_is_shortened_in_front_also_one_of_wide_characters() -> None:
    *_, row = drawn(80, MoveLine(move=record(destination=f"s3://b/{'映' * 60}/end")))

    assert "…" in row
    assert row.endswith("/end")


@pytest.mark.parametrize("height", [5, 8, 11])
def test_no_more_lines_than_the_terminal_has(height: int) -> None:
    lines = drawn(80, *[SLOW] * 20, height=height)

    assert len(lines) <= height
    assert [line for line in lines if line][-1] == f"… and {20 - (height - 5) // 2} more"


def test_what_a_key_holds_cannot_steer_the_terminal() -> None:
    lines = drawn(200, MoveLine(move=record(destination="s3://b/\x1b[2J\n")))

    assert r"\x1b[2J\n" in lines[-1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (11.6, "0:12"), (3600, "1:00:00"), (86_400 * 3 + 3600 * 4, "3d 4h")],
)
def test_the_time_left_is_the_shorter_the_longer_it_takes(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [(0, 0, "0/0 B"), (5, 100, "5/100 B"), (MIB, 2 << 30, "0.0/2.0 GiB"), (1, 1, "1/1 B")],
)
def test_an_amount_has_one_unit(done: int, total: int, text: str) -> None:
    assert amount_text(done, total) == text


def test_a_redis_that_is_away_from_the_start_is_sixty_nine(run: Run) -> None:
    result = run("top", "--broker", "redis://127.0.0.1:1/0")

    assert (result.exit_code, result.stdout) == (69, "")
