"""The accounts that are to own the buckets go with every request, and no call site knows."""

from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings, Settings
from driver import (
    AccessDenied,
    Location,
    Pin,
    Upload,
    copy_part,
    delete_source,
    head,
    list_parts,
    list_uploads,
    make_client,
    open_driver,
)
from driver.owners import expected

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

OWNERS = {"one": "111111111111", "two": "022222222222"}
EXPECTED = "x-amz-expected-bucket-owner"
SOURCE = "x-amz-source-expected-bucket-owner"
PIN = Pin(Location("two", "a"), 6 << 20, "etag", None)
UPLOAD = Upload(Location("one", "b"), "upload")
PART = "<CopyPartResult><ETag>&quot;e&quot;</ETag></CopyPartResult>"


def client_of(settings: S3Settings) -> "S3Client":
    return make_client(settings, owners=OWNERS)


def owners_in(stub: "Stub") -> list[tuple[str | None, str | None]]:
    return [(each.headers.get(EXPECTED), each.headers.get(SOURCE)) for each in stub.requests]


def test_a_copy_of_a_part_names_the_owners_of_both_ends(
    stub: "Stub", stub_settings: S3Settings
) -> None:
    stub.answer(200, PART)

    copy_part(client_of(stub_settings), UPLOAD, PIN, 1, 5 << 20)

    assert owners_in(stub) == [(OWNERS["one"], OWNERS["two"])]


def test_a_bucket_without_an_owner_is_anyones(stub: "Stub", stub_settings: S3Settings) -> None:
    stub.answer(200, PART)
    elsewhere = Upload(Location("elsewhere", "b"), "upload")

    copy_part(client_of(stub_settings), elsewhere, PIN, 1, 5 << 20)
    copy_part(make_client(stub_settings), UPLOAD, PIN, 1, 5 << 20)

    assert owners_in(stub) == [(None, OWNERS["two"]), (None, None)]


def test_pages_and_deletes_name_the_owner_too(stub: "Stub", stub_settings: S3Settings) -> None:
    client = client_of(stub_settings)
    stub.answer(200, "<ListPartsResult/>")
    stub.answer(200, "<ListMultipartUploadsResult/>")
    stub.answer(204)

    list_parts(client, UPLOAD)
    list_uploads(client, UPLOAD.destination)
    delete_source(client, PIN)

    owners = [owner for owner, _ in owners_in(stub)]
    assert owners[:2] == [OWNERS["one"]] * 2
    assert set(owners[2:]) == {OWNERS["two"]}


def test_the_storage_driver_expects_them(stub: "Stub", stub_settings: S3Settings) -> None:
    settings = Settings(s3=stub_settings, bucket_owners={"bucket": "333333333333"})
    stub.answer(200)

    open_driver(settings).put_content("/a", b"")

    assert owners_in(stub) == [("333333333333", None)]


def test_an_url_for_others_works_without_the_header(stub_settings: S3Settings) -> None:
    url = client_of(stub_settings).generate_presigned_url(
        "get_object", Params={"Bucket": "one", "Key": "a"}
    )

    assert "owner" not in url


def test_a_bucket_of_another_account_is_denied_with_the_setting_to_look_at(
    stub: "Stub", stub_settings: S3Settings
) -> None:
    stub.answer(403)

    with pytest.raises(AccessDenied, match="S3MOVER_BUCKET_OWNERS"):
        head(client_of(stub_settings), PIN.location)


def test_every_operation_that_knows_owners_is_given_them(stub_settings: S3Settings) -> None:
    """Of the operations that name a bucket, those without one name or make it otherwise."""
    model = make_client(stub_settings).meta.service_model
    params: dict[str, Any] = {"Bucket": "one", "CopySource": {"Bucket": "two", "Key": "a"}}
    without = set()
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        members = shape.members if shape else {}
        if "Bucket" in members and not expected(params, members, OWNERS):
            without.add(name)

    assert without == {"CreateBucket", "CreateSession", "RenameObject"}
