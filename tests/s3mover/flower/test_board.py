"""Reading the journal for the tab: once a second, whoever looks."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from s3mover import MoveRecord, State, UnknownMove
from s3mover.flower.board import Board
from s3mover.flower.rows import Asked


class Mover:
    """A client of a journal with one move, and with an older one."""

    def __init__(self) -> None:
        self.reads = 0
        self.bytes_done = 0

    def record(self, move_id: str) -> MoveRecord:
        now = datetime.now(UTC)
        return MoveRecord(
            id=move_id, source="/a", destination="/b", state=State.COPYING, size=1000,
            parts_total=10, bytes_done=self.bytes_done, created_at=now, started_at=now,
            updated_at=now,
        )  # fmt: skip

    def list(self, _: int) -> list[MoveRecord]:
        self.reads += 1
        return [self.record("young")]

    def status(self, move_id: str) -> MoveRecord:
        if move_id != "old":
            raise UnknownMove(move_id)
        return self.record("old")


@pytest.fixture
def mover() -> Mover:
    return Mover()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def board(mover: Any, clock: list[float]) -> Board:
    return Board(mover)


def test_many_looks_in_one_second_are_one_read(board: Board, mover: Mover) -> None:
    for _ in range(100):
        board.show(Asked())

    assert mover.reads == 1


def test_a_second_later_it_is_read_again_and_has_a_rate(
    board: Board, mover: Mover, clock: list[float]
) -> None:
    board.show(Asked())
    clock[0] += 2
    mover.bytes_done = 200

    _, [shown] = board.show(Asked())

    assert mover.reads == 2
    assert (shown.rate, shown.left) == ("100 B/s", "8.0 s")


def test_a_move_older_than_those_read_is_found_by_its_id(board: Board) -> None:
    assert [shown.id for shown in board.show(Asked(text="old"))[1]] == ["old"]
    assert board.show(Asked(text="none"))[1] == []
