"""Customers' keys (SSE-C): locations carry names, requests the keys, and nothing else has any."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import md5
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretBytes

from config import S3Settings
from driver import (
    AccessDenied,
    Location,
    Part,
    Pin,
    Rejected,
    UnknownCustomerKey,
    Upload,
    VerificationFailed,
    WrongCustomerKey,
    complete,
    copy_part,
    copy_whole,
    create,
    head,
    last_written,
    layout_of,
    list_parts,
    make_client,
    proof,
    verify,
)
from driver.customer_keys import key_of
from driver.source import Source

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

ONE, TWO = bytes(range(32)), b"\xff" * 32
KEYS = {"one": SecretBytes(ONE), "two": SecretBytes(TWO)}
HEADER = "x-amz-server-side-encryption-customer-"
SOURCE_HEADER = "x-amz-copy-source-server-side-encryption-customer-"

PIN = Pin(Location("bucket", "a", "one"), 6 << 20, "etag", None)
UPLOAD = Upload(Location("bucket", "b", "two"), "upload")
SOURCE = Source(PIN.location, PIN.size, PIN.etag, None, {}, {}, 0, None)
PART = "<CopyPartResult><ETag>&quot;e&quot;</ETag></CopyPartResult>"


@pytest.fixture
def keyed_stub(stub_settings: S3Settings, no_pauses: None) -> Iterator["S3Client"]:
    client = make_client(stub_settings, owners={"bucket": "1" * 12}, customer_keys=KEYS)
    yield client
    client.close()


@pytest.fixture
def keyed(settings: S3Settings) -> Iterator["S3Client"]:
    client = make_client(settings, customer_keys=KEYS)
    yield client
    client.close()


def headers_of(key: bytes, prefix: str = HEADER) -> dict[str, str]:
    return {
        f"{prefix}algorithm": "AES256",
        f"{prefix}key": b64encode(key).decode(),
        f"{prefix}key-md5": b64encode(md5(key).digest()).decode(),  # noqa: S324  # S3's own check
    }


def sent(stub: "Stub") -> list[dict[str, str]]:
    """Return what requests told of customers' keys."""
    return [
        {name: value for name, value in each.headers.items() if "-customer-" in name}
        for each in stub.requests
    ]


BOTH = headers_of(TWO) | headers_of(ONE, SOURCE_HEADER)
REQUESTS: list[tuple[Callable[["S3Client"], object], str, dict[str, str]]] = [
    (lambda s3: copy_part(s3, UPLOAD, PIN, 1, 5 << 20), PART, BOTH),
    (
        lambda s3: copy_whole(s3, {}, SOURCE, UPLOAD.destination),
        PART.replace("Part", "Object"),
        BOTH,
    ),
    (
        lambda s3: create(s3, {}, SOURCE, UPLOAD.destination),
        "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>",
        headers_of(TWO),
    ),
    (lambda s3: list_parts(s3, UPLOAD), "<ListPartsResult/>", headers_of(TWO)),
    (lambda s3: last_written(s3, UPLOAD), "<ListPartsResult/>", headers_of(TWO)),
    (
        lambda s3: complete(s3, UPLOAD, {1: Part(1, "e", 1)}, 1),
        "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
        headers_of(TWO),
    ),
    (lambda s3: layout_of(s3, PIN), "", headers_of(ONE)),
]


@pytest.mark.parametrize(("ask", "answer", "headers"), REQUESTS)
def test_a_request_has_the_keys_of_the_objects_that_it_reads_and_writes(
    keyed_stub: "S3Client",
    stub: "Stub",
    ask: Callable[["S3Client"], object],
    answer: str,
    headers: dict[str, str],
) -> None:
    stub.answer(200, answer)

    ask(keyed_stub)

    assert sent(stub) == [headers]
    assert stub.requests[0].headers["x-amz-expected-bucket-owner"] == "1" * 12


def test_a_name_without_a_key_is_told_before_anything_is_sent(
    keyed_stub: "S3Client", stub: "Stub"
) -> None:
    with pytest.raises(UnknownCustomerKey, match=r"three.*S3MOVER_CUSTOMER_KEYS"):
        head(keyed_stub, Location("bucket", "a", "three"))

    assert stub.requests == []


@pytest.mark.parametrize(
    ("name", "status", "error", "text"),
    [
        ("", 400, Rejected, r"400: Bad Request; an object with a customer's key \(SSE-C\)"),
        ("one", 400, WrongCustomerKey, r"customer's key one .* over HTTPS only"),
        ("one", 403, AccessDenied, "has another customer's key than one"),
    ],
)
def test_a_refused_head_says_what_the_key_may_have_to_do_with_it(
    keyed_stub: "S3Client",
    stub: "Stub",
    *,
    name: str,
    status: int,
    error: type[Exception],
    text: str,
) -> None:
    stub.answer(status)

    with pytest.raises(error, match=text):
        head(keyed_stub, Location("bucket", "a", name))


def test_a_key_is_in_no_repr_and_in_no_comparison() -> None:
    named, unnamed = PIN.location, Location("bucket", "a")

    assert (named, hash(named), str(named)) == (unnamed, hash(unnamed), str(unnamed))
    assert not [key for key in (ONE, TWO) if b64encode(key).decode() in repr((PIN, UPLOAD, KEYS))]


def put(client: "S3Client", location: Location, body: bytes, **more: Any) -> Location:
    client.put_object(**location.address, **key_of(location), Body=body, **more)
    return location


@pytest.mark.parametrize("names", [("one", "two"), ("one", ""), ("", "two")])
def test_without_checksums_both_are_read_for_such_an_etag_tells_nothing(
    keyed: "S3Client", here: Location, there: Location, names: tuple[str, str]
) -> None:
    source = put(keyed, Location(here.bucket, here.key, names[0]), b"same")
    copy = put(keyed, Location(there.bucket, there.key, names[1]), b"same")
    pin = head(keyed, source).pin

    assert pin.etag == head(keyed, copy).etag  # on this store
    assert verify(keyed, pin, copy, "auto", None).kind == "read"
    assert proof(keyed, pin, copy, "size") == verify(keyed, pin, copy, "read", None)


def test_checksums_are_compared_first(keyed: "S3Client", here: Location, there: Location) -> None:
    source = put(keyed, Location(here.bucket, here.key, "one"), b"same", ChecksumAlgorithm="CRC32")
    copy = put(keyed, Location(there.bucket, there.key, "two"), b"same", ChecksumAlgorithm="CRC32")

    assert verify(keyed, head(keyed, source).pin, copy, "auto", None).kind == "checksum"


@pytest.mark.parametrize("mode", ["auto", "checksum", "read", "size"])
def test_a_copy_that_the_store_has_not_encrypted_with_the_key_fails(
    keyed: "S3Client", here: Location, there: Location, mode: Any
) -> None:
    put(keyed, here, b"same", ChecksumAlgorithm="CRC32")
    put(keyed, there, b"same", ChecksumAlgorithm="CRC32")
    wanted = Location(there.bucket, there.key, "two")

    with pytest.raises(VerificationFailed, match="two was named"):
        verify(keyed, head(keyed, here).pin, wanted, mode, None)
