from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import (
    MAX_COPY_SIZE,
    Location,
    PathNotFoundError,
    Source,
    SourceChanged,
    TooLarge,
    copy_whole,
    head,
)
from driver.attributes import policy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make the copies of this module by both of their ways."""
    if "client" in metafunc.fixturenames:
        metafunc.parametrize("client", ["lean", "boto3"], indirect=True)


@pytest.mark.parametrize("body", [b"", b"x"], ids=["empty", "one byte"])
def test_a_copy_carries_bytes_headers_metadata_tags_and_checksum(
    client: "S3Client", settings: S3Settings, here: Location, there: Location, body: bytes
) -> None:
    client.put_object(
        **here.address,
        Body=body,
        ContentType="text/x-test",
        CacheControl="max-age=1",
        Expires=datetime(2030, 1, 1, tzinfo=UTC),
        Metadata={"colour": "blue"},
        Tagging="a=1&b=%26%3D%20",
        ChecksumAlgorithm="CRC32",
    )
    source = head(client, here)

    etag = copy_whole(client, policy(settings), source, there)

    copy = head(client, there)
    assert copy.etag == etag
    assert copy.size == len(body)
    assert copy.headers == source.headers
    assert copy.metadata == source.metadata
    assert copy.checksum == source.checksum
    assert client.get_object_tagging(**there.address)["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "&= "},
    ]


def test_a_source_that_changed_is_not_copied(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    body_of: Callable[[Location], bytes],
) -> None:
    client.put_object(**there.address, Body=b"before")
    client.put_object(**here.address, Body=b"1")
    source = head(client, here)
    client.put_object(**here.address, Body=b"2")

    with pytest.raises(SourceChanged) as caught:
        copy_whole(client, policy(settings), source, there)

    assert (caught.value.source, caught.value.target) == (str(here), str(there))
    assert body_of(there) == b"before"


def test_the_pinned_version_is_copied_though_a_newer_one_exists(
    client: "S3Client",
    settings: S3Settings,
    versioned: str,
    there: Location,
    body_of: Callable[[Location], bytes],
) -> None:
    location = Location(versioned, there.key)
    client.put_object(**location.address, Body=b"old")
    source = head(client, location)
    client.put_object(**location.address, Body=b"newer")

    copy_whole(client, policy(settings), source, there)

    assert body_of(there) == b"old"


def test_a_source_that_is_gone_is_not_found(
    client: "S3Client", settings: S3Settings, here: Location, there: Location
) -> None:
    client.put_object(**here.address, Body=b"1")
    source = head(client, here)
    client.delete_object(**here.address)

    with pytest.raises(PathNotFoundError, match=str(here)):
        copy_whole(client, policy(settings), source, there)


def test_the_redirect_which_s3_does_not_copy_is_sent_again(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings, here: Location, there: Location
) -> None:
    source = Source(here, 1, "e", None, {"WebsiteRedirectLocation": "/other"}, {}, 0, None)
    stub.answer(body="<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")

    copy_whole(stub_client, policy(stub_settings), source, there)

    assert stub.requests[0].headers["x-amz-website-redirect-location"] == "/other"


def test_more_than_one_request_copies_is_too_large(
    client: "S3Client", settings: S3Settings, here: Location, there: Location
) -> None:
    source = Source(here, MAX_COPY_SIZE + 1, "etag", None, {}, {}, 0, None)

    with pytest.raises(TooLarge):
        copy_whole(client, policy(settings), source, there)


@pytest.mark.parametrize(
    "name",
    [
        "plus+sign",
        "percent%20sign",
        "question?mark",
        "hash#mark",
        "two  spaces",
        "quote'and\"quote",
        "ünï/côdé/文字/🙂",
        "a&b=c;d,e:f@g$h!i*j(k)[l]{m}|n^o~p`q",
    ],
)
def test_every_key_can_be_a_source(
    client: "S3Client",
    settings: S3Settings,
    *,
    here: Location,
    there: Location,
    body_of: Callable[[Location], bytes],
    name: str,
) -> None:
    location = Location(here.bucket, f"{here.key}/{name}")
    client.put_object(**location.address, Body=name.encode())

    copy_whole(
        client, policy(settings), head(client, location), Location(there.bucket, there.key + name)
    )

    assert body_of(Location(there.bucket, there.key + name)) == name.encode()
