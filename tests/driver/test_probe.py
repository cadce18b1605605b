"""What the examination writes is removed, also where answers are lost; the real store, spoiled."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import Finding, examine, make_client
from driver.findings import asked
from tests.process.s3_gateway import S3Gateway

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

NOT_ALLOWED = (
    "User: arn:aws:iam::1:user/me is not authorized to perform: kms:GenerateDataKey on resource: "
    "arn:aws:kms:us-east-1:1:key/k because no identity-based policy allows it"
)


@pytest.fixture
def gateway(settings: S3Settings) -> Iterator[S3Gateway]:
    with S3Gateway(settings.regionendpoint) as gateway:
        yield gateway


def examined(gateway: S3Gateway, settings: S3Settings, bucket: str) -> dict[str, Finding]:
    spoiled = settings.model_copy(update={"regionendpoint": gateway.endpoint})
    client = make_client(spoiled, attempts=1)
    return {found.check: found for found in examine(client, spoiled, bucket)}


def left_in(client: "S3Client", bucket: str) -> list[str]:
    page = client.list_object_versions(Bucket=bucket, Prefix="~s3mover/doctor/")
    uploads = client.list_multipart_uploads(Bucket=bucket, Prefix="~s3mover/doctor/")
    found = (*page.get("Versions", []), *page.get("DeleteMarkers", []), *uploads.get("Uploads", []))
    return [each["Key"] for each in found]


@pytest.mark.parametrize("kept", ["bucket", "versioned"])
@pytest.mark.parametrize(
    "operation", ["PutObject", "CopyObject", "CreateMultipartUpload", "DeleteObject"]
)
def test_what_is_written_is_removed_though_its_answer_is_lost(
    gateway: S3Gateway,
    settings: S3Settings,
    client: "S3Client",
    versioned: str,
    *,
    operation: str,
    kept: str,
) -> None:
    bucket = versioned if kept == "versioned" else settings.bucket
    gateway.when(operation, times=1).drop_reply()

    found = examined(gateway, settings, bucket)

    assert "cleaning" not in found
    assert not left_in(client, bucket)


def test_a_marker_whose_answer_is_lost_is_removed(
    gateway: S3Gateway, settings: S3Settings, client: "S3Client", versioned: str
) -> None:
    written = 4  # versions of the probe, each deleted before the marker is made
    gateway.when("DeleteObject", times=written)
    gateway.when("DeleteObject", times=1).drop_reply()

    found = examined(gateway, settings, versioned)

    assert found["s3:DeleteObjectVersion"].status == "ok"
    assert found["s3:DeleteObject"].status == "failed"
    assert "cleaning" not in found
    assert not left_in(client, versioned)


def test_an_examination_that_is_given_up_leaves_nothing(
    client: "S3Client", settings: S3Settings
) -> None:
    for found in examine(client, settings, settings.bucket):
        if found.check == "multipart upload":
            assert left_in(client, settings.bucket)
            break

    assert not left_in(client, settings.bucket)


def test_what_cannot_be_removed_is_said_to_be_left(
    gateway: S3Gateway, settings: S3Settings, client: "S3Client"
) -> None:
    gateway.when("DeleteObject").respond(403, "AccessDenied")

    found = examined(gateway, settings, settings.bucket)

    left = left_in(client, settings.bucket)
    assert found["cleaning"].detail.removeprefix(f"left behind: s3://{settings.bucket}/") in left
    for key in left:
        client.delete_object(Bucket=settings.bucket, Key=key)


@pytest.mark.parametrize("operation", ["CopyObject", "UploadPartCopy"])
def test_what_a_policy_hides_is_no_fault_of_the_store(
    gateway: S3Gateway, settings: S3Settings, operation: str
) -> None:
    gateway.when(operation).respond(403, "AccessDenied")

    found = examined(gateway, settings, settings.bucket)

    check = "conditional copy" if operation == "CopyObject" else "conditional part copy"
    assert found[check].status == "skipped"
    assert found[check].advice.startswith("allow s3:GetObject and s3:PutObject on ")


def test_a_denied_upload_is_not_taken_for_denied_tags(
    gateway: S3Gateway, settings: S3Settings
) -> None:
    gateway.when("CreateMultipartUpload").respond(403, "AccessDenied")

    found = examined(gateway, settings, settings.bucket)

    assert found["multipart upload"].status == "failed"
    assert found["multipart upload"].advice.startswith("allow s3:PutObject on ")
    assert found["parts"].status == "skipped"
    assert found["s3:PutObjectTagging"].status == "ok"


def test_a_store_that_refuses_a_delete_and_does_it_is_found_out(
    gateway: S3Gateway, settings: S3Settings, client: "S3Client"
) -> None:
    def delete() -> None:
        for key in left_in(client, settings.bucket):
            client.delete_object(Bucket=settings.bucket, Key=key)

    gateway.when("DeleteObject", times=1).call(delete).respond(412, "PreconditionFailed")

    found = examined(gateway, settings, settings.bucket)["conditional delete"]

    assert found.status == "warning"
    assert "deleted all the same" in found.detail


def test_the_action_and_the_resource_that_the_store_names_are_the_advice(
    gateway: S3Gateway, settings: S3Settings
) -> None:
    gateway.when("PutObject").respond(403, "AccessDenied", NOT_ALLOWED)

    found = examined(gateway, settings, settings.bucket)["s3:PutObject"]

    assert found.advice == "allow kms:GenerateDataKey on arn:aws:kms:us-east-1:1:key/k"


def test_a_fault_of_the_examination_is_a_finding() -> None:
    found = asked("x", "b", lambda: str(1 / 0))

    assert found.status == "failed"
    assert "ZeroDivisionError" in found.detail
