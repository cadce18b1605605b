from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import Location, PathNotFoundError, SourceChanged, head, make_client, recheck

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def test_a_head_shows_all_that_a_copy_has_to_carry(client: "S3Client", here: Location) -> None:
    client.put_object(
        **here.address,
        Body=b"bytes",
        ContentType="text/x-test",
        CacheControl="max-age=1",
        ContentDisposition="inline",
        ContentEncoding="gzip",
        ContentLanguage="de",
        Expires=datetime(2030, 1, 1, tzinfo=UTC),
        Metadata={"colour": "blue"},
        Tagging="a=1&b=2",
        ChecksumAlgorithm="CRC32",
    )

    source = head(client, here)

    assert source.size == 5
    assert source.metadata == {"colour": "blue"}
    assert source.tag_count == 2
    assert source.version_id is None
    assert source.checksum is not None
    assert (source.checksum.algorithm, source.checksum.type) == ("CRC32", "FULL_OBJECT")
    assert source.headers == {
        "ContentType": "text/x-test",
        "CacheControl": "max-age=1",
        "ContentDisposition": "inline",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "Expires": datetime(2030, 1, 1, tzinfo=UTC),
    }


@pytest.mark.parametrize("v4auth", [True, False])
def test_either_signature_is_accepted(
    client: "S3Client", settings: S3Settings, here: Location, *, v4auth: bool
) -> None:
    client.put_object(**here.address, Body=b"x")

    signed = make_client(settings.model_copy(update={"v4auth": v4auth}))

    assert head(signed, here).size == 1
    signed.close()


def test_an_etag_has_no_quotes(client: "S3Client", here: Location) -> None:
    quoted = client.put_object(**here.address, Body=b"x")["ETag"]

    assert f'"{head(client, here).etag}"' == quoted


def test_a_missing_object_is_not_found(client: "S3Client", here: Location) -> None:
    with pytest.raises(PathNotFoundError, match=str(here)):
        head(client, here)


def test_a_recheck_finds_the_pinned_object(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"1")
    source = head(client, here)

    assert recheck(client, source.pin) == source


def test_a_recheck_refuses_another_object(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"1")
    pin = head(client, here).pin
    client.put_object(**here.address, Body=b"2")

    with pytest.raises(SourceChanged):
        recheck(client, pin)


def test_a_recheck_of_a_deleted_object_is_not_found(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"1")
    pin = head(client, here).pin
    client.delete_object(**here.address)

    with pytest.raises(PathNotFoundError):
        recheck(client, pin)


def test_a_pinned_version_stays_the_source_below_a_newer_one(
    client: "S3Client", versioned: str, here: Location
) -> None:
    location = Location(versioned, here.key)
    client.put_object(**location.address, Body=b"old")
    pin = head(client, location).pin
    client.put_object(**location.address, Body=b"newer")

    assert pin.version_id is not None
    assert recheck(client, pin).size == 3


def test_the_null_version_pins_nothing(stub: Any, stub_client: "S3Client") -> None:
    """Its id stays while its bytes change."""
    stub.answer(ETag='"e"', Content_Length="3", x_amz_version_id="null")

    source = head(stub_client, Location("bucket", "a"))

    assert (source.size, source.etag, source.version_id) == (3, "e", None)


def test_an_expires_that_is_no_date_is_kept_as_it_is(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(ETag='"e"', Content_Length="3", Expires="never")

    source = head(stub_client, Location("bucket", "a"))

    assert source.headers == {"Expires": "never"}


def test_a_redirect_is_among_the_headers(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(ETag='"e"', Content_Length="3", x_amz_website_redirect_location="/other")

    source = head(stub_client, Location("bucket", "a"))

    assert source.headers == {"WebsiteRedirectLocation": "/other"}
