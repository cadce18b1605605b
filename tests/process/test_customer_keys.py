"""Objects that a customer's own key encrypts (SSE-C): read with it, written with another."""

import base64
import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from s3mover import MoveError, MoveRecord, State
from tests.process.rig import Goods, Rig, until
from worker.fleet import SeaweedFS

KEYS = {name: os.urandom(32) for name in ("mine", "other")}
SETTING = ",".join(f"{name}={base64.b64encode(key).decode()}" for name, key in KEYS.items())
KEY = "x-amz-server-side-encryption-customer-key"
SOURCE_KEY = "x-amz-copy-source-server-side-encryption-customer-key"

OF_SOURCE = {"source_customer_key": "mine"}
KEPT = {**OF_SOURCE, "encryption": "keep"}


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, workers=2, threads=4, settings={"customer_keys": SETTING}) as rig:
        yield rig


def key_of(name: str | None) -> dict[str, Any]:
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEYS[name]} if name else {}


def put(rig: Rig, parts: int, name: str | None) -> Goods:
    """Write an object with that key, or without one."""
    goods = rig.put(parts, old=None)
    rig.s3.put_object(Bucket=goods.bucket, Key=goods.source, Body=goods.body, **key_of(name))
    return goods


def read(rig: Rig, goods: Goods, key: str, name: str | None) -> bytes:
    return rig.s3.get_object(Bucket=goods.bucket, Key=key, **key_of(name))["Body"].read()


def assert_moved(rig: Rig, goods: Goods, record: MoveRecord, name: str | None) -> None:
    """Check that the object is at its destination only, encrypted with that key, or with none."""
    assert (record.state, record.error) == (State.DONE, None)
    assert record.evidence is not None
    assert record.evidence.kind in {"checksum", "read"}
    assert read(rig, goods, goods.destination, name) == goods.body
    assert rig.read(goods, goods.source) is None
    assert rig.uploads(goods) == []
    if name:
        with pytest.raises(ClientError, match="must provide the customer key"):
            rig.read(goods, goods.destination)


def sent(rig: Rig, goods: Goods) -> dict[str, tuple[str | None, str | None]]:
    """Return the keys that each operation has sent."""
    seen = [request for key in goods.keys for request in rig.gateway.seen(key=key)]
    return {
        f"{each.operation} {each.key.rpartition('/')[2]}": (
            each.headers.get(KEY),
            each.headers.get(SOURCE_KEY),
        )
        for each in seen
    }


@pytest.mark.parametrize("parts", [0, 3])
@pytest.mark.parametrize(
    ("before", "fields", "after"),
    [
        ("mine", {**OF_SOURCE, "destination_customer_key": "other"}, "other"),
        ("mine", OF_SOURCE, None),
        ("mine", KEPT, "mine"),
        (None, {"destination_customer_key": "other"}, "other"),
    ],
    ids=["another key", "no key", "the same key", "a first key"],
)
def test_an_object_is_moved_to(
    rig: Rig, parts: int, before: str | None, fields: Mapping[str, Any], after: str | None
) -> None:
    goods = put(rig, parts, before)

    record = rig.wait(rig.move(goods, **fields))

    assert_moved(rig, goods, record, after)


def test_an_upload_has_the_key_in_each_request_that_takes_one(rig: Rig) -> None:
    goods = put(rig, 3, None)

    record = rig.wait(rig.move(goods, destination_customer_key="other"))

    assert record.parts_done == 3
    other = base64.b64encode(KEYS["other"]).decode()
    keys = sent(rig, goods)
    assert {name for name, found in keys.items() if found == (other, None)} == {
        "CreateMultipartUpload destination",
        "UploadPartCopy destination",
        "ListParts destination",
        "CompleteMultipartUpload destination",
        "HeadObject destination",
    }
    assert {found for found in keys.values() if found != (other, None)} == {(None, None)}


def test_parts_are_asked_for_with_both_keys_and_copied_whole_where_a_store_does_not(
    rig: Rig,
) -> None:
    goods = put(rig, 3, "mine")
    fields = {**OF_SOURCE, "destination_customer_key": "other"}

    assert_moved(rig, goods, rig.wait(rig.move(goods, **fields)), "other")

    mine, other = (base64.b64encode(KEYS[name]).decode() for name in ("mine", "other"))
    keys = sent(rig, goods)
    assert keys["UploadPartCopy destination"] == (other, mine)
    assert keys["CopyObject destination"] == (other, mine)
    assert keys["HeadObject source"] == (mine, None)
    assert keys["DeleteObject source"] == (None, None)


def test_reading_both_sides_takes_both_keys(seaweedfs: SeaweedFS) -> None:
    settings = {"customer_keys": SETTING, "verify": "read"}
    with Rig(seaweedfs, workers=1, threads=2, beat=False, settings=settings) as rig:
        goods = put(rig, 0, "mine")

        record = rig.wait(rig.move(goods, **OF_SOURCE, destination_customer_key="other"))

        assert_moved(rig, goods, record, "other")
    digest = hashlib.sha256(goods.body).hexdigest()
    assert record.evidence is not None
    assert digest in record.evidence.detail


def refused(rig: Rig, goods: Goods, before: str | None, **fields: Any) -> MoveError:
    """Move what cannot be moved so, check that nothing was written, and return why."""
    record = rig.wait(rig.move(goods, **fields))
    assert record.state is State.FAILED
    assert record.error is not None
    assert read(rig, goods, goods.source, before) == goods.body
    assert rig.read(goods, goods.destination) is None
    assert rig.effects(goods).keys() <= {"GetObject"}
    return record.error


@pytest.mark.parametrize(
    "fields", [{"source_customer_key": "absent"}, {"destination_customer_key": "absent"}]
)
def test_a_name_that_no_key_has_fails_at_once_with_the_setting_to_look_at(
    rig: Rig, fields: Mapping[str, Any]
) -> None:
    goods = put(rig, 0, None)

    error = refused(rig, goods, None, **fields)

    assert error.code == "UnknownCustomerKey"
    assert "absent" in error.message
    assert "S3MOVER_CUSTOMER_KEYS" in error.message
    assert not rig.gateway.seen(key=goods.source)


@pytest.mark.parametrize(
    ("before", "fields", "code", "text"),
    [
        ("mine", {}, "Rejected", "customer's key (SSE-C) cannot be read without it"),
        ("mine", {"source_customer_key": "other"}, "AccessDenied", "customer's key than other"),
        (None, OF_SOURCE, "WrongCustomerKey", "mine was named"),
    ],
)
def test_an_object_under_another_key_is_refused_before_a_byte_is_copied(
    rig: Rig, before: str | None, fields: Mapping[str, Any], code: str, text: str
) -> None:
    error = refused(rig, goods := put(rig, 0, before), before, **fields)

    assert error.code == code
    assert text in error.message
    assert not rig.gateway.seen("CopyObject", key=goods.destination)


@pytest.mark.parametrize("there", ["other", None])
def test_the_destination_may_be_replaced_only_if_it_is_the_one(rig: Rig, there: str | None) -> None:
    """Whether the object that is there has the copy's key, or none."""
    goods = put(rig, 0, None)
    key = goods.destination
    old = rig.s3.put_object(Bucket=goods.bucket, Key=key, Body=b"old", **key_of(there))
    fields: dict[str, Any] = {"destination_customer_key": "other"}

    never = rig.wait(rig.move(goods, overwrite="never", **fields))

    assert never.error is not None
    assert never.error.code == "DestinationChanged"
    assert read(rig, goods, key, there) == b"old"
    fields |= {"overwrite": "if-match", "destination_etag": old["ETag"]}
    assert_moved(rig, goods, rig.wait(rig.move(goods, **fields)), "other")


def test_an_upload_under_a_key_is_carried_on_after_a_kill(rig: Rig) -> None:
    goods = put(rig, 8, None)
    rig.gateway.when("UploadPartCopy", key=goods.destination, times=6).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=4, destination_customer_key="other")
    until(lambda: len(rig.copies(goods)) >= 4)

    for worker in rig.fleet.workers:
        worker.kill()
    rig.revive()

    assert_moved(rig, goods, rig.wait(move_id), "other")
    assert len(rig.gateway.seen("CreateMultipartUpload", key=goods.destination)) == 1
