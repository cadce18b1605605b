"""Waiting for a move: each change once, through a restart of Redis, until the end or a timeout."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from redis import Redis

from s3mover import BrokerUnavailable, Mover, State, StillRunning, UnknownMove, journal, polling
from tests.s3mover.records import COPYING, DONE, A, B, Write
from worker.fleet import Valkey


def test_a_wait_ends_with_the_move(mover: Mover, write: Write) -> None:
    move = mover.move(A, B)

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(mover.wait, move, 60)
        write(move, **DONE)

    assert waiting.result().state is State.DONE


def test_a_wait_for_an_unknown_move_is_an_error(mover: Mover) -> None:
    with pytest.raises(UnknownMove, match="no move 4711"):
        mover.wait("4711", timeout=60)


@pytest.mark.parametrize(("eager", "longest"), [(False, 0.03), (True, 0.0075)])
def test_looks_are_late_by_a_share_of_the_time_and_eager_ones_by_less(
    monkeypatch: pytest.MonkeyPatch,
    eager: bool,  # noqa: FBT001  # pytest names it
    longest: float,
) -> None:
    now, late = 0.0, 0.0

    def sleep(seconds: float) -> None:
        nonlocal now, late
        late = max(late, seconds)
        now += seconds

    monkeypatch.setattr(polling, "time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))

    count = sum(1 for _ in polling.looks(1.5, eager=eager))

    assert late == pytest.approx(longest, rel=0.05)
    assert now == pytest.approx(1.5)
    assert count <= 1.5 / late * 4


def test_a_wait_that_is_over_says_that_the_move_goes_on(mover: Mover) -> None:
    move = mover.move(A, B)

    with pytest.raises(StillRunning, match=rf"{move} has not ended within 0\.01 s; it goes on"):
        mover.wait(move, timeout=0.01)


def test_no_time_at_all_is_one_look(mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    with pytest.raises(StillRunning):
        mover.wait(move, timeout=0)

    write(move, **DONE)

    assert mover.wait(move, timeout=0).state is State.DONE


def test_a_watch_yields_each_change_once_and_ends_with_the_move(
    mover: Mover, redis: Redis, write: Write
) -> None:
    move = mover.move(A, B)
    watch = mover.watch(move, timeout=60)

    assert next(watch).state is State.QUEUED

    write(move, **COPYING)
    assert next(watch).state is State.COPYING

    redis.setbit(journal.done_key(move), 1, 1)
    record = next(watch)
    assert (record.parts_done, record.bytes_done) == (1, 5_242_880)

    write(move, **DONE)
    record = next(watch)
    assert (record.state, record.bytes_done) == (State.DONE, 12_582_912)
    assert list(watch) == []


def test_a_wait_looks_at_one_word_until_the_move_has_ended(
    mover: Mover, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = mover.move(A, B)
    looks: list[State] = []
    look = journal.state_of

    def counted(redis: Redis, move_id: str) -> State:
        looks.append(look(redis, move_id))
        if len(looks) == 5:
            write(move, **DONE)
        return looks[-1]

    monkeypatch.setattr(journal, "state_of", counted)

    assert mover.wait(move, timeout=60).state is State.DONE
    assert looks == [State.QUEUED] * 5 + [State.DONE]


def test_a_wait_bridges_a_restart_of_redis() -> None:
    with Valkey() as valkey, ThreadPoolExecutor(1) as thread:
        mover = Mover(valkey.url)
        move = mover.move(A, B)
        watch = mover.watch(move, timeout=60)
        next(watch)

        valkey.stop()
        changed = thread.submit(next, watch)
        with pytest.raises(BrokerUnavailable):
            mover.status(move)
        assert not changed.done()
        valkey.start()
        mover.cancel(move)

        assert changed.result().state is State.CANCELLED


def test_what_a_wait_cannot_bridge_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s3mover.client._BRIDGED", 0.0)
    with Valkey() as valkey:
        mover = Mover(valkey.url)
        watch = mover.watch(mover.move(A, B))
        next(watch)

        valkey.kill()

        with pytest.raises(BrokerUnavailable):
            next(watch)
