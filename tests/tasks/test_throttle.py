"""The limit of a bucket that throttles, on a real Valkey and with time that tests turn on."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from celery import Celery
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from config import S3Settings, Settings
from driver import Throttled
from s3mover import MoveRequest, journal
from s3mover.journal import ACTIVE, move_key
from tasks import throttle, window
from tasks.carry import carry
from tasks.deployment import Deployment
from tasks.errors import NoPlace, Paused
from tasks.journal import OwnedMove, owning
from tasks.leases import _RENEW, Keeper
from tasks.plan import Plan
from tasks.throttle import _LEAVE, _THROTTLED, countdown
from tasks.window import Claim, Part
from worker.fleet import Valkey

LEASE = 60.0
MIB = 1024**2


@pytest.fixture(autouse=True)
def celery(server: Valkey) -> Celery:
    app = Celery("throttle", broker=server.url, backend=server.url)
    app.set_current()
    return app


@dataclass
class Fleet:
    """All workers' copies of parts into the bucket `bbb`, of launched moves."""

    here: Deployment

    @property
    def redis(self) -> Redis:
        return self.here.redis

    def launch(self, move_id: str, *, bucket: str = "bbb", parts: int = 200) -> None:
        request = MoveRequest(source="s3://aaa/x", destination=f"s3://{bucket}/{move_id}")
        journal.accept(self.redis, move_id, request)
        plan = Plan("aaa", "x", parts * MIB, "e", None, bucket, move_id, MIB, parts)
        fields = {
            "plan": plan.dump(),
            "parts": parts,
            "cap": parts,
            "upload": "u",
            "state": "copying",
            "started": 1,
            "launches": 1,
            "generation": 1,
            "todo": parts,
            "issued": parts,
            "cursor": parts,
            "destination_lock": f"s3://{bucket}/{move_id}",
        }
        self.redis.hset(move_key(move_id), mapping={k: str(v) for k, v in fields.items()})

    def claim(self, move_id: str, number: int, lease: float = LEASE) -> Claim:
        return window.claim(self.redis, Part(move_id, 1, number), lease, 5)

    def claim_many(self, move_id: str, numbers: range) -> dict[int, Claim]:
        """Begin as many of the parts as have a place."""
        claims = {number: self.claim(move_id, number) for number in numbers}
        return {number: claim for number, claim in claims.items() if claim.verdict == "run"}

    def throttled(
        self, move_id: str, number: int, claim: Claim, after: float | None = None
    ) -> None:
        error = Throttled("SlowDown")
        error.retry_after = after
        throttle.note_part(self.here, Part(move_id, 1, number), claim.token, error)

    def copied(self, move_id: str, claims: dict[int, Claim]) -> None:
        for number, claim in claims.items():
            window.advance(self.redis, Part(move_id, 1, number), claim.token, "w")

    def limit(self, bucket: str = "bbb") -> float | None:
        text = self.redis.hget(f"s3mover:throttle:{bucket}", "limit")
        return float(text) if text else None

    def later(self, seconds: float, bucket: str = "bbb") -> None:
        """Let time pass for the limit."""
        for field in ("moved", "lowered", "seen", "until", "kept_until"):
            key = f"s3mover:throttle:{bucket}"
            if self.redis.hexists(key, field):
                self.redis.hincrbyfloat(key, field, -seconds)


@pytest.fixture
def here(redis: Redis) -> Deployment:
    own = Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"))
    return Deployment(own, None, redis, Keeper(redis, own.part_lease))  # type: ignore[arg-type]  # no S3


@pytest.fixture
def fleet(here: Deployment) -> Fleet:
    fleet = Fleet(here)
    fleet.launch("m")
    return fleet


@pytest.fixture
def limited(fleet: Fleet) -> Fleet:
    """Return a fleet whose limit is 4, with nothing in flight and a second gone."""
    claims = fleet.claim_many("m", range(1, 9))
    for number, claim in claims.items():
        fleet.throttled("m", number, claim)
    fleet.later(1)
    return fleet


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


def renew(redis: Redis, *leases: str | int) -> None:
    _RENEW(redis, LEASE, *leases)


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


def small(here: Deployment, move_id: str) -> None:
    """Accept a move of a small object whose plan is there."""
    request = MoveRequest(source="s3://aaa/x", destination=f"s3://bbb/{move_id}")
    journal.accept(here.redis, move_id, request)
    plan = Plan("aaa", "x", 5, "e", None, "bbb", move_id, 0, 10)
    lock = f"s3://bbb/{move_id}"
    here.redis.hset(move_key(move_id), mapping={"plan": plan.dump(), "destination_lock": lock})


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


@given(seconds=st.floats(1, 400), tries=st.integers(0, 10_000))
def test_who_waits_for_a_place_asks_later_and_later_but_within_the_visibility_timeout(
    seconds: float, tries: int
) -> None:
    settings = Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"))

    assert 0 < countdown(settings, seconds, tries) <= settings.visibility_timeout / 4
    assert countdown(settings, 1, tries) <= 1
