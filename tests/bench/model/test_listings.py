"""Listings over more than one page, through boto3."""

from collections.abc import Callable

import pytest
from types_boto3_s3 import S3Client

from bench.model import ModelS3

MIB = 1024**2
PARTS = 2_001  # two full pages and one part
Refused = Callable[..., tuple[int, str]]


def test_objects_are_listed_by_prefix_in_order(s3: S3Client, bucket: str) -> None:
    for key in ("b/2", "a", "b/1", "b/10", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12")

    listed = s3.list_objects_v2(Bucket=bucket, Prefix="b/")

    assert [(f["Key"], f["Size"]) for f in listed["Contents"]] == [
        ("b/1", 2),
        ("b/10", 2),
        ("b/2", 2),
    ]
    assert not listed["IsTruncated"]


def test_objects_are_listed_page_by_page(s3: S3Client, bucket: str) -> None:
    keys = [f"a b/{number}" for number in range(5)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key)

    paginator = s3.get_paginator("list_objects_v2")
    pages = list(paginator.paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))

    assert [len(page["Contents"]) for page in pages] == [2, 2, 1]
    assert [found["Key"] for page in pages for found in page["Contents"]] == keys


def test_a_listing_starts_after_a_key(s3: S3Client, bucket: str) -> None:
    for key in "abc":
        s3.put_object(Bucket=bucket, Key=key)

    listed = s3.list_objects_v2(Bucket=bucket, StartAfter="a")

    assert [found["Key"] for found in listed["Contents"]] == ["b", "c"]


def test_a_delimiter_groups_what_is_below(s3: S3Client, bucket: str) -> None:
    for key in ("g/a", "g/b/1", "g/b/2", "g/c", "h"):
        s3.put_object(Bucket=bucket, Key=key)

    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix="g/", Delimiter="/", PaginationConfig={"PageSize": 1}
    )

    seen = [
        found.get("Key") or found.get("Prefix")
        for page in pages
        for found in (*page.get("Contents", ()), *page.get("CommonPrefixes", ()))
    ]
    assert seen == ["g/a", "g/b/", "g/c"]


def test_keys_that_come_and_go_are_listed_as_they_are(s3: S3Client, bucket: str) -> None:
    for key in ("k/2", "k/4", "k/3"):
        s3.put_object(Bucket=bucket, Key=key)
    s3.list_objects_v2(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="k/3")
    s3.put_object(Bucket=bucket, Key="k/1")

    listed = s3.list_objects_v2(Bucket=bucket, Prefix="k/", StartAfter="k/1")

    assert [found["Key"] for found in listed["Contents"]] == ["k/2", "k/4"]


def test_a_token_that_is_none_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    answer = refused(s3.list_objects_v2, Bucket=bucket, ContinuationToken="é")

    assert answer == (400, "InvalidArgument")


def test_thousands_of_parts_are_copied_listed_and_completed(
    model: ModelS3, s3: S3Client, bucket: str
) -> None:
    size = PARTS * 5 * MIB
    model.put("listings/source", size)
    created = s3.create_multipart_upload(Bucket=bucket, Key="b")["UploadId"]
    for number in range(1, PARTS + 1):
        s3.upload_part_copy(
            Bucket=bucket,
            Key="b",
            UploadId=created,
            PartNumber=number,
            CopySource=f"{model.bucket}/listings/source",
            CopySourceRange=f"bytes={(number - 1) * 5 * MIB}-{number * 5 * MIB - 1}",
        )

    pages = list(s3.get_paginator("list_parts").paginate(Bucket=bucket, Key="b", UploadId=created))
    parts = [part for page in pages for part in page["Parts"]]
    s3.complete_multipart_upload(
        Bucket=bucket,
        Key="b",
        UploadId=created,
        MpuObjectSize=size,
        MultipartUpload={
            "Parts": [{"PartNumber": p["PartNumber"], "ETag": p["ETag"]} for p in parts]
        },
    )

    assert [len(page["Parts"]) for page in pages] == [1000, 1000, 1]
    assert [part["PartNumber"] for part in parts] == list(range(1, PARTS + 1))
    head = s3.head_object(Bucket=bucket, Key="b")
    assert (head["ContentLength"], head["ETag"][-6:]) == (size, f'-{PARTS}"')


@pytest.fixture
def uploads(s3: S3Client, bucket: str) -> list[tuple[str, str]]:
    """Return keys and ids of uploads, in the order in which S3 lists them."""
    keys = ("a", "b/ü 1", "b/ü 1", "b/ü 1", "b/ü 2", "c")
    return [(key, s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]) for key in keys]


def test_uploads_are_listed_by_prefix(
    s3: S3Client, bucket: str, uploads: list[tuple[str, str]]
) -> None:
    listed = s3.list_multipart_uploads(Bucket=bucket, Prefix="b/ü")["Uploads"]

    assert [(found["Key"], found["UploadId"]) for found in listed] == uploads[1:5]


def test_uploads_of_one_key_may_be_on_different_pages(
    s3: S3Client, bucket: str, uploads: list[tuple[str, str]]
) -> None:
    paginator = s3.get_paginator("list_multipart_uploads")

    pages = list(paginator.paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))

    assert [len(page["Uploads"]) for page in pages] == [2, 2, 2]
    found = [(u["Key"], u["UploadId"]) for page in pages for u in page["Uploads"]]
    assert found == uploads


def test_uploads_are_listed_after_a_key(
    s3: S3Client, bucket: str, uploads: list[tuple[str, str]]
) -> None:
    listed = s3.list_multipart_uploads(Bucket=bucket, KeyMarker="b/ü 1")["Uploads"]

    assert [(found["Key"], found["UploadId"]) for found in listed] == uploads[4:]
