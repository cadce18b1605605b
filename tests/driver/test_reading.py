import io
import random
import shutil
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import urllib3

from config import S3Settings
from driver import (
    Location,
    NotImplementedByStore,
    PathNotFoundError,
    S3Driver,
    SourceChanged,
    Transient,
)
from driver.reading import RECONNECTS, ObjectReader

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

MIB = 1024**2


def test_ten_readers_at_once_read_a_large_object_at_random_offsets(
    client: "S3Client", settings: S3Settings, here: Location, content: Callable[[int], bytes]
) -> None:
    body = content(MIB) * 128
    client.put_object(**here.address, Body=body)
    offsets = random.Random(3).sample(range(len(body)), 40)  # noqa: S311 - not for secrets

    def read(offset: int) -> bool:
        with ObjectReader(client, here, offset) as stream:
            return stream.read(3 * MIB + 1) == body[offset : offset + 3 * MIB + 1]

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(read, offsets))


def test_a_broken_stream_goes_on_from_where_it_broke(
    stub: "Stub", stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(200, "0123", ETag='"e"', Content_Length="10")
    stub.answer(206, "456789", ETag='"e"', Content_Range="bytes 4-9/10")

    with ObjectReader(stub_client, Location("bucket", "a"), 0) as stream:
        read = stream.read(4) + stream.read()

    assert read == b"0123456789"
    again = stub.requests[-1].headers
    assert again["range"] == "bytes=4-"
    assert again["if-match"] == '"e"'


def test_a_broken_stream_of_an_object_that_was_replaced_is_an_error(
    stub: "Stub", stub_client: "S3Client"
) -> None:
    stub.answer(200, "0123", ETag='"e"', Content_Length="10")
    stub.answer(412, "<Error><Code>PreconditionFailed</Code></Error>")

    with (
        ObjectReader(stub_client, Location("bucket", "a"), 0) as stream,
        pytest.raises(SourceChanged),
    ):
        stream.read()


@pytest.mark.parametrize(
    ("status", "etag", "given", "error"),
    [
        (206, "other", "bytes 4-9/10", SourceChanged),
        (206, "e", "bytes 0-9/10", NotImplementedByStore),
        (200, "e", None, NotImplementedByStore),
    ],
)
def test_a_store_that_ignores_what_was_asked_mixes_no_bytes(
    stub: "Stub",
    stub_client: "S3Client",
    *,
    status: int,
    etag: str,
    given: str | None,
    error: type[Exception],
) -> None:
    stub.answer(200, "0123", ETag='"e"', Content_Length="10")
    headers = {"Content_Range": given} if given else {}
    stub.answer(status, "xxxxxx", ETag=f'"{etag}"', **headers)

    with ObjectReader(stub_client, Location("bucket", "a"), 0) as stream, pytest.raises(error):
        stream.read()


def test_an_object_that_was_deleted_meanwhile_is_not_one_that_never_was(
    stub: "Stub", stub_client: "S3Client"
) -> None:
    stub.answer(200, "0123", ETag='"e"', Content_Length="10")
    stub.answer(404, "<Error><Code>NoSuchKey</Code></Error>")

    with (
        ObjectReader(stub_client, Location("bucket", "a"), 0) as stream,
        pytest.raises(SourceChanged, match="deleted"),
    ):
        stream.read()


def test_bytes_that_do_not_have_their_checksum_are_not_returned(
    stub: "Stub", stub_settings: S3Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.client._checksums", lambda _: "when_supported")
    wrong = b64encode(bytes(4)).decode()
    stub.answer(200, "0123", ETag='"e"', x_amz_checksum_crc32=wrong)
    storage = S3Driver(stub_settings)

    with pytest.raises(Transient, match="FlexibleChecksumError"):
        storage.get_content("/a")
    with storage.reader("/a") as stream:
        for _ in range(2):
            with pytest.raises(Transient, match="FlexibleChecksumError"):
                stream.read()


def test_a_reader_from_the_end_on_stays_empty_and_asks_once(
    client: "S3Client", here: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put_object(**here.address, Body=b"0123")
    with ObjectReader(client, here, 4) as stream:
        client.put_object(**here.address, Body=b"0123 and more")
        monkeypatch.setattr(stream, "_open", None)

        assert stream.read() == stream.read() == b""


def test_what_the_connection_raises_is_an_error_of_the_driver(
    stub: "Stub", stub_client: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.answer(200, "0123", ETag='"e"')

    def fail(*_: object) -> bytes:
        raise urllib3.exceptions.SSLError("bad record mac")

    monkeypatch.setattr("botocore.response.StreamingBody.read", fail)

    with (
        ObjectReader(stub_client, Location("bucket", "a"), 0) as stream,
        pytest.raises(Transient, match="bad record mac"),
    ):
        stream.read()


def test_a_store_that_forgets_the_rest_of_an_object_does_not_shorten_it(
    stub: "Stub", stub_client: "S3Client"
) -> None:
    stub.answer(200, "0123", ETag='"e"', Content_Length="10")
    stub.answer(416, "<Error><Code>InvalidRange</Code></Error>")

    with ObjectReader(stub_client, Location("bucket", "a"), 0) as stream, pytest.raises(Transient):
        stream.read()


def test_a_stream_that_brings_nothing_more_is_given_up(
    stub: "Stub", stub_client: "S3Client"
) -> None:
    stub.answer(200, "", ETag='"e"', Content_Length="10")

    with ObjectReader(stub_client, Location("bucket", "a"), 0) as stream, pytest.raises(Transient):
        stream.read()

    assert len(stub.requests) <= RECONNECTS + 1


def test_one_request_reads_a_whole_file(
    stub: "Stub", stub_settings: S3Settings, no_pauses: None
) -> None:
    stub.answer(200, "0123", ETag='"e"')

    assert S3Driver(stub_settings).get_content("/a") == b"0123"

    assert len(stub.requests) == 1
    assert "range" not in stub.requests[0].headers


def test_a_closed_stream_reads_no_more(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"0123")
    stream = ObjectReader(client, here, 0)

    stream.close()

    assert stream.closed
    with pytest.raises(ValueError, match="closed"):
        stream.read()


def test_a_stream_is_copied_like_any_other(client: "S3Client", here: Location) -> None:
    client.put_object(**here.address, Body=b"one two")
    copy = io.BytesIO()

    with ObjectReader(client, here, 4) as stream:
        shutil.copyfileobj(stream, copy)

    assert copy.getvalue() == b"two"


def test_a_missing_object_is_named_by_its_path(settings: S3Settings) -> None:
    with pytest.raises(PathNotFoundError, match="s3aws: Path not found: /no/such"):
        S3Driver(settings).reader("/no/such", 5)
