"""Moves of a bucket that throttles: they wait, and end in the end."""

import json
from contextlib import ExitStack
from dataclasses import replace

import pytest

from driver import Throttled
from s3mover import journal
from s3mover.journal import move_key
from tasks import throttle
from tasks.carry import carry
from tasks.copy_part import wait
from tasks.deployment import Deployment
from tasks.errors import NoPlace, Paused
from tasks.journal import OwnedMove, owning
from tasks.throttle import _LEAVE, _THROTTLED
from tasks.window import Part
from tests.tasks.throttled_fleet import Fleet, renew, small


def test_whole_copies_share_the_limit_with_parts(limited: Fleet) -> None:
    here = limited.here
    limited.claim_many("m", range(1, 4))
    small(here, "s")
    small(here, "t")

    with (
        owning(here, "s", "") as move,
        throttle.place(here, move),
        pytest.raises(NoPlace),
        owning(here, "t", "") as other,
        throttle.place(here, other),
    ):
        pass
    with owning(here, "t", "") as other, throttle.place(here, other):
        assert limited.redis.zcard("s3mover:flight:bbb") == 4


def test_only_a_whole_copy_in_flight_keeps_its_place(limited: Fleet) -> None:
    """Its owner lives on, to verify what was copied."""
    here = limited.here
    small(here, "s")
    with owning(here, "s", "") as move:
        with throttle.place(here, move):
            renew(limited.redis, "s", 0, move.token)
            assert limited.redis.zcard("s3mover:flight:bbb") == 1

        renew(limited.redis, "s", 0, move.token)

        assert limited.redis.zcard("s3mover:flight:bbb") == 0


def test_a_waiting_whole_copy_is_no_try(limited: Fleet) -> None:
    limited.claim_many("m", range(1, 9))
    small(limited.here, "s")

    for _ in range(10):
        with pytest.raises(NoPlace), owning(limited.here, "s", "") as move:
            carry(limited.here, move)

    assert limited.redis.hget(move_key("s"), "launches") == "0"
    assert limited.redis.hget(move_key("s"), "committed") is None


@pytest.fixture
def throttling_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def throttle(*_: object) -> None:
        raise Throttled("SlowDown")

    monkeypatch.setattr("driver.recheck", throttle)
    monkeypatch.setattr("driver.abort", throttle)


@pytest.mark.usefixtures("throttling_store")
def test_a_throttled_move_is_no_try_and_fails_after_hours(here: Deployment) -> None:
    small(here, "s")
    for _ in range(10):
        with pytest.raises(Paused), owning(here, "s", "") as move:
            carry(here, move)
        here.redis.delete("s3mover:throttle:bbb")
    assert here.redis.hget(move_key("s"), "launches") == "0"

    here.redis.hincrbyfloat(move_key("s"), "throttled_for", throttle.LONGEST)
    with owning(here, "s", "") as move:
        carry(here, move)

    record = journal.read(here.redis, "s")
    assert (record.state, record.error and record.error.code) == ("failed", "Throttled")


@pytest.mark.usefixtures("throttling_store")
def test_a_move_whose_abort_is_throttled_ends_in_the_end(fleet: Fleet) -> None:
    here = fleet.here
    journal.stop(here.redis, "m", "cancelled")
    with pytest.raises(Paused), owning(here, "m", "1") as move:
        carry(here, move)
    here.redis.hincrbyfloat(move_key("m"), "throttled_for", 2 * throttle.LONGEST)

    with owning(here, "m", "1") as move:
        carry(here, move)

    record = journal.read(here.redis, "m")
    assert record.state == "cancelled"
    assert record.error is not None
    assert "its upload is left" in record.error.message


def test_a_move_that_was_throttled_asks_for_nothing_before_the_retry_after(
    here: Deployment,
) -> None:
    small(here, "s")
    error = Throttled("SlowDown")
    error.retry_after = 40
    with owning(here, "s", "") as move:
        throttle.note_move(here, move, error)

    with pytest.raises(Paused), owning(here, "s", "") as move:
        carry(here, move)  # it would reach for S3, which is not there


def test_scripts_may_be_sent_twice(limited: Fleet) -> None:
    here = limited.here
    small(here, "s")
    with ExitStack() as stack:
        move: OwnedMove = stack.enter_context(owning(here, "s", ""))
        with throttle.place(here, move), throttle.place(here, move):
            assert limited.redis.zcard("s3mover:flight:bbb") == 1
        for _ in range(2):
            _LEAVE(here.redis, "s", move.token, 1)
        good = limited.redis.hget("s3mover:throttle:bbb", "good")
        limits = set()
        for _ in range(2):
            _THROTTLED(here.redis, "s", "", 0, move.token, 0, 1, "")
            limits.add(limited.limit())
            limited.later(5)

    assert good == "1"
    assert limits == {2}


@pytest.mark.parametrize(
    ("waited", "deadline", "code"),
    [(throttle.LONGEST, None, "Throttled"), (1.0, 1.0, "DeadlineExceeded")],
)
def test_a_part_that_waits_for_too_long_ends_its_move(
    limited: Fleet, waited: float, deadline: float | None, code: str
) -> None:
    limited.claim_many("m", range(1, 9))
    claim = limited.claim("m", 50)
    assert claim.plan is not None
    late = replace(claim, waited=waited, plan=replace(claim.plan, deadline=deadline))

    assert wait(None, limited.here, Part("m", 1, 50), late) == "failed"  # type: ignore[arg-type]  # no task

    fault = json.loads(limited.redis.hget(move_key("m"), "error") or "{}")
    assert (fault["code"], fault["part"]) == (code, 50)
