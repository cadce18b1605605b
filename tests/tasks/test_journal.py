"""Owning a move: one task at a time, and no write by one that has lost it."""

import time
from dataclasses import replace

import pytest
from redis import Redis

from config import S3Settings, Settings
from driver import Location
from s3mover import MoveError, MoveRequest, State, UnknownMove, journal
from tasks.deployment import Deployment
from tasks.errors import Busy, LocationBusy, StopAsked, Superseded, Wait
from tasks.journal import _OWN, OwnedMove, UnknownToJournal, owning, refuse
from tasks.leases import Keeper

A, B, C = (Location("bucket", key) for key in "abc")


@pytest.fixture
def here(redis: Redis) -> Deployment:
    own = Settings(s3=S3Settings(bucket="bucket", region="eu-central-1"), part_lease=0.3)
    return Deployment(own, None, redis, Keeper(redis, own.part_lease))  # type: ignore[arg-type]  # no S3


@pytest.fixture
def accepted(redis: Redis, request_ab: MoveRequest) -> str:
    journal.accept(redis, "m", request_ab)
    return "m"


def test_a_move_has_one_owner_at_a_time(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, ""), pytest.raises(Busy), owning(here, accepted, ""):
        pass


def test_an_owner_that_lives_keeps_its_move_beyond_the_lease(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        time.sleep(3 * here.settings.part_lease)

        with pytest.raises(Busy), owning(here, accepted, ""):
            pass
        move.write(state=State.COPYING)


def test_a_move_whose_owner_died_can_be_carried_on_and_not_by_the_dead(
    here: Deployment, accepted: str
) -> None:
    silent = replace(here, keeper=Keeper(here.redis, seconds=600))
    dead = owning(silent, accepted, "")
    move = dead.__enter__()
    time.sleep(2 * here.settings.part_lease)

    with owning(here, accepted, "") as heir:
        with pytest.raises(Superseded):
            move.write(state=State.DELETING)
        with pytest.raises(Superseded):
            move.finish(State.DONE, 60)
        heir.write(state=State.COPYING)
        dead.__exit__(None, None, None)
        heir.write(state=State.VERIFYING)


def test_an_answer_of_redis_that_is_lost_loses_no_move(here: Deployment, accepted: str) -> None:
    """The connection repeats a script whose answer did not come."""
    for _ in range(2):
        verdict, *fields = _OWN(here.redis, accepted, "token", 60, "")
    move = OwnedMove(here.redis, accepted, "token", dict(zip(*[iter(fields)] * 2, strict=True)))

    assert verdict == "own"
    assert move.launches == 1
    assert [move.launch(b"\0", 0, 8, [1]) for _ in range(2)] == [1, 1]


def test_a_try_counts_and_a_wait_does_not(here: Deployment, accepted: str) -> None:
    with pytest.raises(Wait), owning(here, accepted, ""):
        raise Wait
    with owning(here, accepted, "") as first:
        pass
    with owning(here, accepted, "") as second:
        pass

    assert [first.launches, second.launches] == [1, 2]


def test_a_verdict_on_another_generation_does_nothing(here: Deployment, accepted: str) -> None:
    with pytest.raises(Superseded), owning(here, accepted, "7"):
        pass


def test_a_move_that_is_not_recorded_has_no_owner(here: Deployment) -> None:
    with pytest.raises(UnknownToJournal), owning(here, "nobody", ""):
        pass


def test_there_is_no_way_back_after_a_commit_and_no_commit_after_a_stop(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.commit(state=State.VERIFYING)

        assert journal.stop(here.redis, accepted, State.CANCELLED) == "committed"

    journal.accept(here.redis, "n", move.request)
    with owning(here, "n", "") as other:
        assert journal.stop(here.redis, "n", State.CANCELLED) == "stopping"
        with pytest.raises(StopAsked):
            other.commit(state=State.VERIFYING)
    assert journal.read(here.redis, "n").state is State.QUEUED


def test_an_empty_value_removes_a_field(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, "") as move:
        move.write(upload="u")
        move.write(upload="")

        assert "upload" not in move.fields
        assert journal.read(here.redis, accepted).upload_id is None


def test_a_location_takes_part_in_one_move_at_a_time(
    here: Deployment, accepted: str, request_ab: MoveRequest
) -> None:
    journal.accept(here.redis, "n", request_ab)
    with owning(here, accepted, "") as first, owning(here, "n", "") as second:
        first.lock(A, B)
        first.lock(A, B)

        with pytest.raises(LocationBusy, match="is part of move m"):
            second.lock(C, A)

        first.finish(State.DONE, 60)
        second.lock(C, A)


def test_a_worker_that_slept_until_its_move_had_ended_locks_nothing(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.finish(State.DONE, 60)

        with pytest.raises(Superseded):
            move.lock(A, B)

    assert not here.redis.exists("s3mover:locks")


def test_a_lock_whose_move_has_expired_holds_nobody_up(here: Deployment, accepted: str) -> None:
    here.redis.hset("s3mover:locks", str(A), "expired")

    with owning(here, accepted, "") as move:
        move.lock(A, B)


def test_the_end_of_a_move_leaves_its_record_and_nothing_else(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.lock(A, B)
        move.finish(State.FAILED, 60, error='{"code": "c", "message": "m"}')

    kept = ["s3mover:move:m", "s3mover:moves", "s3mover:tally"]
    assert sorted(here.redis.keys("s3mover:*")) == kept
    assert journal.read(here.redis, accepted).error == MoveError(code="c", message="m")
    assert 0 < here.redis.ttl("s3mover:move:m") <= 60


def test_a_queued_move_is_cancelled_at_once(here: Deployment, accepted: str) -> None:
    assert journal.stop(here.redis, accepted, State.CANCELLED) == "cancelled"
    with pytest.raises(Superseded), owning(here, accepted, ""):
        pass


def test_what_has_ended_cannot_be_stopped(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, "") as move:
        move.finish(State.DONE, 60)

    assert journal.stop(here.redis, accepted, State.CANCELLED) == "done"


def test_a_message_that_is_no_request_is_on_record_but_replaces_none(
    redis: Redis, accepted: str
) -> None:
    error = MoveError(code="InvalidRequest", message="source: missing")

    refuse(redis, "raw", error, 60)
    refuse(redis, accepted, error, 60)

    assert journal.read(redis, "raw").error == error
    assert journal.read(redis, accepted).state is State.QUEUED


def test_no_record_is_said_to_be_unknown(redis: Redis) -> None:
    with pytest.raises(UnknownMove, match="no move x"):
        journal.read(redis, "x")
    with pytest.raises(UnknownMove):
        journal.stop(redis, "x", State.CANCELLED)


def test_a_generation_that_waits_in_a_long_queue_is_not_counted_as_tried(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.write(upload="u")
        move.launch(b"\0", 0, 8, [1])
    here.redis.hset("s3mover:move:m", "sweeps", 3)

    soon = time.time() + 1000
    here.redis.zadd(journal.ACTIVE, {accepted: soon})

    for generation in range(1, 10):
        with owning(here, accepted, str(generation)) as waiting:
            assert waiting.launches == 1
            waiting.launch(b"\0", 0, 8, [1])
    assert here.redis.hget("s3mover:move:m", "sweeps") == "3"
    assert here.redis.zscore(journal.ACTIVE, accepted) == pytest.approx(soon)


def test_a_generation_that_was_not_reached_counts_once_its_parts_are_no_longer_waited_for(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.write(upload="u")
        move.launch(b"\0", 0, 8, [1])
    with owning(here, accepted, "1") as settling:
        settling.commit(state=State.VERIFYING)

    with owning(here, accepted, "1") as again:
        assert again.launches == 2


def test_a_wait_takes_back_only_a_try_that_was_counted(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, "") as move:
        move.write(upload="u")
        move.launch(b"\0", 0, 8, [1])

    for _ in range(5):
        with pytest.raises(Wait), owning(here, accepted, "1"):
            raise Wait
    assert here.redis.hget("s3mover:move:m", "launches") == "1"


def test_parts_that_have_come_since_the_last_try_make_it_the_first(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        move.launch(b"\0", 0, 8, [1])
    here.redis.hset("s3mover:move:m", mapping={"reached": 1, "launches": 5})
    here.redis.setbit("s3mover:done:m", 0, 1)

    with owning(here, accepted, "1") as tried:
        assert tried.launches == 1
    with owning(here, accepted, "1") as tried:
        assert tried.launches == 2


def test_a_move_that_a_worker_has_begun_is_not_ended_by_the_one_who_cancels(
    here: Deployment, accepted: str
) -> None:
    """It may have an upload by now, which only a worker can abort."""
    with pytest.raises(Wait), owning(here, accepted, ""):
        raise Wait

    assert journal.stop(here.redis, accepted, State.CANCELLED) == "stopping"


def test_an_end_whose_answer_was_lost_is_an_end_when_it_is_sent_once_more(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        for _ in range(2):
            move.finish(State.DONE, 60)

    with pytest.raises(Superseded):
        replace(move, token="another").finish(State.FAILED, 60)
    assert journal.read(here.redis, accepted).state is State.DONE


def test_a_change_of_course_gives_way_to_a_cancel(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, "") as move:
        journal.stop(here.redis, accepted, "whole")
        journal.stop(here.redis, accepted, State.CANCELLED)

        with pytest.raises(StopAsked):
            move.change_course("whole", parts=0)
        assert move.stop_asked() == "cancelled"
