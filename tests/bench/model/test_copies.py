"""CopyObject, through boto3."""

from collections.abc import Callable
from typing import Any

from types_boto3_s3 import S3Client

from bench.model import ModelS3

GIB = 1024**3
Refused = Callable[..., tuple[int, str]]


def test_a_copy_carries_bytes_headers_metadata_and_tags(s3: S3Client, bucket: str) -> None:
    s3.put_object(
        Bucket=bucket,
        Key="a",
        Body=b"1",
        ContentType="text/plain",
        Metadata={"colour": "blue"},
        Tagging="team=x",
        StorageClass="STANDARD_IA",
    )

    answer = s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})

    copy = s3.get_object(Bucket=bucket, Key="b")
    assert copy["Body"].read() == b"1"
    assert copy["ETag"] == answer["CopyObjectResult"]["ETag"]
    assert (copy["ContentType"], copy["Metadata"]) == ("text/plain", {"colour": "blue"})
    assert copy["TagCount"] == 1
    assert "StorageClass" not in copy  # S3 takes it from the request alone


def test_a_copy_replaces_what_its_directives_say(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a", Metadata={"colour": "blue"}, Tagging="team=x")

    s3.copy_object(
        Bucket=bucket,
        Key="b",
        CopySource=f"{bucket}/a",
        MetadataDirective="REPLACE",
        Metadata={"shape": "round"},
        TaggingDirective="REPLACE",
        Tagging="",
        StorageClass="STANDARD_IA",
    )

    copy = s3.head_object(Bucket=bucket, Key="b")
    assert (copy["Metadata"], copy["StorageClass"]) == ({"shape": "round"}, "STANDARD_IA")
    assert "TagCount" not in copy


def test_a_copy_keeps_its_conditions(s3: S3Client, bucket: str, refused: Refused) -> None:
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    copy: dict[str, Any] = {"Bucket": bucket, "Key": "b", "CopySource": f"{bucket}/a"}

    assert refused(s3.copy_object, **copy, CopySourceIfMatch='"x"') == (412, "PreconditionFailed")
    assert refused(s3.copy_object, **copy, CopySourceIfNoneMatch=etag)[0] == 412
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    s3.copy_object(**copy, CopySourceIfMatch=etag, IfNoneMatch="*")
    assert refused(s3.copy_object, **copy, IfNoneMatch="*") == (412, "PreconditionFailed")


def test_a_copy_by_date_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    s3.put_object(Bucket=bucket, Key="a")
    copy: dict[str, Any] = {"Bucket": bucket, "Key": "b", "CopySource": f"{bucket}/a"}

    assert refused(s3.copy_object, **copy, CopySourceIfUnmodifiedSince=0)[1] == "NotImplemented"


def test_a_copy_of_what_is_missing_is_not_found(
    s3: S3Client, bucket: str, refused: Refused
) -> None:
    copy: dict[str, Any] = {"Bucket": bucket, "Key": "b"}

    assert refused(s3.copy_object, **copy, CopySource=f"{bucket}/no") == (404, "NoSuchKey")
    assert refused(s3.copy_object, **copy, CopySource="none/a") == (404, "NoSuchBucket")
    version = {"Bucket": bucket, "Key": "a", "VersionId": "1"}
    assert refused(s3.copy_object, **copy, CopySource=version) == (404, "NoSuchVersion")


def test_one_copy_takes_up_to_five_gib(
    model: ModelS3, s3: S3Client, bucket: str, refused: Refused
) -> None:
    model.put("copies/large", 5 * GIB)
    model.put("copies/larger", 5 * GIB + 1)
    copy: dict[str, Any] = {"Bucket": bucket, "Key": "b"}

    s3.copy_object(**copy, CopySource=f"{model.bucket}/copies/large")

    assert s3.head_object(Bucket=bucket, Key="b")["ContentLength"] == 5 * GIB
    answer = refused(s3.copy_object, **copy, CopySource=f"{model.bucket}/copies/larger")
    assert answer == (400, "InvalidRequest")


def test_a_copy_onto_itself_must_change_something(
    s3: S3Client, bucket: str, refused: Refused
) -> None:
    s3.put_object(Bucket=bucket, Key="a")
    copy: dict[str, Any] = {"Bucket": bucket, "Key": "a", "CopySource": f"{bucket}/a"}

    assert refused(s3.copy_object, **copy) == (400, "InvalidRequest")
    s3.copy_object(**copy, StorageClass="STANDARD_IA")
    assert s3.head_object(Bucket=bucket, Key="a")["StorageClass"] == "STANDARD_IA"
