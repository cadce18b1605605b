from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from urllib3 import HTTPResponse

from config import S3Settings
from driver import (
    MIN_PART_SIZE,
    Location,
    NoSuchUpload,
    Part,
    SourceChanged,
    Transient,
    Upload,
    abort,
    complete,
    copy_part,
    create,
    head,
    list_parts,
    list_uploads,
    make_client,
    missing_parts,
    part_count,
)
from driver.attributes import policy
from driver.multipart import upload_part
from driver.tagging import tags_of

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make the copies of this module by both of their ways."""
    if "client" in metafunc.fixturenames:
        metafunc.parametrize("client", ["lean", "boto3"], indirect=True)


SIZE = 2 * MIN_PART_SIZE + 1


def copy_in_parts(client: "S3Client", settings: S3Settings, here: Location, there: Location) -> str:
    source = head(client, here)
    upload = create(client, policy(settings), source, there, tags_of(client, source.pin))
    for number in range(1, part_count(source.size, MIN_PART_SIZE) + 1):
        copy_part(client, upload, source.pin, number, MIN_PART_SIZE)
    return complete(client, upload, list_parts(client, upload), source.size)


def put_in_one_part(client: "S3Client", location: Location, body: bytes, **attributes: Any) -> None:
    """Let the store compute the checksum: boto3 alone has neither CRC32C nor CRC64NVME."""
    created = client.create_multipart_upload(**location.address, **attributes)
    upload = Upload(location, created["UploadId"])
    part = client.upload_part(**upload.address, PartNumber=1, Body=body)
    complete(client, upload, {1: Part(1, part["ETag"].strip('"'), len(body))}, len(body))


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", None])
def test_a_copy_carries_bytes_headers_metadata_tags_and_checksum(
    client: "S3Client",
    settings: S3Settings,
    *,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
    body_of: Callable[[Location], bytes],
    algorithm: Any,
) -> None:
    body = content(SIZE)
    put_in_one_part(
        client,
        here,
        body,
        ContentType="text/x-test",
        CacheControl="max-age=1",
        ContentDisposition="inline",
        ContentEncoding="gzip",
        ContentLanguage="de",
        Expires=datetime(2030, 1, 1, tzinfo=UTC),
        Metadata={"colour": "blue"},
        Tagging="a=1&b=%26%3D%20%2B",
        **({"ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"} if algorithm else {}),
    )
    source = head(client, here)

    etag = copy_in_parts(client, settings, here, there)

    copy = head(client, there)
    assert body_of(there) == body
    assert copy.etag == etag
    assert copy.headers == source.headers
    assert copy.metadata == source.metadata
    assert copy.checksum == source.checksum
    assert (copy.checksum is not None) == (algorithm is not None)
    assert client.get_object_tagging(**there.address)["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "&= +"},
    ]


def test_a_source_overwritten_between_parts_stops_the_copy(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
) -> None:
    client.put_object(**here.address, Body=content(SIZE))
    source = head(client, here)
    upload = create(client, policy(settings), source, there)
    copy_part(client, upload, source.pin, 1, MIN_PART_SIZE)
    client.put_object(**here.address, Body=content(SIZE))

    with pytest.raises(SourceChanged) as caught:
        copy_part(client, upload, source.pin, 2, MIN_PART_SIZE)

    assert (caught.value.source, caught.value.target) == (str(here), str(there))
    assert list(list_parts(client, upload)) == [1]
    abort(client, upload)


def test_a_pinned_version_is_copied_though_a_newer_one_exists(
    client: "S3Client",
    settings: S3Settings,
    *,
    versioned: str,
    there: Location,
    content: Callable[[int], bytes],
    body_of: Callable[[Location], bytes],
) -> None:
    here = Location(versioned, there.key)
    old = content(MIN_PART_SIZE + 1)
    client.put_object(**here.address, Body=old)
    source = head(client, here)
    client.put_object(**here.address, Body=content(MIN_PART_SIZE + 1))

    upload = create(client, policy(settings), source, there)
    for number in (1, 2):
        copy_part(client, upload, source.pin, number, MIN_PART_SIZE)
    complete(client, upload, list_parts(client, upload), source.size)

    assert body_of(there) == old


@pytest.mark.parametrize("name", ["plus+sign", "per%20cent", "q?#&=", "two  spaces", "ünï '\"文"])
def test_every_key_can_be_copied_in_parts(
    client: "S3Client",
    settings: S3Settings,
    *,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
    body_of: Callable[[Location], bytes],
    name: str,
) -> None:
    body = content(MIN_PART_SIZE + 1)
    source = Location(here.bucket, f"{here.key}/{name}")
    target = Location(there.bucket, f"{there.key}/{name}")
    client.put_object(**source.address, Body=body)

    copy_in_parts(client, settings, source, target)

    assert body_of(target) == body


def test_parts_are_listed_and_a_repeated_one_counts_once(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
) -> None:
    client.put_object(**here.address, Body=content(SIZE))
    source = head(client, here)
    upload = create(client, policy(settings), source, there)

    etags = {
        number: copy_part(client, upload, source.pin, number, MIN_PART_SIZE) for number in (3, 1, 3)
    }

    parts = list_parts(client, upload)
    assert parts == {
        1: Part(1, etags[1], MIN_PART_SIZE),
        3: Part(3, etags[3], 1),
    }
    assert missing_parts(parts, source.size, MIN_PART_SIZE) == [2]
    abort(client, upload)


def test_parts_and_uploads_are_listed_over_all_pages(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.put_object(**here.address, Body=b"xyz")
    source = head(client, here)
    uploads = [create(client, policy(settings), source, there) for _ in range(3)]
    create(client, policy(settings), source, Location(there.bucket, there.key + "-longer"))
    for number in (1, 2, 3):
        copy_part(client, uploads[0], source.pin, number, part_size=1)
    paginator = client.get_paginator
    monkeypatch.setattr(client, "get_paginator", lambda name: Paged(paginator(name)))

    parts = list_parts(client, uploads[0])
    found = list_uploads(client, there)

    assert sorted(parts) == [1, 2, 3]
    assert {each.upload for each in found} == set(uploads)
    assert all(each.initiated.tzinfo for each in found)


class Paged:
    """A paginator whose pages hold one entry."""

    def __init__(self, paginator: Any) -> None:
        self.paginator = paginator

    def paginate(self, **parameters: Any) -> Any:
        return self.paginator.paginate(**parameters, PaginationConfig={"PageSize": 1})


def test_an_abort_leaves_nothing_and_can_be_repeated(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    body_of: Callable[[Location], bytes],
) -> None:
    client.put_object(**there.address, Body=b"before")
    client.put_object(**here.address, Body=b"x")
    source = head(client, here)
    upload = create(client, policy(settings), source, there)
    copy_part(client, upload, source.pin, 1, MIN_PART_SIZE)

    abort(client, upload)
    abort(client, upload)

    assert list_uploads(client, there) == []
    with pytest.raises(NoSuchUpload):
        list_parts(client, upload)
    with pytest.raises(NoSuchUpload):
        copy_part(client, upload, source.pin, 1, MIN_PART_SIZE)
    assert body_of(there) == b"before"


def test_an_abort_is_repeated_while_parts_still_land(
    stub: Any, stub_client: "S3Client", there: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.multipart.ABORT_PAUSES", (0.0, 0.0))
    part = "<Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size></Part>"
    late = f"<ListPartsResult>{part}</ListPartsResult>"
    gone = "<Error><Code>NoSuchUpload</Code></Error>"
    stub.answer(204)
    stub.answer(200, late)
    stub.answer(204)
    stub.answer(404, gone)

    abort(stub_client, Upload(there, "id"))

    assert [request.method for request in stub.requests] == ["DELETE", "GET", "DELETE", "GET"]


def test_an_abort_that_leaves_parts_says_so(
    stub: Any, stub_client: "S3Client", there: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.multipart.ABORT_PAUSES", (0.0,))
    part = "<Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size></Part>"
    stub.answer(204)
    stub.answer(200, f"<ListPartsResult>{part}</ListPartsResult>")

    with pytest.raises(Transient, match="still has parts"):
        abort(stub_client, Upload(there, "id"))


def test_a_completed_upload_is_no_upload(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
) -> None:
    client.put_object(**here.address, Body=content(SIZE))
    copy_in_parts(client, settings, here, there)

    assert list_uploads(client, there) == []


def test_complete_states_the_size_and_the_parts_in_order(
    stub: Any, stub_client: "S3Client", there: Location
) -> None:
    stub.answer(
        body="<CompleteMultipartUploadResult><ETag>e-2</ETag></CompleteMultipartUploadResult>"
    )

    etag = complete(stub_client, Upload(there, "id"), {2: Part(2, "b", 1), 1: Part(1, "a", 5)}, 6)

    request = stub.requests[0]
    assert etag == "e-2"
    assert request.headers["x-amz-mp-object-size"] == "6"
    assert request.body.index(b'"a"') < request.body.index(b'"b"')


def test_a_part_for_amazon_is_sent_with_its_checksum_and_without_a_copy() -> None:
    settings = S3Settings(region="us-east-1", bucket="bucket", accesskey="fake", secretkey="fake")
    client = make_client(settings)
    content, sent = bytearray(b"x" * MIN_PART_SIZE), []

    def answer(request: Any, **_: object) -> Any:
        sent.append(request)
        headers = HTTPHeaders.from_dict({"ETag": '"e"'})
        return AWSResponse(request.url, 200, headers, HTTPResponse(BytesIO()))

    client.meta.events.register("before-send.s3.UploadPart", answer)

    upload_part(client, Upload(Location("bucket", "key"), "id"), 1, content)

    client.close()
    assert sent[0].body is content
    assert sent[0].headers["x-amz-checksum-crc32"] == b"BwQzxA=="
