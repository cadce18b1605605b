import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

import driver
from config import S3Settings
from driver import (
    MIN_PART_SIZE,
    AccessDenied,
    NoSuchUpload,
    PathNotFoundError,
    Rejected,
    S3Driver,
    TooLarge,
    WriterEnded,
    list_parts,
    list_uploads,
    location_of,
)
from driver.multipart import complete, upload_part
from driver.s3_writer import composite_etag
from tests.process.s3_gateway import S3Gateway

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

Bytes = Callable[[int], bytes]
MIB = 1024**2
CREATED = "<CreateMultipartUploadResult><UploadId>u</UploadId></CreateMultipartUploadResult>"

WRITE_INTO_SILENCE = """
import socket
from config import S3Settings
from driver import Location, Upload, make_client
from driver.uploading import UploadedParts

silent = socket.create_server(("127.0.0.1", 0))
settings = S3Settings(
    regionendpoint=f"http://127.0.0.1:{silent.getsockname()[1]}",
    accesskey="fake", secretkey="fake", bucket="bucket",
)
upload = Upload(Location("bucket", "a"), "id")
UploadedParts(make_client(settings), upload, 1, {}).send(bytearray(1))
silent.accept()
raise RuntimeError("the program ends")
"""


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        (0, [0]),
        (1, [1]),
        (MIN_PART_SIZE - 1, [MIN_PART_SIZE - 1]),
        (MIN_PART_SIZE, [MIN_PART_SIZE]),
        (MIN_PART_SIZE + 1, [MIN_PART_SIZE, 1]),
        (3 * MIN_PART_SIZE + 7, [MIN_PART_SIZE] * 3 + [7]),
    ],
)
@pytest.mark.parametrize("block", [MIB + 1, 64 * MIB])
def test_all_parts_but_the_last_are_equal(
    storage: S3Driver,
    monkeypatch: pytest.MonkeyPatch,
    *,
    content: Bytes,
    size: int,
    parts: list[int],
    block: int,
) -> None:
    body, sent = content(size), []

    def note(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        sent.append(len(part))
        return upload_part(client, upload, number, part)

    monkeypatch.setattr("driver.uploading.upload_part", note)

    with storage.writer("/a") as writer:
        for first in range(0, size, block):
            piece = body[first : first + block]
            assert writer.write(piece) == len(piece)
        assert writer.size == size
        writer.commit()
        assert writer.size == size

    assert sent == parts
    assert storage.get_content("/a") == body


def test_what_is_written_may_be_changed_afterwards(storage: S3Driver) -> None:
    block = bytearray(b"a" * (MIN_PART_SIZE + 3))

    with storage.writer("/a") as writer:
        writer.write(memoryview(block))
        block[:] = b"b" * len(block)
        writer.commit()

    assert storage.get_content("/a") == b"a" * len(block)


def test_the_old_file_stays_until_the_commit(storage: S3Driver) -> None:
    storage.put_content("/a", b"old")

    with storage.writer("/a") as writer:
        writer.write(b"x" * (MIN_PART_SIZE + 1))
        assert storage.get_content("/a") == b"old"
        writer.commit()

    assert storage.stat("/a").size == MIN_PART_SIZE + 1


def test_a_cancelled_writer_leaves_nothing(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    first = storage.writer("/a")
    first.write(b"x" * (MIN_PART_SIZE + 1))
    first.close()

    with storage.writer("/a", append=True) as writer:
        writer.write(b"y" * MIN_PART_SIZE)
        writer.cancel()

    root = f"{rooted.rootdirectory.strip('/')}/"
    assert not list_uploads(client, location_of(rooted, "/a"))
    assert "Contents" not in client.list_objects_v2(Bucket=rooted.bucket, Prefix=root)
    with pytest.raises(PathNotFoundError):
        storage.writer("/a", append=True)


def test_a_committed_writer_leaves_the_file_alone(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    first = storage.writer("/a")
    first.write(b"x")
    first.close()

    with storage.writer("/a", append=True) as writer:
        writer.commit()

    root = f"{rooted.rootdirectory.strip('/')}/"
    keys = client.list_objects_v2(Bucket=rooted.bucket, Prefix=root)["Contents"]
    assert [found["Key"] for found in keys] == [f"{root}a"]


def test_a_part_that_fails_fails_the_writer_and_what_is_stored_is_resumed(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:

    def refuse_second(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        if number == 2:
            raise AccessDenied("no")
        return upload_part(client, upload, number, part)

    monkeypatch.setattr("driver.uploading.upload_part", refuse_second)
    writer = storage.writer("/a")

    with pytest.raises(AccessDenied):
        writer.write(b"x" * (3 * MIN_PART_SIZE))
    with pytest.raises(AccessDenied):
        writer.write(b"x")
    with pytest.raises(AccessDenied):
        writer.close()

    monkeypatch.undo()
    with storage.writer("/a", append=True) as again:
        assert again.size == MIN_PART_SIZE
        again.commit()
    assert storage.get_content("/a") == b"x" * MIN_PART_SIZE


def test_a_part_is_sent_before_the_one_ahead_of_it_is_there_and_no_third(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, running, most = threading.Barrier(2), set(), set()

    def meet(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        running.add(number)
        most.add(len(running))
        if number in {2, 3}:
            meeting.wait(30)  # neither goes on without the other
        sent = upload_part(client, upload, number, part)
        running.remove(number)
        return sent

    monkeypatch.setattr("driver.uploading.upload_part", meet)

    with storage.writer("/a") as writer:
        writer.write(b"x" * (6 * MIN_PART_SIZE))
        writer.commit()

    assert max(most) == 2


def test_no_part_is_sent_before_the_first_is_there(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = []

    def slow_first(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        events.append(f"begin {number}")
        if number == 1:
            time.sleep(0.3)
        sent = upload_part(client, upload, number, part)
        events.append(f"end {number}")
        return sent

    monkeypatch.setattr("driver.uploading.upload_part", slow_first)

    with storage.writer("/a") as writer:
        writer.write(b"x" * (2 * MIN_PART_SIZE))
        writer.commit()

    assert events == ["begin 1", "end 1", "begin 2", "end 2"]


def test_an_interrupted_write_counts_no_part_twice(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch, content: Bytes
) -> None:
    body = content(3 * MIN_PART_SIZE)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    writer = storage.writer("/a")
    writer.write(body[: 2 * MIN_PART_SIZE])
    monkeypatch.setattr("driver.uploading.UploadedParts.settle", interrupt)
    with pytest.raises(KeyboardInterrupt):
        writer.write(body[2 * MIN_PART_SIZE :])
    monkeypatch.undo()
    writer.close()

    with storage.writer("/a", append=True) as again:
        assert again.size == len(body)
        again.commit()
    assert storage.get_content("/a") == body


@pytest.mark.parametrize("rest", [0, 7])
def test_after_a_failed_part_the_size_is_what_the_store_has(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch, rest: int
) -> None:
    def refuse_second(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        if number == 2:
            raise AccessDenied("no")
        return upload_part(client, upload, number, part)

    monkeypatch.setattr("driver.uploading.upload_part", refuse_second)
    writer = storage.writer("/a")
    with pytest.raises(AccessDenied):
        writer.write(b"x" * (3 * MIN_PART_SIZE + rest))

    assert writer.size == MIN_PART_SIZE
    writer.cancel()


def test_a_failure_is_raised_when_no_part_is_on_its_way_any_more(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    third, landed = threading.Event(), []

    def refuse_second(client: Any, upload: Any, number: int, part: bytearray) -> Any:
        if number == 2:
            third.wait(30)
            raise AccessDenied("no")
        if number == 3:
            third.set()
            time.sleep(0.3)
        landed.append(number)
        return upload_part(client, upload, number, part)

    monkeypatch.setattr("driver.uploading.upload_part", refuse_second)
    writer = storage.writer("/a")

    with pytest.raises(AccessDenied):
        writer.write(b"x" * (3 * MIN_PART_SIZE))

    assert landed == [1, 3]
    monkeypatch.undo()
    with storage.writer("/a", append=True) as again:
        assert again.size == MIN_PART_SIZE
        again.cancel()


def test_a_failed_commit_aborts_the_upload(
    storage: S3Driver,
    monkeypatch: pytest.MonkeyPatch,
    *,
    client: "S3Client",
    rooted: S3Settings,
) -> None:
    storage.put_content("/a", b"old")

    def refuse(*_: object) -> None:
        raise Rejected("no", code="QuotaExceeded")

    monkeypatch.setattr("driver.s3_writer.complete", refuse)
    writer = storage.writer("/a")
    writer.write(b"x")

    with pytest.raises(Rejected, match="no"):
        writer.commit()

    assert not list_uploads(client, location_of(rooted, "/a"))
    assert storage.get_content("/a") == b"old"
    with pytest.raises(WriterEnded, match="s3aws: already cancelled"):
        writer.write(b"x")
    writer.close()


def test_a_lost_answer_of_the_commit_is_no_failure(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def complete_twice(*arguments: Any) -> None:
        complete(*arguments)
        raise NoSuchUpload("completed by the request before")

    monkeypatch.setattr("driver.s3_writer.complete", complete_twice)

    with storage.writer("/a") as writer:
        writer.write(b"x" * (MIN_PART_SIZE + 1))
        writer.commit()

    assert storage.stat("/a").size == MIN_PART_SIZE + 1


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart"])
@pytest.mark.parametrize("also", ["CompleteMultipartUpload", "AbortMultipartUpload"])
def test_answers_that_the_network_loses_change_nothing(
    rooted: S3Settings, no_pauses: None, content: Bytes, *, operation: str, also: str
) -> None:
    body = content(2 * MIN_PART_SIZE + 3)
    with S3Gateway(rooted.regionendpoint) as gateway:
        storage = S3Driver(rooted.model_copy(update={"regionendpoint": gateway.endpoint}))
        for each in (operation, also):
            gateway.when(each, times=1).drop_reply()

        with storage.writer("/a") as writer:
            writer.write(body)
            writer.commit()
        with storage.writer("/b") as writer:
            writer.write(body)
            writer.cancel()

    assert S3Driver(rooted).get_content("/a") == body
    assert S3Driver(rooted).list("/") == ["/a"]


def test_an_upload_that_somebody_aborted_is_a_failure(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    storage.put_content("/a", b"x")
    writer = storage.writer("/a")
    writer.write(b"y")
    (found,) = list_uploads(client, location_of(rooted, "/a"))
    client.abort_multipart_upload(**found.upload.address)

    with pytest.raises(NoSuchUpload):
        writer.commit()

    assert storage.get_content("/a") == b"x"


def test_where_no_file_is_the_aborted_upload_is_the_error_and_what_was_kept_stays(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch, *, client: "S3Client", rooted: S3Settings
) -> None:
    with storage.writer("/a") as first:
        first.write(b"kept")
    writer = storage.writer("/a", append=True)

    def abort_first(*arguments: Any) -> None:
        (found,) = list_uploads(client, location_of(rooted, "/a"))
        client.abort_multipart_upload(**found.upload.address)
        complete(*arguments)

    monkeypatch.setattr("driver.s3_writer.complete", abort_first)

    with pytest.raises(NoSuchUpload) as caught:
        writer.commit()

    root = f"{rooted.rootdirectory.strip('/')}/"
    (kept,) = client.list_objects_v2(Bucket=rooted.bucket, Prefix=root)["Contents"]
    assert kept["Size"] == len(b"kept")
    assert "nothing was found of the file" in caught.value.__notes__[0]


def test_a_store_that_does_not_answer_does_not_keep_the_program_from_ending() -> None:
    ended = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-c", WRITE_INTO_SILENCE], check=False, capture_output=True, timeout=60
    )

    assert ended.returncode == 1
    assert ended.stderr.strip().endswith(b"RuntimeError: the program ends")


def test_no_part_beyond_ten_thousand_is_sent(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.uploading.MAX_PARTS", 2)

    with storage.writer("/a") as writer:
        writer.write(b"x" * (2 * MIN_PART_SIZE))
        with pytest.raises(TooLarge, match="raise chunksize"):
            writer.write(b"x" * MIN_PART_SIZE)
        writer.cancel()


def test_the_policy_of_the_settings_is_in_the_upload(
    stub: "Stub", stub_settings: S3Settings, no_pauses: None
) -> None:
    stub.answer(200, CREATED)
    update = {"encrypt": True, "keyid": "k", "storageclass": "GLACIER_IR", "objectacl": "private"}

    S3Driver(stub_settings.model_copy(update=update)).writer("/a")

    sent = stub.requests[0].headers
    assert sent["x-amz-server-side-encryption-aws-kms-key-id"] == "k"
    assert sent["x-amz-storage-class"] == "GLACIER_IR"
    assert sent["x-amz-acl"] == "private"
    assert sent["content-type"] == "application/octet-stream"


def test_the_memory_of_a_stream_is_that_of_two_parts(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = b"x" * MIB
    tracemalloc.start()
    try:
        with storage.writer("/a") as writer:
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(64):
                writer.write(block)
            peak = tracemalloc.get_traced_memory()[1] - before
            writer.cancel()
    finally:
        tracemalloc.stop()

    # A quarter for a growing bytearray and the client's own.
    assert peak < 2.5 * MIN_PART_SIZE


@pytest.mark.parametrize(
    ("etags", "expected"),
    [
        (["d41d8cd98f00b204e9800998ecf8427e"], "59adb24ef3cdbe0297f05b395827453f-1"),
        (["no md5"], ""),
    ],
)
def test_the_etag_of_parts_is_that_of_s3(etags: list[str], expected: str) -> None:
    parts = {number: driver.Part(number, etag, 1) for number, etag in enumerate(etags, start=1)}

    assert composite_etag(parts) == expected


def test_parts_of_an_open_writer_are_those_of_the_upload(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    writer = storage.writer("/a")
    writer.write(b"x" * (2 * MIN_PART_SIZE + 5))
    writer.close()

    (found,) = list_uploads(client, location_of(rooted, "/a"))
    assert [part.size for part in list_parts(client, found.upload).values()] == [MIN_PART_SIZE] * 2
