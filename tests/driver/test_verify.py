from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import (
    Evidence,
    Location,
    Mode,
    PathNotFoundError,
    SourceChanged,
    VerificationFailed,
    copy_whole,
    head,
    verify,
)
from driver.attributes import policy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Put = Callable[..., Location]


@pytest.fixture
def put(client: "S3Client") -> Put:
    def put(location: Location, body: bytes, **parameters: Any) -> Location:
        client.put_object(**location.address, Body=body, **parameters)
        return location

    return put


def check(client: "S3Client", here: Location, there: Location, mode: Mode = "auto") -> Evidence:
    return verify(client, head(client, here).pin, there, mode, None)


def test_full_object_checksums_are_the_first_evidence(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"same", ChecksumAlgorithm="CRC32")
    put(there, b"same", ChecksumAlgorithm="CRC32")

    assert check(client, here, there).kind == "checksum"
    assert check(client, here, there, "checksum").kind == "checksum"


@pytest.mark.parametrize("mode", ["auto", "checksum"])
def test_a_checksum_finds_wrong_bytes_of_the_right_size(
    client: "S3Client", put: Put, here: Location, there: Location, mode: Mode
) -> None:
    put(here, b"right", ChecksumAlgorithm="CRC32")
    put(there, b"wrong", ChecksumAlgorithm="CRC32")

    with pytest.raises(VerificationFailed, match="CRC32"):
        check(client, here, there, mode)


def test_equal_etags_are_the_next_evidence(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"same")
    put(there, b"same", ChecksumAlgorithm="CRC32")

    assert check(client, here, there).kind == "etag"


def test_size_alone_is_the_last_evidence_and_says_so(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"right", ChecksumAlgorithm="CRC32")
    put(there, b"wrong", ChecksumAlgorithm="SHA256")

    evidence = check(client, here, there)

    assert evidence.kind == "size"
    assert "size alone" in evidence.detail
    assert check(client, here, there, "size") == evidence


def test_checksums_that_cannot_be_compared_fail_where_one_is_demanded(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"same", ChecksumAlgorithm="CRC32")
    put(there, b"same")

    with pytest.raises(VerificationFailed, match="no full-object checksum"):
        check(client, here, there, "checksum")


@pytest.mark.parametrize("mode", ["auto", "checksum", "read", "size"])
def test_another_size_fails_in_every_mode(
    client: "S3Client", put: Put, here: Location, there: Location, mode: Mode
) -> None:
    put(here, b"long", ChecksumAlgorithm="CRC32")
    put(there, b"longer", ChecksumAlgorithm="CRC32")

    with pytest.raises(VerificationFailed, match="6 bytes, the source has 4"):
        check(client, here, there, mode)


def test_reading_compares_every_byte(
    client: "S3Client",
    put: Put,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
) -> None:
    body = content(3_000_000)
    put(here, body)
    put(there, body)

    assert check(client, here, there, "read").kind == "read"

    put(there, body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(VerificationFailed, match="SHA-256"):
        check(client, here, there, "read")


def test_the_pinned_version_is_what_is_read(
    client: "S3Client", put: Put, versioned: str, there: Location
) -> None:
    here = put(Location(versioned, there.key), b"old")
    pin = head(client, here).pin
    put(here, b"new")
    put(there, b"old")

    assert verify(client, pin, there, "read", None).kind == "read"


@pytest.mark.parametrize("mode", ["auto", "checksum", "read", "size"])
def test_a_destination_overwritten_since_the_copy_fails(
    client: "S3Client",
    settings: S3Settings,
    *,
    put: Put,
    here: Location,
    there: Location,
    mode: Mode,
) -> None:
    put(here, b"mine")
    source = head(client, here)
    etag = copy_whole(client, policy(settings), source, there)
    put(there, b"them")

    with pytest.raises(VerificationFailed, match="overwritten by someone else"):
        verify(client, source.pin, there, mode, etag)


def test_a_destination_overwritten_while_it_is_read_fails(
    client: "S3Client",
    put: Put,
    here: Location,
    there: Location,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(here, b"mine")
    put(there, b"mine")
    get_object = client.get_object

    def get_and_overwrite(**parameters: Any) -> Any:
        if parameters["Key"] == here.key:
            put(there, b"them")
        return get_object(**parameters)

    monkeypatch.setattr(client, "get_object", get_and_overwrite)

    with pytest.raises(VerificationFailed, match="while it was read"):
        check(client, here, there, "read")


def test_the_etag_of_the_copy_counts_with_quotes_too(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"same")
    put(there, b"same")
    pin = head(client, here).pin

    assert verify(client, pin, there, "auto", f'"{pin.etag}"').kind == "etag"


def test_a_source_that_changed_is_never_verified(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"1")
    pin = head(client, here).pin
    put(here, b"2")
    put(there, b"1")

    with pytest.raises(SourceChanged):
        verify(client, pin, there, "size", None)


def test_a_missing_side_is_told_apart(
    client: "S3Client", put: Put, here: Location, there: Location
) -> None:
    put(here, b"1")
    pin = head(client, here).pin

    with pytest.raises(VerificationFailed, match="not there"):
        verify(client, pin, there, "auto", None)

    put(there, b"1")
    client.delete_object(**here.address)
    with pytest.raises(PathNotFoundError, match=str(here)):
        verify(client, pin, there, "auto", None)
