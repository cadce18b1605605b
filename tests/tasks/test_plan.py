"""Where a move goes from and to, and whether it is copied whole."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings, Settings
from driver import Location, Source, TooLarge, UnknownCustomerKey
from s3mover import MoveRequest
from tasks.errors import BucketNotAllowed
from tasks.plan import Plan, decide, ends_of, locate

MIB = 1024**2
GIB = 1024**3
KEY = b"hunter2" + bytes(25)

SETTINGS = Settings(
    s3=S3Settings(bucket="bucket", region="eu-central-1", rootdirectory="/root"),
    buckets=frozenset({"bucket", "other"}),
    customer_keys={name: b64encode(KEY).decode() for name in ("one", "two")},
)


def request(**fields: Any) -> MoveRequest:
    return MoveRequest(source="s3://bucket/a", destination="s3://other/b", **fields)


def plan_of(size: int, **fields: Any) -> Plan:
    source = source_of(Location("bucket", "a"), size)
    return decide(SETTINGS, request(**fields), source, Location("other", "b"))


def source_of(location: Location, size: int, version_id: str | None = None) -> Source:
    return Source(location, size, "etag", version_id, {}, {}, 0, None)


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


def test_a_request_may_leave_the_part_size_to_the_object_and_the_cap() -> None:
    plan = plan_of(GIB, multipartcopychunksize="auto", multipartcopymaxconcurrency=64)

    assert (plan.parts, plan.part_size) == (64, 16 * MIB)


def test_a_setting_may_leave_it_too_and_a_request_has_the_last_word() -> None:
    s3 = SETTINGS.s3.model_copy(update={"multipartcopychunksize": "auto"})
    settings = SETTINGS.model_copy(update={"s3": s3})
    source, there = source_of(Location("bucket", "a"), GIB), Location("other", "b")

    assert decide(settings, request(), source, there).parts == 100
    assert decide(settings, request(multipartcopychunksize=GIB), source, there).parts == 1


def test_an_object_that_no_multipart_copy_can_hold_is_refused() -> None:
    with pytest.raises(TooLarge):
        plan_of(10_000 * 5 * GIB + 1)


def test_a_store_without_part_copies_takes_what_one_copy_may_hold() -> None:
    assert plan_of(5 * GIB).as_whole().parts == 0
    with pytest.raises(TooLarge, match="copies no parts"):
        plan_of(5 * GIB + 1).as_whole()


@given(size=st.integers(0, 10_000 * 5 * GIB), key=st.text(min_size=1))
def test_a_plan_survives_the_journal(size: int, key: str) -> None:
    source = source_of(Location("bucket", key), size, "version")
    plan = decide(SETTINGS, request(), source, Location("other", key))
    plan = replace(plan, lost=("tags: x",), tags="none", deadline=1.5)

    assert Plan.load(plan.dump()) == plan
    assert plan.pin == source.pin


NEWER = ("policy", "condition", "tags", "lost", "deadline", "customer_key", "to_customer_key")


def test_a_plan_of_an_older_worker_is_read() -> None:
    old = json.loads(plan_of(100 * MIB).dump())
    for newer in NEWER:
        del old[newer]

    assert Plan.load(json.dumps(old)).condition == {}


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        ({}, {}),
        ({"overwrite": "never"}, {"IfNoneMatch": "*"}),
        ({"overwrite": "if-match", "destination_etag": '"e"'}, {"IfMatch": '"e"'}),
        ({"overwrite": "if-match", "destination_etag": "e"}, {"IfMatch": '"e"'}),
    ],
)
def test_a_request_says_what_may_be_at_the_destination(
    fields: dict[str, Any], condition: dict[str, str]
) -> None:
    assert plan_of(1, **fields).condition == condition


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, ("", "")),
        ({"source_customer_key": "one"}, ("one", "")),
        ({"source_customer_key": "one", "encryption": "keep"}, ("one", "one")),
        ({"source_customer_key": "one", "encryption": "destination"}, ("one", "")),
        ({"source_customer_key": "one", "destination_customer_key": "two"}, ("one", "two")),
        ({"destination_customer_key": "two"}, ("", "two")),
        ({"encryption": "keep"}, ("", "")),
    ],
)
def test_a_plan_names_the_customers_keys_and_has_none(
    fields: dict[str, Any], names: tuple[str, str]
) -> None:
    asked = request(**fields)
    source, destination = ends_of(SETTINGS, asked)

    plan = Plan.load(decide(SETTINGS, asked, source_of(source, 1), destination).dump())

    assert (plan.pin.location.customer_key, plan.destination.customer_key) == names
    assert "hunter2" not in repr(plan) + repr(SETTINGS)
    assert b64encode(KEY).decode() not in plan.dump()


@pytest.mark.parametrize("name", ["source_customer_key", "destination_customer_key"])
def test_a_name_that_is_none_of_a_key_is_refused(name: str) -> None:
    with pytest.raises(UnknownCustomerKey, match=r"three.*S3MOVER_CUSTOMER_KEYS"):
        ends_of(SETTINGS, request(**{name: "three"}))


def test_a_copy_with_a_customers_key_has_none_of_the_workers_encryption() -> None:
    s3 = SETTINGS.s3.model_copy(update={"encrypt": True, "keyid": "kms"})
    settings = SETTINGS.model_copy(update={"s3": s3})
    source, kept = source_of(Location("bucket", "a"), 1), {"source_customer_key": "one"}

    def policy_of(name: str, **fields: Any) -> dict[str, Any]:
        return decide(settings, request(**fields), source, Location("other", "b", name)).policy

    assert "ServerSideEncryption" in policy_of("")
    assert "ServerSideEncryption" not in policy_of("two", destination_customer_key="two")
    assert "ServerSideEncryption" not in policy_of("one", encryption="keep", **kept)
