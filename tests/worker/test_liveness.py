"""When a worker counts as alive: a restart must help, and an outage of Redis is no reason."""

import time
from pathlib import Path

import pytest

from worker import liveness
from worker.liveness import LONGEST, Pulse, Watch


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(liveness, "time", clock)
    return clock


def looked_at(clock: Clock, pulse: Pulse, seconds: float) -> bool:
    """Look each minute for so long; return what was seen last."""
    for _ in range(int(seconds // 60)):
        clock.now += 60
        alive = pulse.is_alive()
    return alive


@pytest.mark.parametrize("answers", [True, False])
def test_a_worker_that_is_heard_of_is_alive(clock: Clock, answers: bool) -> None:  # noqa: FBT001  # a case
    pulse = Pulse(lambda: answers, excused=clock.now)
    for _ in range(10):
        clock.now += 100
        pulse.heard()
        assert pulse.is_alive()


def test_an_outage_of_redis_is_an_excuse_however_long(clock: Clock) -> None:
    assert looked_at(clock, Pulse(lambda: False, excused=clock.now), 100 * LONGEST)


def test_a_worker_that_is_silent_while_redis_answers_is_not_alive(clock: Clock) -> None:
    pulse = Pulse(lambda: True, excused=clock.now)

    assert looked_at(clock, pulse, LONGEST - 60)
    assert not looked_at(clock, pulse, 120)


def test_after_an_outage_a_worker_has_time_to_come_back(clock: Clock) -> None:
    there = False
    pulse = Pulse(lambda: there, excused=clock.now)
    looked_at(clock, pulse, 10 * LONGEST)
    there = True

    assert looked_at(clock, pulse, LONGEST - 60)
    assert not looked_at(clock, pulse, 120)


def test_a_worker_that_ends_its_last_copies_is_alive(clock: Clock) -> None:
    pulse = Pulse(lambda: True, excused=clock.now)
    pulse.stopping = True

    assert looked_at(clock, pulse, 100 * LONGEST)


def test_a_file_that_cannot_be_touched_for_a_while_is_touched_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "EVERY", 0.01)
    path = tmp_path / "later" / "alive"
    watch = Watch(path, Pulse(lambda: True))
    watch.start()
    time.sleep(0.1)
    path.parent.mkdir()
    time.sleep(0.1)

    there = path.exists()
    watch.stop()
    assert there
