"""Single objects, through boto3."""

from collections.abc import Callable
from hashlib import md5
from typing import Any

import pytest
from types_boto3_s3 import S3Client

from bench.model import ModelS3

MIB = 1024**2
Refused = Callable[..., tuple[int, str]]


def test_a_small_object_is_read_back_with_all_it_was_written_with(
    s3: S3Client, bucket: str
) -> None:
    s3.put_object(
        Bucket=bucket,
        Key="a",
        Body=b"hello",
        ContentType="text/plain",
        CacheControl="no-store",
        Metadata={"colour": "blue"},
        Tagging="team=x%20y&empty=",
        StorageClass="STANDARD_IA",
    )

    answer = s3.get_object(Bucket=bucket, Key="a")
    tags = s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"]

    assert answer["Body"].read() == b"hello"
    assert answer["ETag"] == f'"{md5(b"hello", usedforsecurity=False).hexdigest()}"'
    assert answer["ContentType"] == "text/plain"
    assert answer["CacheControl"] == "no-store"
    assert answer["Metadata"] == {"colour": "blue"}
    assert answer["StorageClass"] == "STANDARD_IA"
    assert answer["TagCount"] == 2
    assert tags == [{"Key": "team", "Value": "x y"}, {"Key": "empty", "Value": ""}]


def test_an_object_without_tags_has_an_empty_set(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a")

    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == []


def test_a_head_shows_what_a_get_would(s3: S3Client, bucket: str) -> None:
    written = s3.put_object(Bucket=bucket, Key="a", Body=b"x" * 1000)

    head = s3.head_object(Bucket=bucket, Key="a")

    assert (head["ContentLength"], head["ETag"]) == (1000, written["ETag"])
    assert head["ContentType"] == "binary/octet-stream"


def test_a_modelled_object_has_a_size_and_no_bytes(
    model: ModelS3, s3: S3Client, refused: Refused
) -> None:
    model.put("huge one", 5 * 1024**4)

    head = s3.head_object(Bucket=model.bucket, Key="huge one")

    assert head["ContentLength"] == 5 * 1024**4
    assert refused(s3.get_object, Bucket=model.bucket, Key="huge one") == (501, "NotImplemented")


def test_an_object_that_is_modelled_again_is_another_one(model: ModelS3, s3: S3Client) -> None:
    model.put("twice", 7)
    first = s3.head_object(Bucket=model.bucket, Key="twice")

    model.put("twice", 7)

    assert s3.head_object(Bucket=model.bucket, Key="twice")["ETag"] != first["ETag"]


def test_of_a_large_body_only_size_and_etag_are_kept(
    s3: S3Client, bucket: str, refused: Refused
) -> None:
    body = bytes(MIB + 1)
    s3.put_object(Bucket=bucket, Key="a", Body=body)

    head = s3.head_object(Bucket=bucket, Key="a")

    assert head["ContentLength"] == MIB + 1
    assert head["ETag"] == f'"{md5(body, usedforsecurity=False).hexdigest()}"'
    assert refused(s3.get_object, Bucket=bucket, Key="a") == (501, "NotImplemented")


@pytest.mark.parametrize("key", ["a b", "ü/€", "a+b%2F&c=d?e#f", "<x>\"'&amp;", "//a//", "dot/./x"])
def test_any_key_is_written_listed_copied_and_deleted(s3: S3Client, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    s3.copy_object(Bucket=bucket, Key=f"{key}~", CopySource={"Bucket": bucket, "Key": key})

    listed = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    s3.delete_object(Bucket=bucket, Key=key)
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": f"{key}~"}]})

    assert listed == [key, f"{key}~"]
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_what_is_missing_is_not_found(s3: S3Client, bucket: str, refused: Refused) -> None:
    assert refused(s3.head_object, Bucket=bucket, Key="no") == (404, "404")
    assert refused(s3.get_object, Bucket=bucket, Key="no") == (404, "NoSuchKey")
    assert refused(s3.get_object, Bucket="none", Key="no") == (404, "NoSuchBucket")
    assert refused(s3.head_bucket, Bucket="none") == (404, "404")


def test_a_read_keeps_its_condition(s3: S3Client, bucket: str, refused: Refused) -> None:
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]

    assert s3.get_object(Bucket=bucket, Key="a", IfMatch=etag)["Body"].read() == b"1"
    assert refused(s3.get_object, Bucket=bucket, Key="a", IfMatch='"x"')[0] == 412
    assert refused(s3.get_object, Bucket=bucket, Key="a", IfNoneMatch=etag)[0] == 304


def test_a_write_keeps_its_condition(s3: S3Client, bucket: str, refused: Refused) -> None:
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1", IfNoneMatch="*")["ETag"]

    assert refused(s3.put_object, Bucket=bucket, Key="a", IfNoneMatch="*")[0] == 412
    assert refused(s3.put_object, Bucket=bucket, Key="a", IfMatch='"x"')[0] == 412
    assert s3.put_object(Bucket=bucket, Key="a", Body=b"2", IfMatch=etag)["ETag"] != etag


def test_a_delete_keeps_its_condition(s3: S3Client, bucket: str, refused: Refused) -> None:
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]

    assert refused(s3.delete_object, Bucket=bucket, Key="a", IfMatch='"x"')[0] == 412
    assert s3.head_object(Bucket=bucket, Key="a")["ETag"] == etag
    s3.delete_object(Bucket=bucket, Key="a", IfMatch=etag)
    assert refused(s3.head_object, Bucket=bucket, Key="a")[0] == 404
    assert refused(s3.delete_object, Bucket=bucket, Key="a", IfMatch=etag)[0] == 404


def test_a_delete_of_nothing_is_fine(s3: S3Client, bucket: str) -> None:
    answer = s3.delete_object(Bucket=bucket, Key="no")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_many_objects_are_deleted_at_once_each_by_its_own_condition(
    s3: S3Client, bucket: str
) -> None:
    for key in "abc":
        s3.put_object(Bucket=bucket, Key=key)
    wanted: list[Any] = [{"Key": "a"}, {"Key": "b", "ETag": '"x"'}, {"Key": "no"}]

    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted})

    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["a", "no"]
    assert [(e["Key"], e["Code"]) for e in answer["Errors"]] == [("b", "PreconditionFailed")]
    left = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert left == ["b", "c"]


def test_a_quiet_delete_names_only_errors(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a")

    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}], "Quiet": True})

    assert answer.get("Deleted", []) == []
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_bucket_may_be_created_again(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a")

    s3.create_bucket(Bucket=bucket)

    assert s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_what_the_model_does_not_know_is_refused_and_not_ignored(
    s3: S3Client, bucket: str, refused: Refused
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    target = {"Bucket": bucket, "Key": "a"}

    assert refused(s3.get_object_acl, **target) == (501, "NotImplemented")
    assert refused(s3.get_object, **target, VersionId="1") == (501, "NotImplemented")
    assert refused(s3.get_object, **target, Range="bytes=0-0") == (501, "NotImplemented")
    assert refused(s3.upload_part, **target, UploadId="1", PartNumber=1)[1] == "NotImplemented"
    assert refused(s3.get_bucket_acl, Bucket=bucket) == (501, "NotImplemented")
    assert refused(s3.list_objects, Bucket=bucket) == (501, "NotImplemented")
