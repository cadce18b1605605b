"""All moves at a glance: which come first, and what it costs."""

import pytest
from redis import Redis

from s3mover import Mover, State, journal
from s3mover.overview import look
from tests.s3mover.records import COPYING, DONE, FAILED, A, B, Write


def test_moves_at_work_come_first_then_queued_ones_then_the_last_that_ended(
    mover: Mover, write: Write
) -> None:
    names = ["ended first", "ended last", "queued", "young", "old"]
    ids = {name: mover.move(A, B) for name in names}
    write(ids["ended first"], **DONE | {"finished": 1_790_000_001.0})
    write(ids["ended last"], **FAILED | {"finished": 1_790_000_002.0})
    write(ids["young"], **COPYING, created=1_790_000_002.0)
    write(ids["old"], **COPYING, created=1_790_000_001.0)

    seen = mover.overview()

    order = [ids[name] for name in ("old", "young", "queued", "ended last", "ended first")]
    assert [record.id for record in seen.records] == order
    assert seen.records == [mover.status(move_id) for move_id in order]


def test_every_move_is_counted_also_those_that_are_not_listed(mover: Mover, write: Write) -> None:
    ids = [mover.move(A, B) for _ in range(5)]
    write(ids[0], **DONE)
    write(ids[1], **COPYING)

    seen = mover.overview(limit=1)

    assert [record.id for record in seen.records] == [ids[1]]
    assert seen.states == {State.QUEUED: 3, State.COPYING: 1, State.DONE: 1}
    assert list(seen.states) == [State.QUEUED, State.COPYING, State.DONE]


def test_what_is_counted_is_bounded_and_how_many_are_active_is_known_all_the_same(
    mover: Mover, redis: Redis
) -> None:
    for _ in range(5):
        mover.move(A, B)

    seen = look(redis, limit=50, depth=2)

    assert seen.active == 5
    assert len(seen.records) == seen.states[State.QUEUED] <= 4


def test_a_record_that_has_expired_is_not_seen(mover: Mover, redis: Redis) -> None:
    move = mover.move(A, B)
    redis.delete(journal.move_key(move))

    seen = mover.overview()

    assert (seen.states, seen.records) == ({}, [])


@pytest.mark.parametrize("moves", [0, 30])
def test_a_look_is_one_round_trip_and_changes_nothing(
    mover: Mover, redis: Redis, moves: int
) -> None:
    for _ in range(moves):
        mover.move(A, B)
    mover.overview()  # the script is known from now on
    before = redis.info("commandstats"), redis.lastsave(), redis.info("persistence")

    mover.overview()

    calls = {
        name: numbers["calls"] - before[0].get(name, {"calls": 0})["calls"]
        for name, numbers in redis.info("commandstats").items()
    }
    sent = {"cmdstat_evalsha": 1}
    own = {"cmdstat_info", "cmdstat_lastsave"}
    inside = {"cmdstat_hmget", "cmdstat_hgetall", "cmdstat_bitcount", "cmdstat_time"}
    inside |= {"cmdstat_zrange", "cmdstat_zrevrange", "cmdstat_zcard"}
    made = {name: count for name, count in calls.items() if count and name not in own | inside}
    assert made == sent
    changes = "rdb_changes_since_last_save"
    assert redis.info("persistence")[changes] == before[2][changes]
