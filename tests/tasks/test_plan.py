"""Where a move goes from and to, and whether it is copied whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings, Settings
from driver import Location, Pin, TooLarge
from s3mover import MoveRequest
from tasks.errors import BucketNotAllowed
from tasks.plan import Plan, decide, locate

MIB = 1024**2
GIB = 1024**3

SETTINGS = Settings(
    s3=S3Settings(bucket="bucket", region="eu-central-1", rootdirectory="/root"),
    buckets=frozenset({"bucket", "other"}),
)


def request(**fields: int) -> MoveRequest:
    return MoveRequest(source="s3://bucket/a", destination="s3://other/b", **fields)  # type: ignore[arg-type]


def plan_of(size: int, **fields: int) -> Plan:
    pin = Pin(Location("bucket", "a"), size, "etag", None)
    return decide(SETTINGS, request(**fields), pin, Location("other", "b"))


def test_a_uri_names_its_bucket_and_key() -> None:
    assert locate(SETTINGS, "s3://other/a b/c+d") == Location("other", "a b/c+d")


def test_a_driver_path_lies_below_the_root_directory() -> None:
    assert locate(SETTINGS, "/a/b") == Location("bucket", "root/a/b")


def test_a_bucket_that_is_not_allowed_is_refused_with_those_that_are() -> None:
    with pytest.raises(BucketNotAllowed, match="S3MOVER_BUCKETS allows bucket, other"):
        locate(SETTINGS, "s3://elsewhere/a")


@pytest.mark.parametrize(("size", "parts"), [(0, 0), (32 * MIB, 0), (32 * MIB + 1, 2)])
def test_an_object_above_the_threshold_is_copied_in_parts(size: int, parts: int) -> None:
    assert plan_of(size).parts == parts


@pytest.mark.parametrize(("size", "parts"), [(5 * MIB, 0), (5 * MIB + 1, 1)])
def test_no_range_is_copied_of_an_object_that_s3_copies_only_whole(size: int, parts: int) -> None:
    assert plan_of(size, multipartcopythresholdsize=0).parts == parts


def test_a_request_chooses_its_own_part_size_and_concurrency() -> None:
    plan = plan_of(100 * MIB, multipartcopychunksize=5 * MIB, multipartcopymaxconcurrency=3)

    assert (plan.parts, plan.cap) == (20, 3)


def test_an_object_that_no_multipart_copy_can_hold_is_refused() -> None:
    with pytest.raises(TooLarge):
        plan_of(10_000 * 5 * GIB + 1)


def test_a_store_without_part_copies_takes_what_one_copy_may_hold() -> None:
    assert plan_of(5 * GIB).as_whole().parts == 0
    with pytest.raises(TooLarge, match="copies no parts"):
        plan_of(5 * GIB + 1).as_whole()


@given(size=st.integers(0, 10_000 * 5 * GIB), key=st.text(min_size=1))
def test_a_plan_survives_the_journal(size: int, key: str) -> None:
    pin = Pin(Location("bucket", key), size, "etag", "version")
    plan = decide(SETTINGS, request(), pin, Location("other", key))

    assert Plan.load(plan.dump()) == plan
    assert plan.pin == pin
