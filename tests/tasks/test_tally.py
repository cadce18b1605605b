"""Moves are counted where they change: once, however often a script is sent."""

import re
from importlib.resources import files

import pytest
from redis import Redis

from driver import Throttled, Transient
from s3mover import MoveError, MoveRequest, State, journal
from s3mover.metrics.snapshot import Snapshot, take
from s3mover.metrics.table import BOUNDS
from tasks import window
from tasks.deployment import Deployment
from tasks.journal import _FINISH, owning, refuse
from tasks.launch import bitmap
from tasks.plan import Plan
from tasks.recount import recount
from tasks.troubles import dump_trouble
from tasks.window import Part
from tests.tasks.throttled_fleet import Fleet

PARTS = 3
MIB = 1024**2
PLAN = Plan("aaa", "x", PARTS * MIB - 5, "e", None, "bbb", "y", MIB, 2)


@pytest.fixture
def accepted(redis: Redis, request_ab: MoveRequest) -> str:
    journal.accept(redis, "m", request_ab)
    return "m"


def launch(here: Deployment, move_id: str) -> None:
    """Plan a move of three parts, and publish two."""
    with owning(here, move_id, "") as move:
        fields = {"plan": PLAN.dump(), "parts": PARTS, "cap": 2, "upload": "u"}
        move.write(**fields, state=State.COPYING)  # type: ignore[arg-type]  # texts and numbers
        move.launch(bitmap(frozenset(), PARTS), 0, PARTS, [1, 2])


def copy(redis: Redis, number: int) -> None:
    part = Part("m", 1, number)
    claim = window.claim(redis, part, 60, 5)
    for _ in range(2):
        window.advance(redis, part, claim.token, "w")


def outstanding(redis: Redis) -> float:
    return take(redis).count("outstanding")


def test_the_classes_of_durations_are_those_of_the_table() -> None:
    text = files("s3mover").joinpath("lua", "tally.lua").read_text()
    [bounds] = re.findall(r"BOUNDS = \{(.*?)\}", text)

    assert tuple(map(float, bounds.split(","))) == BOUNDS


def test_a_move_is_in_one_state_at_a_time_and_in_none_when_it_has_ended(
    here: Deployment, accepted: str
) -> None:
    seen = [take(here.redis).moves]
    with owning(here, accepted, "") as move:
        for state in (State.COPYING, State.VERIFYING, State.DELETING):
            move.write(state=state)
            move.write(state=state)
            seen.append(take(here.redis).moves)
        move.finish(State.DONE, 60)
    seen.append(take(here.redis).moves)

    states = ["queued", "copying", "verifying", "deleting"]
    assert [[name for name, count in moves.items() if count] for moves in seen] == [
        *([state] for state in states),
        [],
    ]
    assert all(sum(moves.values()) == 1 for moves in seen[:-1])


def test_the_end_of_a_move_is_counted_once_with_its_time_in_each_state(
    here: Deployment, accepted: str
) -> None:
    with owning(here, accepted, "") as move:
        fields = {"plan": PLAN.dump(), "parts": 0}
        move.write(**fields, state=State.COPYING)  # type: ignore[arg-type]
        move.write(state=State.DELETING)
        here.redis.hincrbyfloat("s3mover:move:m", "copying_at", -30)
        for _ in range(2):
            _FINISH(here.redis, move.id, move.token, "done", 60)
        move.over = True

    counts = take(here.redis)
    assert counts.count("started") == counts.count("finished:done") == 1
    assert counts.count("bytes:moved") == counts.count("bytes:copied") == PLAN.size
    assert 30 <= counts.count("seconds:copying:sum") < 31
    assert counts.count("seconds:copying:6") == 1  # 15 to 60 s
    assert counts.count("seconds:deleting:1") == 1
    assert counts.count("seconds:verifying:sum") == 0
    assert not [name for name in here.redis.hkeys("s3mover:move:m") if "_at" in str(name)]


def test_a_part_is_counted_once_with_its_bytes(here: Deployment, accepted: str) -> None:
    launch(here, accepted)
    seen = [outstanding(here.redis)]
    for number in range(1, PARTS + 1):
        copy(here.redis, number)
        seen.append(outstanding(here.redis))

    counts = take(here.redis)
    assert seen == [2, 2, 1, 0]
    assert counts.count("parts") == PARTS
    assert counts.count("bytes:copied") == PLAN.size


def test_the_end_of_a_move_leaves_none_of_its_parts_outstanding(
    here: Deployment, accepted: str
) -> None:
    launch(here, accepted)
    journal.stop(here.redis, accepted, State.CANCELLED)
    with owning(here, accepted, "1") as move:
        move.finish(State.CANCELLED, 60)

    counts = take(here.redis)
    assert counts.count("outstanding") == 0
    assert counts.count("finished:cancelled") == 1
    assert counts.count("bytes:moved") == 0


def test_parts_that_a_change_of_course_has_stopped_are_not_outstanding(
    here: Deployment, accepted: str
) -> None:
    launch(here, accepted)
    journal.stop(here.redis, accepted, "whole")
    with owning(here, accepted, "1") as move:
        move.change_course("whole", upload="", parts=0)

    assert outstanding(here.redis) == 0


def test_another_generation_has_as_many_outstanding_as_it_publishes(
    here: Deployment, accepted: str
) -> None:
    launch(here, accepted)
    copy(here.redis, 1)
    with owning(here, accepted, "1") as move:
        for _ in range(2):
            move.launch(bitmap({1}, PARTS), 1, 2, [2])

    assert outstanding(here.redis) == 1


def test_a_damaged_plan_keeps_no_move_from_its_end(here: Deployment, accepted: str) -> None:
    with owning(here, accepted, "") as move:
        move.write(plan='{"size": "much"')
        move.finish(State.DONE, 60)

    assert take(here.redis).count("finished:done") == 1
    assert take(here.redis).count("bytes:moved") == 0


def test_a_size_of_many_digits_is_counted_exactly(here: Deployment, accepted: str) -> None:
    size = 50 * 1024**4 + 1
    with owning(here, accepted, "") as move:
        move.write(plan=PLAN.dump().replace(str(PLAN.size), str(size)), parts=0)
        move.finish(State.DONE, 60)

    assert here.redis.hget("s3mover:tally", "bytes:moved") == str(size)


def test_retries_throttles_and_refusals_are_counted(fleet: Fleet) -> None:
    claim = fleet.claim("m", 1)
    for _ in range(2):
        window.release(fleet.redis, Part("m", 1, 1), claim.token, dump_trouble(Transient("x"), 1))
    claim = fleet.claim("m", 2)
    for _ in range(2):
        fleet.throttled("m", 2, claim)
    for _ in range(2):
        refuse(fleet.redis, "r", MoveError(code="InvalidRequest", message="no"), 60)

    counts = take(fleet.redis)
    assert counts.count("retries:part") == 2
    assert counts.count("throttles:bbb") == 1
    assert counts.count("refused") == 1


def test_a_throttled_step_is_a_retry_of_a_step(here: Deployment, accepted: str) -> None:
    with pytest.raises(Transient), owning(here, accepted, ""):
        raise Throttled("SlowDown")

    assert take(here.redis).count("retries:step") == 1


def test_the_sweep_counts_anew_what_older_workers_have_not_counted(
    here: Deployment, accepted: str, request_ab: MoveRequest
) -> None:
    launch(here, accepted)
    right = take(here.redis)
    journal.accept(here.redis, "ended", request_ab)
    here.redis.delete("s3mover:move:ended")
    here.redis.zrem("s3mover:active", "ended")
    here.redis.delete("s3mover:in:copying")
    here.redis.hset("s3mover:tally", "outstanding", 99)

    answers = [recount(here.redis) for _ in range(2)]

    assert answers == ["mended", "ok"]
    assert _counted(take(here.redis)) == _counted(right)
    assert here.redis.zscore("s3mover:in:copying", "m") == pytest.approx(
        float(here.redis.hget("s3mover:move:m", "created") or 0)
    )


def test_the_sweep_looks_at_no_more_moves_than_it_is_told_to(
    here: Deployment, request_ab: MoveRequest
) -> None:
    for number in range(3):
        journal.accept(here.redis, f"m{number}", request_ab)

    assert recount(here.redis, 2) == "many"


def test_a_move_launched_by_an_older_worker_disturbs_no_count(
    here: Deployment, accepted: str
) -> None:
    launch(here, accepted)
    here.redis.hdel("s3mover:move:m", "out")
    here.redis.hset("s3mover:tally", "outstanding", 0)

    copy(here.redis, 1)

    assert outstanding(here.redis) == 0
    assert take(here.redis).count("parts") == 1


def _counted(snapshot: Snapshot) -> tuple[dict[str, int], float]:
    return dict(snapshot.moves), snapshot.count("outstanding")
