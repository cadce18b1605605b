"""Many who look at one thing read it once."""

import itertools
from types import SimpleNamespace

import anyio
import pytest

from s3mover import BrokerUnavailable
from s3mover.web.shared import Shared

WATCHERS = 200


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each look at the clock take a second."""
    seconds = itertools.count()
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)))
    monkeypatch.setattr("s3mover.web.shared.time", clock)


class Source:
    """Counts its reads, and may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.reads: list[tuple[str, int | None]] = []
        self.error = error

    def read(self, key: str, before: int | None) -> int:
        self.reads.append((key, before))
        if self.error:
            raise self.error
        return len(self.reads)


async def watch(shared: Shared[str, int], *, looks: int = 3) -> None:
    for _ in range(looks):
        await shared.look("move")


async def crowd(shared: Shared[str, int]) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(WATCHERS):
            tasks.start_soon(watch, shared)


def test_two_hundred_watchers_of_one_move_read_it_once_a_tick() -> None:
    source = Source()

    anyio.run(crowd, Shared(source.read, tick=1000))

    assert source.reads == [("move", None)]


def test_after_a_tick_it_is_read_again_and_knows_what_was_before(clock: None) -> None:
    source = Source()

    anyio.run(watch, Shared(source.read, tick=1))

    assert source.reads == [("move", None), ("move", 1), ("move", 2)]


def test_an_error_is_shared_as_well() -> None:
    source = Source(BrokerUnavailable("away"))
    shared = Shared(source.read, tick=1000)

    async def fail(seen: list[Exception]) -> None:
        try:
            await shared.look("move")
        except BrokerUnavailable as error:
            seen.append(error)

    async def all_fail() -> list[Exception]:
        seen: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            for _ in range(WATCHERS):
                tasks.start_soon(fail, seen)
        return seen

    assert len(anyio.run(all_fail)) == WATCHERS
    assert len(source.reads) == 1


def test_what_nobody_looks_at_any_more_is_forgotten(clock: None) -> None:
    source = Source()
    shared = Shared(source.read, tick=1)

    async def look_elsewhere() -> None:
        await shared.look("move")
        for _ in range(10):
            await shared.look("other")
        await shared.look("move")

    anyio.run(look_elsewhere)

    assert [before for key, before in source.reads if key == "move"] == [None, None]
