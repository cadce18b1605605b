from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import Location, Pin, Source, copy_whole, create
from driver.attributes import Asked, policy, policy_of
from driver.tagging import header_of, tags_of

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KMS = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"StorageClass": "STANDARD", "ACL": "private"}),
        (
            {"storageclass": "none", "objectacl": "bucket-owner-read"},
            {"ACL": "bucket-owner-read"},
        ),
        (
            {"storageclass": "STANDARD_IA", "encrypt": True},
            {"StorageClass": "STANDARD_IA", "ACL": "private", "ServerSideEncryption": "AES256"},
        ),
        (
            {"storageclass": "NONE", "encrypt": True, "keyid": "k"},
            {"ACL": "private", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k"},
        ),
        ({"storageclass": "NONE", "keyid": "k"}, {"ACL": "private"}),
    ],
)
def test_a_write_is_told_only_what_the_settings_demand(
    parameters: dict[str, object], expected: dict[str, str]
) -> None:
    settings = S3Settings.model_validate({"region": "us-east-1", "bucket": "b", **parameters})

    assert policy(settings) == expected


def test_a_copy_by_one_request_and_one_in_parts_demand_the_same(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    wanted = {"storageclass": "ONEZONE_IA", "encrypt": True, "keyid": "k"}
    settings = stub_settings.model_copy(update=wanted)
    source = Source(Location("bucket", "a"), 1, "e", None, {}, {}, 0, None)
    stub.answer(body="<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
    stub.answer(body="<Result><UploadId>id</UploadId></Result>")

    copy_whole(stub_client, policy(settings), source, Location("bucket", "c"))
    create(stub_client, policy(settings), source, Location("bucket", "c"))

    for request in stub.requests:
        assert request.headers["x-amz-storage-class"] == "ONEZONE_IA"
        assert request.headers["x-amz-server-side-encryption"] == "aws:kms"
        assert request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "k"
        assert request.headers["x-amz-acl"] == "private"


def test_tags_are_asked_of_the_pinned_version(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    tagged = Source(Location("bucket", "a"), 1, "e", "v1", {}, {}, 0, None)
    tags = "<Tag><Key>a b</Key><Value>&amp;=+/</Value></Tag><Tag><Key>c</Key><Value/></Tag>"
    stub.answer(body=f"<Tagging><TagSet>{tags}</TagSet></Tagging>")
    stub.answer(body="<Result><UploadId>id</UploadId></Result>")

    found = tags_of(stub_client, tagged.pin)
    create(stub_client, policy(stub_settings), tagged, Location("bucket", "c"), found)

    asked, created = stub.requests
    assert "versionId=v1" in asked.path
    assert created.headers["x-amz-tagging"] == "a%20b=%26%3D%2B%2F&c="


def test_more_tags_than_a_header_holds_are_left_out_of_it() -> None:
    tags = tuple((f"key {number}", "v" * 250) for number in range(10))

    assert header_of(tags) == ""
    assert header_of(tags[:7])
    assert header_of(()) == ""


def test_a_store_without_tags_has_none(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(501, "<Error><Code>NotImplemented</Code></Error>")

    assert tags_of(stub_client, Pin(Location("bucket", "a"), 1, "e", None)) == ()


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        ({}, Asked(), {"StorageClass": "STANDARD_IA"}),
        ({"storageclass": "ONEZONE_IA"}, Asked(), {"StorageClass": "ONEZONE_IA"}),
        ({"storageclass": "NONE"}, Asked(), {}),
        (
            {"storageclass": "ONEZONE_IA"},
            Asked(storageclass="GLACIER"),
            {"StorageClass": "GLACIER"},
        ),
        ({"encrypt": True}, Asked(), {"ServerSideEncryption": "AES256"}),
        ({"encrypt": True}, Asked(encryption="destination"), {}),
        ({"encrypt": True}, Asked(encryption="keep"), KMS),
        ({}, Asked(encryption="other"), {**KMS, "SSEKMSKeyId": "other"}),
    ],
)
def test_a_request_goes_before_the_settings_and_those_before_the_source(
    given: dict[str, Any], asked: Asked, expected: dict[str, Any]
) -> None:
    settings = S3Settings.model_validate({"region": "us-east-1", "bucket": "bucket", **given})
    source = Source(
        Location("bucket", "a"), 1, "e", None, {}, {}, 0, None,
        storageclass="STANDARD_IA", encryption=KMS,
    )  # fmt: skip

    found = policy_of(settings, source, asked)

    assert found.pop("ACL") == "private"
    if "StorageClass" not in expected and settings.storageclass != "NONE":
        found.pop("StorageClass")
    assert found == expected
