"""UploadPartCopy, through boto3."""

from collections.abc import Callable
from typing import Any

import pytest
from types_boto3_s3 import S3Client
from types_boto3_s3.type_defs import CopySourceTypeDef

from bench.model import ModelS3

MIB = 1024**2
Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def source(model: ModelS3) -> CopySourceTypeDef:
    """Return the address of a modelled object of 20 MiB."""
    model.put("copies/source", 20 * MIB)
    return {"Bucket": model.bucket, "Key": "copies/source"}


@pytest.fixture
def upload(s3: S3Client, bucket: str) -> dict[str, Any]:
    """Return the address of an upload."""
    target: dict[str, Any] = {"Bucket": bucket, "Key": "b"}
    return {**target, "UploadId": s3.create_multipart_upload(**target)["UploadId"]}


def test_a_part_has_the_size_of_its_range(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any]
) -> None:
    copy = s3.upload_part_copy(
        **upload,
        PartNumber=7,
        CopySource=source,
        CopySourceRange="bytes=5-9",
    )

    [part] = s3.list_parts(**upload)["Parts"]
    assert (part["PartNumber"], part["Size"]) == (7, 5)
    assert part["ETag"] == copy["CopyPartResult"]["ETag"]


def test_a_part_without_a_range_is_the_whole_source(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any]
) -> None:
    s3.upload_part_copy(**upload, PartNumber=1, CopySource=source)

    assert [part["Size"] for part in s3.list_parts(**upload)["Parts"]] == [20 * MIB]


def test_equal_ranges_of_one_source_have_one_etag(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any]
) -> None:
    ranges = {1: "bytes=0-9", 2: "bytes=0-9", 3: "bytes=10-19"}
    for number, wanted in ranges.items():
        s3.upload_part_copy(
            **upload,
            PartNumber=number,
            CopySource=source,
            CopySourceRange=wanted,
        )

    first, second, third = (part["ETag"] for part in s3.list_parts(**upload)["Parts"])

    assert first == second != third


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (f"bytes=0-{20 * MIB}", "InvalidArgument"),
        ("bytes=9-8", "InvalidArgument"),
        ("bytes=0-", "InvalidArgument"),
        ("0-9", "InvalidArgument"),
    ],
)
def test_a_range_that_is_not_in_the_source_is_refused(
    s3: S3Client,
    source: CopySourceTypeDef,
    upload: dict[str, Any],
    refused: Refused,
    wanted: str,
    code: str,
) -> None:
    part: dict[str, Any] = {
        **upload,
        "PartNumber": 1,
        "CopySource": source,
        "CopySourceRange": wanted,
    }

    assert refused(s3.upload_part_copy, **part) == (400, code)
    assert "Parts" not in s3.list_parts(**upload)


def test_a_range_of_a_small_source_is_refused(
    model: ModelS3, s3: S3Client, upload: dict[str, Any], refused: Refused
) -> None:
    model.put("copies/small", 5 * MIB)
    source = f"{model.bucket}/copies/small"
    part: dict[str, Any] = {
        **upload,
        "PartNumber": 1,
        "CopySource": source,
        "CopySourceRange": "bytes=0-9",
    }

    assert refused(s3.upload_part_copy, **part) == (400, "InvalidRequest")


def test_a_part_keeps_the_condition_on_its_source(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any], refused: Refused
) -> None:
    part: dict[str, Any] = {**upload, "PartNumber": 1, "CopySource": source}
    etag = s3.head_object(**source)["ETag"]

    answer = refused(s3.upload_part_copy, **part, CopySourceIfMatch='"x"')

    assert answer == (412, "PreconditionFailed")
    s3.upload_part_copy(**part, CopySourceIfMatch=etag)


@pytest.mark.parametrize("number", [0, 10_001])
def test_a_part_number_that_s3_does_not_have_is_refused(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any], refused: Refused, number: int
) -> None:
    part: dict[str, Any] = {**upload, "PartNumber": number, "CopySource": source}

    assert refused(s3.upload_part_copy, **part) == (400, "InvalidArgument")


def test_a_part_of_an_unknown_upload_is_refused(
    s3: S3Client, source: CopySourceTypeDef, upload: dict[str, Any], refused: Refused
) -> None:
    unknown = {**upload, "UploadId": "x", "PartNumber": 1, "CopySource": source}
    of_another_key = {**upload, "Key": "other", "PartNumber": 1, "CopySource": source}

    assert refused(s3.upload_part_copy, **unknown) == (404, "NoSuchUpload")
    assert refused(s3.upload_part_copy, **of_another_key) == (404, "NoSuchUpload")
