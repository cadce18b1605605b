"""Multipart uploads from creation to their end, through boto3."""

from collections.abc import Callable
from typing import Any

import pytest
from types_boto3_s3 import S3Client

from bench.model import ModelS3

MIB = 1024**2
SIZE = 12 * MIB  # three parts: 5, 5 and 2 MiB
Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def upload(model: ModelS3, s3: S3Client, bucket: str) -> dict[str, Any]:
    """Return the address of an upload of three parts."""
    model.put("uploads/source", SIZE)
    target: dict[str, Any] = {"Bucket": bucket, "Key": "b"}
    created = s3.create_multipart_upload(
        **target, ContentType="text/plain", Metadata={"colour": "blue"}, Tagging="team=x"
    )
    upload = {**target, "UploadId": created["UploadId"]}
    for number, first in enumerate(range(0, SIZE, 5 * MIB), 1):
        last = min(first + 5 * MIB, SIZE) - 1
        s3.upload_part_copy(
            **upload,
            PartNumber=number,
            CopySource=f"{model.bucket}/uploads/source",
            CopySourceRange=f"bytes={first}-{last}",
        )
    return upload


@pytest.fixture
def parts(s3: S3Client, upload: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what Complete is to be told of the upload's parts."""
    listed = s3.list_parts(**upload)["Parts"]
    return [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in listed]


def test_a_completed_upload_is_one_object_with_all_it_was_created_with(
    s3: S3Client, upload: dict[str, Any], parts: list[Any]
) -> None:
    answer = s3.complete_multipart_upload(
        **upload, MultipartUpload={"Parts": parts}, MpuObjectSize=SIZE
    )

    head = s3.head_object(Bucket=upload["Bucket"], Key="b")
    assert (head["ContentLength"], head["ETag"]) == (SIZE, answer["ETag"])
    assert answer["ETag"].endswith('-3"')
    assert (head["ContentType"], head["Metadata"]) == ("text/plain", {"colour": "blue"})
    assert head["TagCount"] == 1
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=upload["Bucket"])


def test_a_completed_object_knows_its_parts(
    s3: S3Client, upload: dict[str, Any], parts: list[Any]
) -> None:
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    head = s3.head_object(Bucket=upload["Bucket"], Key="b", PartNumber=3)

    assert (head["ContentLength"], head["PartsCount"]) == (2 * MIB, 3)


def test_a_copy_of_a_completed_object_is_one_part_with_another_etag(
    s3: S3Client, upload: dict[str, Any], parts: list[Any]
) -> None:
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    bucket = upload["Bucket"]

    copy = s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/b")

    assert "-" not in copy["CopyObjectResult"]["ETag"]
    assert s3.head_object(Bucket=bucket, Key="c")["ContentLength"] == SIZE


def test_complete_wants_parts_that_are_there(
    s3: S3Client, upload: dict[str, Any], parts: list[Any], refused: Refused
) -> None:
    first, second, third = parts

    def complete(*chosen: dict[str, Any], **more: Any) -> tuple[int, str]:
        wanted = {"Parts": list(chosen)}
        return refused(s3.complete_multipart_upload, **upload, MultipartUpload=wanted, **more)

    assert complete(first, {**second, "ETag": '"x"'}) == (400, "InvalidPart")
    assert complete(first, {**second, "PartNumber": 9}) == (400, "InvalidPart")
    assert complete(second, first) == (400, "InvalidPartOrder")
    assert complete(first, third, {**third, "PartNumber": 4})[1] == "InvalidPart"
    assert complete() == (400, "MalformedXML")
    assert complete(first, second, MpuObjectSize=SIZE) == (400, "InvalidRequest")
    assert len(s3.list_parts(**upload)["Parts"]) == 3


def test_only_the_last_part_may_be_small(
    model: ModelS3, s3: S3Client, upload: dict[str, Any], parts: list[Any], refused: Refused
) -> None:
    source = f"{model.bucket}/uploads/source"
    copy = s3.upload_part_copy(**upload, PartNumber=4, CopySource=source)
    fourth = {"PartNumber": 4, "ETag": copy["CopyPartResult"]["ETag"]}

    answer = refused(
        s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": [*parts, fourth]}
    )

    assert answer == (400, "EntityTooSmall")


def test_complete_keeps_its_condition(
    s3: S3Client, upload: dict[str, Any], parts: list[Any], refused: Refused
) -> None:
    s3.put_object(Bucket=upload["Bucket"], Key="b", Body=b"there")
    wanted = {"Parts": parts}

    answer = refused(
        s3.complete_multipart_upload, **upload, MultipartUpload=wanted, IfNoneMatch="*"
    )

    assert answer == (412, "PreconditionFailed")
    assert s3.get_object(Bucket=upload["Bucket"], Key="b")["Body"].read() == b"there"
    assert len(s3.list_parts(**upload)["Parts"]) == 3


def test_a_part_that_is_copied_again_replaces_the_former(
    model: ModelS3, s3: S3Client, upload: dict[str, Any]
) -> None:
    source = f"{model.bucket}/uploads/source"

    s3.upload_part_copy(**upload, PartNumber=3, CopySource=source)

    sizes = [part["Size"] for part in s3.list_parts(**upload)["Parts"]]
    assert sizes == [5 * MIB, 5 * MIB, SIZE]


def test_an_aborted_upload_is_gone(
    s3: S3Client, upload: dict[str, Any], parts: list[Any], refused: Refused
) -> None:
    s3.abort_multipart_upload(**upload)

    assert "Uploads" not in s3.list_multipart_uploads(Bucket=upload["Bucket"])
    assert refused(s3.list_parts, **upload) == (404, "NoSuchUpload")
    assert refused(s3.abort_multipart_upload, **upload) == (404, "NoSuchUpload")
    wanted = {"Parts": parts}
    answer = refused(s3.complete_multipart_upload, **upload, MultipartUpload=wanted)
    assert answer == (404, "NoSuchUpload")


def test_an_upload_needs_a_bucket(s3: S3Client, refused: Refused) -> None:
    answer = refused(s3.create_multipart_upload, Bucket="none", Key="b")

    assert answer == (404, "NoSuchBucket")
