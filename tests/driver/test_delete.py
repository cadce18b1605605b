from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from driver import AccessDenied, Location, PathNotFoundError, SourceChanged, delete_source, head
from driver.source import Pin

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PINNED = Pin(Location("bucket", "a"), 3, "e", None)


def test_the_pinned_object_is_deleted(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"1")

    assert delete_source(client, head(client, here).pin) == "if-match"

    with pytest.raises(PathNotFoundError):
        head(client, here)


def test_one_that_is_gone_already_is_success(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"1")
    pin = head(client, here).pin

    assert [delete_source(client, pin), delete_source(client, pin)] == ["if-match"] * 2


def test_a_newer_write_is_kept(
    client: "S3Client", here: Location, body_of: Callable[[Location], bytes]
) -> None:
    client.put_object(**here.address, Body=b"1")
    pin = head(client, here).pin
    client.put_object(**here.address, Body=b"2")

    with pytest.raises(SourceChanged):
        delete_source(client, pin)

    assert body_of(here) == b"2"


def test_keys_that_begin_alike_are_kept(
    client: "S3Client", here: Location, body_of: Callable[[Location], bytes]
) -> None:
    longer = Location(here.bucket, here.key + "-2")
    client.put_object(**here.address, Body=b"1")
    client.put_object(**longer.address, Body=b"2")

    delete_source(client, head(client, here).pin)

    assert body_of(longer) == b"2"


def test_exactly_the_pinned_version_is_deleted(
    client: "S3Client",
    versioned: str,
    here: Location,
    body_of: Callable[[Location], bytes],
) -> None:
    location = Location(versioned, here.key)
    client.put_object(**location.address, Body=b"old")
    pin = head(client, location).pin
    client.put_object(**location.address, Body=b"newer")

    assert [delete_source(client, pin), delete_source(client, pin)] == ["version"] * 2

    listed = client.list_object_versions(Bucket=versioned, Prefix=here.key)
    assert len(listed["Versions"]) == 1
    assert not listed.get("DeleteMarkers")
    assert body_of(location) == b"newer"


@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (400, "InvalidArgument")])
def test_a_store_without_conditional_delete_is_asked_first(
    stub: Any, stub_client: "S3Client", status: int, code: str
) -> None:
    stub.answer(status, f"<Error><Code>{code}</Code></Error>")
    stub.answer(ETag='"e"', Content_Length="3")
    stub.answer(204)

    assert delete_source(stub_client, PINNED) == "head-compare"

    assert [request.method for request in stub.requests] == ["DELETE", "HEAD", "DELETE"]
    assert ["if-match" in request.headers for request in stub.requests] == [True, False, False]


def test_a_store_without_conditional_delete_keeps_a_newer_write(
    stub: Any, stub_client: "S3Client"
) -> None:
    stub.answer(501, "<Error><Code>NotImplemented</Code></Error>")
    stub.answer(ETag='"newer"', Content_Length="3")

    with pytest.raises(SourceChanged):
        delete_source(stub_client, PINNED)

    assert [request.method for request in stub.requests] == ["DELETE", "HEAD"]


def test_a_store_without_conditional_delete_may_have_nothing_left(
    stub: Any, stub_client: "S3Client"
) -> None:
    stub.answer(501, "<Error><Code>NotImplemented</Code></Error>")
    stub.answer(404)

    assert delete_source(stub_client, PINNED) == "head-compare"


def test_a_delete_that_is_refused_says_so(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")

    with pytest.raises(AccessDenied, match="DeleteObject s3://bucket/a"):
        delete_source(stub_client, PINNED)
