"""Moves of prefixes that have to do with the same objects are not under way at once."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

import driver
from config import S3Settings, Settings
from s3mover import PrefixRequest, PrefixState, prefix_journal
from tasks.deployment import Deployment
from tasks.errors import LocationBusy
from tasks.prefix import begin, steer

HELD = "s3://bbb/a/b/", "s3://ccc/x/y/"


@pytest.fixture
def here(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    for name in ("is_versioned", "is_lockable"):
        monkeypatch.setattr(driver, name, lambda *_: False)
    own = Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"), buckets="bbb,ccc")
    return replace(here, settings=own)


def start(here: Deployment, name: str, source: str, destination: str) -> None:
    request = PrefixRequest(source=source, destination=destination)
    prefix_journal.accept(here.redis, name, request)
    begin.begin(here, name, request)


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(("s3://bbb/a/b/", "s3://ccc/q/"), id="one source"),
        pytest.param(("s3://bbb/a/b/c/", "s3://ccc/q/"), id="a source inside the other"),
        pytest.param(("s3://bbb/", "s3://ccc/q/"), id="a source around the other"),
        pytest.param(("s3://ccc/x/", "s3://bbb/q/"), id="the source is around its destination"),
        pytest.param(("s3://ccc/x/y/z/", "s3://bbb/q/"), id="the source is in its destination"),
        pytest.param(("s3://ccc/q/", "s3://bbb/a/b/"), id="the destination is its source"),
        pytest.param(("s3://ccc/q/", "s3://bbb/a/"), id="the destination is around its source"),
        pytest.param(("s3://bbb/q/", "/a/b/c/"), id="the destination is in its source, by a path"),
    ],
)
def test_a_move_of_what_another_moves_is_refused(here: Deployment, ends: tuple[str, str]) -> None:
    start(here, "first", *HELD)

    with pytest.raises(LocationBusy, match=r"active move first moves, .* wait for its end, or"):
        start(here, "second", *ends)

    assert "started" not in here.redis.hgetall("s3mover:prefix:second")
    prefix_journal.steer(here.redis, "first", "cancelled")
    assert_over(here, "first")
    start(here, "second", *ends)


@pytest.mark.parametrize(
    "ends",
    [
        ("s3://bbb/a/c/", "s3://ccc/x/y/"),  # another source into one destination
        ("s3://bbb/a/b-c/", "s3://ccc/x/yy/"),
        ("s3://ccc/a/b/", "s3://bbb/x/y/"),
    ],
)
def test_a_move_beside_another_goes(here: Deployment, ends: tuple[str, str]) -> None:
    start(here, "first", *HELD)
    start(here, "second", *ends)

    assert prefix_journal.read(here.redis, "second").state is PrefixState.LISTING


def test_the_same_move_begins_again_and_a_record_that_is_gone_holds_nothing(
    here: Deployment,
) -> None:
    start(here, "first", *HELD)
    start(here, "first", *HELD)
    assert here.redis.zcard("s3mover:areas:sources") == 1

    here.redis.delete("s3mover:prefix:first")
    start(here, "second", *HELD)

    members = here.redis.zrange("s3mover:areas:sources", 0, -1)
    assert members == ["bbb/a/b/\0second"]


def test_slashes_make_no_difference_on_a_store_that_may_keep_keys_as_paths(
    here: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "honours_batch_conditions", lambda *_: True)
    s3 = here.settings.s3.model_copy(update={"regionendpoint": "http://localhost:1"})
    here = replace(here, settings=here.settings.model_copy(update={"s3": s3}))
    start(here, "first", *HELD)

    with pytest.raises(LocationBusy):
        start(here, "second", "s3://bbb/a//b/", "s3://ccc/q/")


def assert_over(here: Deployment, name: str) -> None:
    """Have the move that is asked to stop end, as its steering does."""
    steer.carry(here, name)
    assert prefix_journal.read(here.redis, name).state.final
    assert here.redis.zcard("s3mover:areas:sources") == 0
    assert here.redis.zcard("s3mover:areas:destinations") == 0


def overlaps(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


areas = st.lists(st.sampled_from(["a/", "ab/", "é/", "/", "a-/"]), max_size=3).map(
    lambda names: "b/" + "".join(names)
)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(pairs=st.lists(st.tuples(areas, areas), max_size=6))
def test_what_is_refused_is_exactly_what_overlaps(
    redis: Redis, pairs: list[tuple[str, str]]
) -> None:
    redis.flushdb()
    held: list[tuple[str, str]] = []
    for number, (source, destination) in enumerate(pairs):
        redis.hset(f"s3mover:prefix:{number}", "state", "queued")
        verdict = str(begin._BEGIN(redis, number, source, destination))

        busy = [
            overlaps(s, source) or overlaps(s, destination) or overlaps(d, source) for s, d in held
        ]
        assert verdict.startswith("busy") == any(busy)
        if verdict == "ok":
            held.append((source, destination))
