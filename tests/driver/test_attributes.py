from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import Location, Source, copy_whole, create
from driver.attributes import policy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


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

    copy_whole(stub_client, settings, source, Location("bucket", "c"))
    create(stub_client, settings, source, Location("bucket", "c"))

    for request in stub.requests:
        assert request.headers["x-amz-storage-class"] == "ONEZONE_IA"
        assert request.headers["x-amz-server-side-encryption"] == "aws:kms"
        assert request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "k"
        assert request.headers["x-amz-acl"] == "private"


def test_tags_are_asked_of_the_pinned_version_and_only_if_there_are_any(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    tagged = Source(Location("bucket", "a"), 1, "e", "v1", {}, {}, 2, None)
    tags = "<Tag><Key>a b</Key><Value>&amp;=+/</Value></Tag><Tag><Key>c</Key><Value/></Tag>"
    stub.answer(body=f"<Tagging><TagSet>{tags}</TagSet></Tagging>")
    stub.answer(body="<Result><UploadId>id</UploadId></Result>")

    create(stub_client, stub_settings, tagged, Location("bucket", "c"))

    asked, created = stub.requests
    assert "versionId=v1" in asked.path
    assert created.headers["x-amz-tagging"] == "a%20b=%26%3D%2B%2F&c="
