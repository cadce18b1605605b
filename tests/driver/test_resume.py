import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from moto.s3.models import s3_backends
from requests.structures import CaseInsensitiveDict

from config import S3Settings
from driver import (
    MIN_PART_SIZE,
    Part,
    PathNotFoundError,
    S3Driver,
    WriterEnded,
    location_of,
)
from driver.multipart import create_empty, upload_part
from driver.notes import mark_of
from driver.put import put_object
from driver.resume import leading_parts

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

Bytes = Callable[[int], bytes]
MIB = 1024**2

NOTHING: tuple[Any, ...] = ("STANDARD", {}, None, "", "")
"""Storage class, tags, ACL, encryption and key of an upload in moto."""

WRITE_AND_DIE = """
import json, os, signal, sys
from config import S3Settings
from driver import S3Driver

writer = S3Driver(S3Settings(**json.load(sys.stdin))).writer("/a", append={append})
writer.write(b"x" * {size})
writer.{end}
os.kill(os.getpid(), signal.SIGKILL)
"""


def die_writing(settings: S3Settings, size: int, end: str, *, append: bool = False) -> None:
    """Write in a process that is killed; `end` is its last call."""
    script = WRITE_AND_DIE.format(size=size, end=end, append=append)
    secret = {"secretkey": settings.secretkey.get_secret_value(), "sessiontoken": ""}
    given = json.dumps(settings.model_dump() | secret)
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, input=given.encode(), check=False, timeout=60)  # noqa: S603  our own
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "sizes",
    [
        [32, 32, 32],
        [6 * MIB, MIB, 6 * MIB],
        [MIN_PART_SIZE, MIN_PART_SIZE],
        [0, 1, 0, MIN_PART_SIZE - 1, 1, 2 * MIN_PART_SIZE + 3],
    ],
)
def test_writers_go_on_where_the_last_one_was_closed(
    storage: S3Driver, content: Bytes, sizes: list[int]
) -> None:
    storage.put_content("/a", b"old")
    body = b""

    for number, size in enumerate(sizes):
        piece = content(size)
        with storage.writer("/a", append=number > 0) as writer:
            assert writer.size == len(body)
            writer.write(piece)
        body += piece
        assert storage.get_content("/a") == b"old"
        assert storage.list("/") == ["/a"]
    with storage.writer("/a", append=True) as writer:
        writer.commit()

    assert storage.get_content("/a") == body


def test_another_process_goes_on_after_a_kill(storage: S3Driver, rooted: S3Settings) -> None:
    die_writing(rooted, MIN_PART_SIZE + 10, "close()")
    with pytest.raises(PathNotFoundError):
        storage.stat("/a")

    with storage.writer("/a", append=True) as writer:
        assert writer.size == MIN_PART_SIZE + 10
        writer.write(b"y")
        writer.commit()

    assert storage.get_content("/a") == b"x" * (MIN_PART_SIZE + 10) + b"y"


def test_a_killed_writer_says_from_where_to_write_again(
    storage: S3Driver, rooted: S3Settings
) -> None:
    die_writing(rooted, 10, "close()")
    # It takes the ten bytes into a part, and dies with what it had of the next.
    die_writing(rooted, 2 * MIN_PART_SIZE, "_parts.settle()", append=True)

    with storage.writer("/a", append=True) as writer:
        assert writer.size == 2 * MIN_PART_SIZE
        writer.commit()

    assert storage.get_content("/a") == b"x" * (2 * MIN_PART_SIZE)


def test_the_short_last_part_of_a_commit_that_died_is_written_again(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    upload = create_empty(client, rooted, location_of(rooted, "/a"))
    upload_part(client, upload, 1, bytearray(b"x" * MIN_PART_SIZE))
    upload_part(client, upload, 2, bytearray(b"lost"))

    with storage.writer("/a", append=True) as writer:
        assert writer.size == MIN_PART_SIZE
        writer.write(b"y" * MIN_PART_SIZE + b"z")
        writer.commit()

    assert storage.get_content("/a") == b"x" * MIN_PART_SIZE + b"y" * MIN_PART_SIZE + b"z"


def test_a_new_chunksize_does_not_change_the_parts_of_an_old_upload(
    storage: S3Driver, rooted: S3Settings
) -> None:
    with storage.writer("/a") as writer:
        writer.write(b"x" * (MIN_PART_SIZE + 9))
    larger = S3Driver(rooted.model_copy(update={"chunksize": 2 * MIN_PART_SIZE}))

    with larger.writer("/a", append=True) as writer:
        assert writer.size == MIN_PART_SIZE + 9
        writer.write(b"y" * (3 * MIN_PART_SIZE))
        writer.commit()

    assert storage.get_content("/a") == b"x" * (MIN_PART_SIZE + 9) + b"y" * (3 * MIN_PART_SIZE)


def test_what_was_kept_for_larger_parts_survives_a_writer_of_smaller_ones_that_died(
    storage: S3Driver, rooted: S3Settings, content: Bytes
) -> None:
    body = content(3 * MIN_PART_SIZE + 5)
    larger = S3Driver(rooted.model_copy(update={"chunksize": 4 * MIN_PART_SIZE}))
    with larger.writer("/a") as writer:
        writer.write(body)
    die_writing(rooted, 0, "_parts.settle()", append=True)

    with storage.writer("/a", append=True) as writer:
        assert writer.size == len(body)
        writer.commit()

    assert storage.get_content("/a") == body


def test_an_interrupted_commit_keeps_what_was_closed_before(
    storage: S3Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with storage.writer("/a") as writer:
        writer.write(b"closed")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("driver.s3_writer.complete", interrupt)
    interrupted = storage.writer("/a", append=True)
    interrupted.write(b" and more")
    with pytest.raises(KeyboardInterrupt):
        interrupted.commit()
    interrupted.close()
    monkeypatch.undo()

    with storage.writer("/a", append=True) as writer:
        assert writer.size == len(b"closed")
        writer.commit()
    assert storage.get_content("/a") == b"closed"


def test_the_copy_of_a_mover_is_not_taken_for_a_writers(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    with storage.writer("/a") as writer:
        writer.write(b"mine")
    copy = create_empty(client, rooted, location_of(rooted, "/a"))
    upload_part(client, copy, 2, bytearray(b"x" * MIN_PART_SIZE))

    with storage.writer("/a", append=True) as writer:
        assert writer.size == 4
        writer.commit()

    assert storage.get_content("/a") == b"mine"


def test_of_the_last_two_parts_of_a_killed_writer_the_former_may_be_missing(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    killed = create_empty(client, rooted, location_of(rooted, "/a"))
    upload_part(client, killed, 1, bytearray(b"x" * MIN_PART_SIZE))
    upload_part(client, killed, 3, bytearray(b"lost" * MIN_PART_SIZE)[:MIN_PART_SIZE])

    with storage.writer("/a", append=True) as writer:
        assert writer.size == MIN_PART_SIZE
        writer.write(b"y")
        writer.commit()

    assert storage.get_content("/a") == b"x" * MIN_PART_SIZE + b"y"


def test_a_part_behind_a_gap_does_not_come_back_when_the_gap_is_filled(
    storage: S3Driver, client: "S3Client", rooted: S3Settings, content: Bytes
) -> None:
    first, lost, second = (content(MIN_PART_SIZE) for _ in range(3))
    killed = create_empty(client, rooted, location_of(rooted, "/a"))
    upload_part(client, killed, 1, bytearray(first))
    upload_part(client, killed, 3, bytearray(lost))
    with storage.writer("/a", append=True) as writer:
        writer.write(second + b"and a tail")

    with storage.writer("/a", append=True) as writer:
        assert writer.size == 2 * MIN_PART_SIZE + len(b"and a tail")
        writer.commit()

    assert storage.get_content("/a") == first + second + b"and a tail"
    root = f"{rooted.rootdirectory.strip('/')}/"
    keys = client.list_objects_v2(Bucket=rooted.bucket, Prefix=root)["Contents"]
    assert [found["Key"] for found in keys] == [f"{root}a"]


def test_an_upload_with_a_movers_mark_is_not_resumed(
    storage: S3Driver, client: "S3Client", rooted: S3Settings
) -> None:
    copy = create_empty(client, rooted, location_of(rooted, "/a"))
    upload_part(client, copy, 1, bytearray(b"x" * MIN_PART_SIZE))
    put_object(client, rooted, mark_of(rooted, copy), b"")

    with pytest.raises(PathNotFoundError):
        storage.writer("/a", append=True)


@pytest.mark.parametrize("numbers", [[2], [1, 4], [1, 3, 4], [3]])
def test_other_gaps_are_those_of_a_mover(numbers: list[int]) -> None:
    assert leading_parts({number: Part(number, "etag", 1) for number in numbers}) is None


@pytest.mark.parametrize("numbers", [[], [1], [1, 2], [1, 3], [1, 2, 4]])
def test_a_writers_parts_are_taken_up_to_the_gap(numbers: list[int]) -> None:
    parts = leading_parts({number: Part(number, "etag", 1) for number in numbers})

    assert list(parts or {}) == [number for number in (1, 2) if number in numbers]


def test_of_several_uploads_the_newest_is_resumed(storage: S3Driver) -> None:
    for body in (b"old", b"newest!"):
        with storage.writer("/a") as writer:
            writer.write(body)
        time.sleep(1.1)  # SeaweedFS tells whole seconds (4.48, 2026-11)

    with storage.writer("/a", append=True) as writer:
        assert writer.size == len(b"newest!")


def test_two_thousand_uploads_beside_it_do_not_hide_one(moto_settings: S3Settings) -> None:
    storage = S3Driver(moto_settings.model_copy(update={"rootdirectory": "/crowd"}))
    backend = s3_backends["123456789012"]["aws"]  # by requests they would take 20 s
    for number in range(1050):
        for name in (f"crowd/a-{number}", f"crowd/a.{number}"):
            backend.create_multipart_upload("bucket", name, CaseInsensitiveDict(), *NOTHING)
    with storage.writer("/a0") as writer:
        writer.write(b"mine")
    with storage.writer("/a") as writer:
        writer.write(b"mine too")

    for path, size in (("/a0", 4), ("/a", 8)):
        with storage.writer(path, append=True) as writer:
            assert writer.size == size
            writer.cancel()


def test_more_parts_than_a_page_holds_are_resumed(stub: "Stub", stub_settings: S3Settings) -> None:
    upload = (
        "<Upload><Key>a</Key><UploadId>u</UploadId>"
        "<Initiated>2026-11-01T00:00:00Z</Initiated></Upload>"
    )
    stub.answer(200, f"<ListMultipartUploadsResult>{upload}</ListMultipartUploadsResult>")
    stub.answer(200, parts_page(1, 1000, more=True))
    stub.answer(200, parts_page(1001, 1001, more=False))
    stub.answer(404, "<Error><Code>NoSuchKey</Code></Error>")

    writer = S3Driver(stub_settings).writer("/a", append=True)

    assert writer.size == 1001 * MIN_PART_SIZE
    assert "part-number-marker=1000" in stub.requests[2].path


def parts_page(first: int, last: int, *, more: bool) -> str:
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>e</ETag><Size>{MIN_PART_SIZE}</Size></Part>"
        for number in range(first, last + 1)
    )
    return (
        f"<ListPartsResult><IsTruncated>{str(more).lower()}</IsTruncated>"
        f"<NextPartNumberMarker>{last}</NextPartNumberMarker>{parts}</ListPartsResult>"
    )


def test_an_empty_file_is_written_anew_and_one_with_content_is_not(storage: S3Driver) -> None:
    storage.put_content("/empty", b"")
    storage.put_content("/full", b"x")

    with storage.writer("/empty", append=True) as writer:
        writer.write(b"y")
        writer.commit()
    with pytest.raises(WriterEnded, match="s3aws: already committed"):
        storage.writer("/full", append=True)
    with pytest.raises(PathNotFoundError):
        storage.writer("/missing", append=True)

    assert storage.get_content("/empty") == b"y"
