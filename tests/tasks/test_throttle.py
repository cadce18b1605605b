"""The limit of a bucket that throttles, on a real Valkey and with time that tests turn on."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings, Settings
from s3mover.journal import ACTIVE, move_key
from tasks.throttle import countdown
from tests.tasks.throttled_fleet import Fleet, renew


def test_as_long_as_no_store_has_throttled_nothing_is_limited_or_kept(fleet: Fleet) -> None:
    claims = fleet.claim_many("m", range(1, 101))
    fleet.copied("m", claims)

    assert len(claims) == 100
    assert fleet.redis.keys("s3mover:throttle:*") + fleet.redis.keys("s3mover:flight:*") == []


def test_a_burst_of_throttles_halves_what_is_in_flight_once(fleet: Fleet) -> None:
    claims = fleet.claim_many("m", range(1, 101))

    for number, claim in claims.items():
        fleet.throttled("m", number, claim)

    assert fleet.limit() == 50
    assert len(fleet.claim_many("m", range(1, 101))) == 50


def test_a_throttle_a_round_later_halves_the_limit_again_but_not_below_one(limited: Fleet) -> None:
    limits = []
    for _ in range(4):
        claim = limited.claim("m", 1)
        limited.throttled("m", 1, claim)
        limits.append(limited.limit())
        limited.later(20)

    assert limits == [2, 1, 1, 1]


def test_a_throttle_that_is_reported_twice_counts_once(limited: Fleet) -> None:
    claim = limited.claim("m", 1)
    limited.throttled("m", 1, claim)
    limited.later(5)

    limited.throttled("m", 1, claim)

    assert limited.limit() == 2


def test_a_part_that_is_throttled_is_neither_begun_nor_holds_a_place(limited: Fleet) -> None:
    for _ in range(20):
        limited.throttled("m", 1, limited.claim("m", 1))
        limited.later(20)

    assert limited.claim("m", 1).verdict == "run"
    assert limited.redis.zcard("s3mover:flight:bbb") == 1


def test_a_first_limit_grows_back_by_doubling(limited: Fleet) -> None:
    limits = []
    done = 8
    for _ in range(3):
        claims = limited.claim_many("m", range(done + 1, done + 30))
        limited.copied("m", claims)
        limits.append(limited.limit())
        limited.later(1)
        done += len(claims)

    assert limits == [8, 16, 32]


def test_beyond_what_was_too_much_before_the_limit_grows_by_steps(limited: Fleet) -> None:
    limited.copied("m", limited.claim_many("m", range(9, 13)))
    claims = limited.claim_many("m", range(13, 21))
    limited.later(1)
    number, claim = claims.popitem()
    limited.throttled("m", number, claim)
    limited.later(1)
    limited.copied("m", claims)
    assert limited.limit() == 4

    limited.copied("m", limited.claim_many("m", range(21, 25)))

    assert limited.limit() == 5


def test_the_limit_grows_once_a_round(limited: Fleet) -> None:
    limited.copied("m", limited.claim_many("m", range(9, 13)))

    limited.copied("m", limited.claim_many("m", range(13, 21)))

    assert limited.limit() == 8


def test_a_limit_that_is_not_used_does_not_grow(limited: Fleet) -> None:
    for number in range(9, 20):
        limited.copied("m", {number: limited.claim("m", number)})

    assert limited.limit() == 4


def test_a_place_that_was_given_back_twice_was_used_once(limited: Fleet) -> None:
    claims = limited.claim_many("m", range(9, 12))

    limited.copied("m", claims)
    limited.copied("m", claims)

    assert limited.redis.hget("s3mover:throttle:bbb", "good") == "3"


def test_the_limit_goes_when_there_was_no_throttle_for_a_minute(
    limited: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    limited.later(61)

    with caplog.at_level(logging.INFO):
        claims = limited.claim_many("m", range(1, 101))

    assert len(claims) == 100
    assert limited.limit() is None
    assert [record.message for record in caplog.records] == [
        "s3://bbb throttles no longer: copies in flight are not limited"
    ]


def test_each_change_is_logged_once(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for number, claim in fleet.claim_many("m", range(1, 9)).items():
            fleet.throttled("m", number, claim)
        fleet.later(1)
        fleet.copied("m", fleet.claim_many("m", range(9, 13)))

    assert [record.message for record in caplog.records] == [
        "s3://bbb throttles: at most 4 copies in flight",
        "s3://bbb throttles: at most 8 copies in flight",
    ]


def test_a_bucket_that_throttles_limits_no_other(limited: Fleet) -> None:
    limited.launch("n", bucket="ccc")

    assert len(limited.claim_many("n", range(1, 101))) == 100


def test_a_dead_workers_place_comes_free_when_its_lease_lapses(limited: Fleet) -> None:
    for number in range(1, 5):
        assert limited.claim("m", number, lease=0).verdict == "run"

    assert len(limited.claim_many("m", range(5, 20))) == 4


def test_a_copy_that_began_before_the_limit_is_counted_when_its_lease_is_renewed(
    fleet: Fleet,
) -> None:
    claims = fleet.claim_many("m", range(1, 9))
    fleet.throttled("m", 8, claims.pop(8))
    leases = [value for n, claim in claims.items() for value in ("m", n, claim.token)]

    renew(fleet.redis, *leases)

    assert fleet.redis.zcard("s3mover:flight:bbb") == 7
    assert fleet.claim("m", 9).verdict == "throttled"


def test_a_retry_after_keeps_the_whole_fleet_from_the_bucket(fleet: Fleet) -> None:
    fleet.launch("n")
    claims = fleet.claim_many("m", range(1, 9))
    fleet.throttled("m", 1, claims[1], after=40)

    refused = fleet.claim("n", 1)
    fleet.later(40)

    assert (refused.verdict, refused.seconds) == ("throttled", 40)
    assert fleet.claim("n", 1).verdict == "run"


def test_a_retry_after_of_a_day_is_not_believed(fleet: Fleet) -> None:
    fleet.throttled("m", 1, fleet.claim("m", 1), after=86_400)

    fleet.later(301)

    assert fleet.claim("m", 1).verdict == "run"


def test_a_free_place_is_kept_for_the_move_that_has_none(limited: Fleet) -> None:
    """The parts of a huge move would hand their places on to each other for hours."""
    limited.launch("n")
    claims = limited.claim_many("m", range(1, 9))
    assert limited.claim("n", 1).verdict == "throttled"
    number = next(iter(claims))
    limited.copied("m", {number: claims[number]})

    assert limited.claim("m", 50).verdict == "throttled"
    assert limited.claim("n", 1).verdict == "run"


def test_a_place_is_not_kept_for_ever(limited: Fleet) -> None:
    limited.launch("n")
    claims = limited.claim_many("m", range(1, 9))
    limited.claim("n", 1)
    number = next(iter(claims))
    limited.copied("m", {number: claims[number]})

    limited.later(4)

    assert limited.claim("m", 50).verdict == "run"


def test_a_part_without_a_place_is_a_sign_of_life(limited: Fleet) -> None:
    limited.claim_many("m", range(1, 9))
    limited.redis.zadd(ACTIVE, {"m": 0})

    limited.claim("m", 50)

    assert float(limited.redis.zscore(ACTIVE, "m") or 0) > 0


def test_the_time_of_waiting_adds_up_until_a_part_comes_through(limited: Fleet) -> None:
    limited.launch("n")
    claims = limited.claim_many("m", range(1, 9))
    limited.claim("n", 1)
    for seconds in (100, 100, 10_000):  # the last: no worker was there for hours
        limited.redis.hincrbyfloat(move_key("n"), "throttled_last", -seconds)
        waited = limited.claim("n", 1).waited
    assert waited == pytest.approx(100 + 100 + 300, abs=5)

    limited.copied("m", claims)
    limited.copied("n", {1: limited.claim("n", 1)})

    assert limited.redis.hget(move_key("n"), "throttled_for") is None


@given(seconds=st.floats(1, 400), tries=st.integers(0, 10_000))
def test_who_waits_for_a_place_asks_later_and_later_but_within_the_visibility_timeout(
    seconds: float, tries: int
) -> None:
    settings = Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"))

    assert 0 < countdown(settings, seconds, tries) <= settings.visibility_timeout / 4
    assert countdown(settings, 1, tries) <= 1
