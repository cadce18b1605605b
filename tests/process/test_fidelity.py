"""What of an object survives a move does not depend on its size."""

from typing import Any

import pytest

from s3mover import State
from tests.process.rig import PART, Goods, Rig

TAGS = [{"Key": f"key {number}", "Value": "v=+" * 80} for number in range(10)]
KEPT: dict[str, Any] = {
    "CacheControl": "max-age=1",
    "ContentDisposition": "attachment",
    "ContentEncoding": "gzip",
    "ContentLanguage": "eo",
    "ContentType": "text/x-mine",
    "Metadata": {"a": "b", "c": "d e"},
    "StorageClass": "STANDARD_IA",
    "WebsiteRedirectLocation": "/elsewhere",
}


def dress(rig: Rig, goods: Goods) -> None:
    """Give the source everything that a move keeps."""
    rig.s3.put_object(Bucket=goods.bucket, Key=goods.source, Body=goods.body, **KEPT)
    tags: Any = {"TagSet": TAGS}
    rig.s3.put_object_tagging(Bucket=goods.bucket, Key=goods.source, Tagging=tags)


def seen(rig: Rig, goods: Goods, key: str) -> dict[str, Any]:
    found = rig.s3.head_object(Bucket=goods.bucket, Key=key)
    tags = rig.s3.get_object_tagging(Bucket=goods.bucket, Key=key)["TagSet"]
    return {name: found.get(name) for name in KEPT} | {
        "tags": {tag["Key"]: tag["Value"] for tag in tags}
    }


@pytest.mark.parametrize("parts", [0, 3])
def test_headers_metadata_storage_class_and_tags_survive_at_any_size(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)
    dress(rig, goods)
    before = seen(rig, goods, goods.source)
    assert len(before["tags"]) == len(TAGS)
    assert before["StorageClass"] == "STANDARD_IA"

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    assert seen(rig, goods, goods.destination) == before
    assert record.lost == []


@pytest.mark.parametrize("parts", [0, 3])
def test_a_request_may_ask_for_another_storage_class(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)

    rig.assert_moved(goods, rig.wait(rig.move(goods, storageclass="ONEZONE_IA")))

    assert seen(rig, goods, goods.destination)["StorageClass"] == "ONEZONE_IA"


@pytest.mark.parametrize("parts", [0, 3])
def test_tags_that_may_not_be_read_fail_the_move_before_it_copies_or_are_said_to_be_lost(
    rig: Rig, parts: int
) -> None:
    strict, lost = rig.put(parts), rig.put(parts)
    for goods in (strict, lost):
        dress(rig, goods)
        rig.gateway.when("GetObjectTagging", key=goods.source).respond(403, "AccessDenied")
    if not parts:  # S3 reads them itself
        rig.gateway.when("CopyObject", key=strict.destination).respond(403, "AccessDenied")

    refused = rig.wait(rig.move(strict))
    record = rig.wait(rig.move(lost, preserve={"tags": "best-effort"}))

    assert refused.state is State.FAILED
    rig.assert_untouched(strict)
    assert not rig.gateway.seen("CreateMultipartUpload", key=strict.destination)
    rig.assert_moved(lost, record)
    assert "GetObjectTagging" in record.lost[0]
    assert seen(rig, lost, lost.destination)["tags"] == {}


def test_tags_that_came_after_the_source_was_seen_survive(rig: Rig) -> None:
    goods = rig.put(parts=3)
    tags: Any = {"TagSet": TAGS}

    def put_tags() -> None:
        rig.s3.put_object_tagging(Bucket=goods.bucket, Key=goods.source, Tagging=tags)

    rig.gateway.when("GetObjectTagging", key=goods.source, times=1).call(put_tags)

    rig.assert_moved(goods, rig.wait(rig.move(goods)))

    assert len(seen(rig, goods, goods.destination)["tags"]) == len(TAGS)


def test_tags_that_may_not_be_read_at_all_leave_no_upload_behind(rig: Rig) -> None:
    goods = rig.put(parts=3)
    rig.gateway.when("GetObjectTagging", key=goods.source).respond(403, "AccessDenied")

    record = rig.wait(rig.move(goods))

    assert record.error is not None
    assert record.error.code == "CannotPreserve"
    rig.assert_untouched(goods)


def test_a_layout_is_kept_where_it_is_asked_for(rig: Rig) -> None:
    goods = rig.put(parts=3)
    other = PART + 1
    bucket, key = goods.bucket, goods.source
    upload = rig.s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    named: Any = {"Bucket": bucket, "Key": key, "UploadId": upload}
    pieces = [goods.body[:other], goods.body[other:]]
    etags = [
        rig.s3.upload_part(**named, PartNumber=number, Body=piece)["ETag"]
        for number, piece in enumerate(pieces, start=1)
    ]
    listed: Any = [{"PartNumber": n, "ETag": etag} for n, etag in enumerate(etags, start=1)]
    rig.s3.complete_multipart_upload(**named, MultipartUpload={"Parts": listed})

    record = rig.wait(rig.move(goods, layout="keep"))

    rig.assert_moved(goods, record)
    assert (record.parts_total, record.part_size) == (2, other)
    first = rig.s3.head_object(Bucket=bucket, Key=goods.destination, PartNumber=1)
    assert (first["ContentLength"], first["PartsCount"]) == (other, 2)


def test_a_checksum_that_a_copy_in_parts_cannot_have_is_said_or_refused(rig: Rig) -> None:
    said, refused = rig.put(parts=3), rig.put(parts=3)
    for goods in (said, refused):
        rig.s3.put_object(
            Bucket=goods.bucket, Key=goods.source, Body=goods.body, ChecksumAlgorithm="SHA256"
        )

    record = rig.wait(rig.move(said))
    other = rig.wait(rig.move(refused, preserve={"checksum": "strict"}))

    rig.assert_moved(said, record)
    assert "SHA256" in record.lost[0]
    assert other.error is not None
    assert other.error.code == "CannotPreserve"
    rig.assert_untouched(refused)


def test_tags_are_never_given_to_an_object_that_came_after_the_copy(rig: Rig) -> None:
    goods = rig.put(parts=3)
    dress(rig, goods)

    def overwrite() -> None:
        rig.s3.put_object(Bucket=goods.bucket, Key=goods.destination, Body=b"foreign")

    rig.gateway.when("HeadObject", key=goods.destination, times=1)  # of the comparison
    rig.gateway.when("HeadObject", key=goods.destination, times=1).call(overwrite)

    record = rig.wait(rig.move(goods))

    assert record.error is not None
    assert record.error.code == "DestinationChanged"
    assert rig.read(goods, goods.source) == goods.body
    assert rig.read(goods, goods.destination) == b"foreign"
    assert seen(rig, goods, goods.destination)["tags"] == {}
