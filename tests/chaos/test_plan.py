"""What a seed means: the same run each time, of the size that was asked for."""

import time
from dataclasses import replace

from tests.chaos.faults import DOOMED, Faults
from tests.chaos.plan import Options, draw
from tests.chaos.recovery import Kill, recoveries
from tests.process.s3_request import S3Request

OPTIONS = Options(seed=5, dooms=0)


def request(operation: str = "HeadObject", key: str = "m00001/source", **more: float) -> S3Request:
    start = more.get("start", time.monotonic())
    return S3Request(
        operation, "b", key, None, None, {"user-agent": "a one;"}, start, more.get("end"), 200
    )


def test_a_seed_is_one_plan_and_another_seed_another() -> None:
    assert draw(OPTIONS) == draw(OPTIONS)
    assert draw(OPTIONS).cases != draw(replace(OPTIONS, seed=6)).cases


def test_a_plan_has_as_much_of_all_as_was_asked_for() -> None:
    plan = draw(OPTIONS)

    large = [case.parts for case in plan.cases if case.parts]
    assert (len(plan.cases), len(large)) == (1000, 300)
    assert (min(large), max(large)) == (5, 40)
    kills = [strike for strike in plan.strikes if strike.worker is not None]
    assert (len(kills), len(plan.strikes)) == (50, 53)
    assert 10 <= sum(case.cancel_after is not None for case in plan.cases) <= 35
    assert 400 <= sum(case.has_old for case in plan.cases) <= 600


def test_faults_are_the_same_in_any_order_and_come_at_their_rate() -> None:
    asked = [request(key=f"m{n:05}/source") for n in range(2000)]
    first, second = Faults(OPTIONS, ()), Faults(OPTIONS, ())

    spoiled = {r.key for r in asked if first(r)}

    assert spoiled == {r.key for r in reversed(asked) if second(r)}
    assert first.counts == second.counts
    assert 70 <= len(spoiled) <= 130


def test_a_doomed_move_is_refused_the_same_request_for_good() -> None:
    cases = draw(replace(OPTIONS, dooms=1.0)).cases
    faults = Faults(replace(OPTIONS, faults=0), cases)
    case = next(case for case in cases if case.doom == "DeleteObject")

    answers = [faults(request("DeleteObject", case.source)) for _ in range(3)]

    assert [rule.status for rule in answers if rule] == [500] * 3
    assert faults(request("HeadObject", case.source)) is None
    assert faults.counts == {DOOMED: 3}


def test_recovery_lasts_until_a_request_made_after_the_kill_is_granted() -> None:
    cut = request(start=1.0, end=9.0)
    other = request(key="m00002/source", start=1.0, end=1.5)
    later = request(start=3.0, end=6.0)

    assert recoveries([cut, other, later], [Kill(2.0, "one;")]) == [4.0]
    assert recoveries([cut, later], [Kill(2.0, "two;")]) == []
