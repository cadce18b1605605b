import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import driver.moving
from config import S3Settings
from driver import (
    MIN_PART_SIZE,
    InvalidPathError,
    Location,
    NotImplementedByStore,
    PathNotFoundError,
    S3Driver,
    SourceChanged,
    Throttled,
    Transient,
    VerificationFailed,
    head,
    list_uploads,
    location_of,
    make_client,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Body = Callable[[Location], bytes]
Path = Callable[[str], Location]


@pytest.fixture
def at(rooted: S3Settings) -> Path:
    return lambda path: location_of(rooted, path)


def is_there(client: "S3Client", location: Location) -> bool:
    try:
        head(client, location)
    except PathNotFoundError:
        return False
    return True


@pytest.mark.parametrize("size", [0, 1, MIN_PART_SIZE, MIN_PART_SIZE + 1, 3 * MIN_PART_SIZE + 7])
def test_a_move_carries_the_object_and_removes_the_source(
    client: "S3Client",
    storage: S3Driver,
    *,
    at: Path,
    content: Callable[[int], bytes],
    body_of: Body,
    size: int,
) -> None:
    body = content(size)
    client.put_object(
        **at("/source").address,
        Body=body,
        ContentType="text/x-test",
        Metadata={"colour": "blue"},
        Tagging="a=1",
    )

    storage.move("/source", "/to/destination")

    assert body_of(at("/to/destination")) == body
    copy = head(client, at("/to/destination"))
    assert (copy.headers, copy.metadata, copy.tag_count) == (
        {"ContentType": "text/x-test"},
        {"colour": "blue"},
        1,
    )
    assert not is_there(client, at("/source"))
    assert list_uploads(client, at("/to/destination")) == []


def test_a_missing_source_is_not_found_by_its_path(storage: S3Driver) -> None:
    with pytest.raises(PathNotFoundError) as caught:
        storage.move("/nothing", "/destination")

    assert caught.value.path == "/nothing"
    assert str(caught.value) == "s3aws: Path not found: /nothing"


def test_a_directory_is_not_found(client: "S3Client", storage: S3Driver, at: Path) -> None:
    client.put_object(**at("/directory/file").address, Body=b"x")

    with pytest.raises(PathNotFoundError):
        storage.move("/directory", "/destination")

    assert is_there(client, at("/directory/file"))


@pytest.mark.parametrize("size", [1, MIN_PART_SIZE + 1])
def test_a_move_onto_itself_does_nothing(
    client: "S3Client", storage: S3Driver, *, at: Path, body_of: Body, size: int
) -> None:
    client.put_object(**at("/same").address, Body=b"x" * size)

    storage.move("/same", "/same")

    assert body_of(at("/same")) == b"x" * size


def test_a_move_onto_itself_needs_a_source(storage: S3Driver) -> None:
    with pytest.raises(PathNotFoundError):
        storage.move("/nothing", "/nothing")


@pytest.mark.parametrize(
    "path", ["", "/", "a", "/a/", "//a", "/a//b", "/a b", "/ä", "/a\n", "/a+b", "s3://b/k"]
)
def test_what_is_no_path_is_refused_before_any_request(storage: S3Driver, path: str) -> None:
    with pytest.raises(InvalidPathError) as source:
        storage.move(path, "/b")
    with pytest.raises(InvalidPathError) as destination:
        storage.move("/b", path)

    assert (source.value.path, destination.value.path) == (path, path)


@pytest.mark.parametrize(
    ("root", "key"),
    [("", "a/b"), ("/", "a/b"), ("root", "root/a/b"), ("/root/", "root/a/b"), ("r/s//", "r/s/a/b")],
)
def test_a_path_is_stored_below_the_root(settings: S3Settings, root: str, key: str) -> None:
    rooted = settings.model_copy(update={"rootdirectory": root})

    assert location_of(rooted, "/a/b") == Location(settings.bucket, key)


@pytest.mark.parametrize(
    ("source", "destination"),
    [("/up/data", "/up/data-2"), ("/s", "/s/sub"), ("/t/sub", "/t")],
)
@pytest.mark.parametrize("size", [1, MIN_PART_SIZE + 1])
def test_keys_that_begin_alike_are_not_confused(
    moto_settings: S3Settings, source: str, destination: str, size: int
) -> None:
    alike = moto_settings.model_copy(update={"rootdirectory": "alike"})
    client = make_client(alike)
    for path in (source, source + "-other", source + "/below"):
        body = b"x" * (size if path == source else 1)
        client.put_object(**location_of(alike, path).address, Body=body)

    S3Driver(alike).move(source, destination)

    page = client.list_objects_v2(Bucket="bucket", Prefix="alike/")
    keys = {found["Key"] for found in page["Contents"]}
    for key in keys:
        client.delete_object(Bucket="bucket", Key=key)
    client.close()
    assert keys == {f"alike{path}" for path in (source + "-other", source + "/below", destination)}


class StoppingPool(ThreadPoolExecutor):
    """A pool that tells when it was asked to start nothing more."""

    stopped = threading.Event()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - its signature
        if cancel_futures:
            super().shutdown(wait=False, cancel_futures=True)
            self.stopped.set()
        super().shutdown(wait)


def test_a_failed_part_leaves_source_destination_and_no_upload(
    client: "S3Client",
    storage: S3Driver,
    *,
    at: Path,
    content: Callable[[int], bytes],
    body_of: Body,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = content(7 * MIN_PART_SIZE)
    client.put_object(**at("/source").address, Body=body)
    client.put_object(**at("/destination").address, Body=b"before")
    issued: list[int] = []

    def copy(client: "S3Client", upload: Any, pin: Any, number: int, size: int) -> str:
        issued.append(number)
        if number == 1:
            raise Throttled("SlowDown: enough")
        StoppingPool.stopped.wait(30)
        return driver.copy_part(client, upload, pin, number, size)

    monkeypatch.setattr("driver.moving.copy_part", copy)
    monkeypatch.setattr("driver.moving.ThreadPoolExecutor", StoppingPool)

    with pytest.raises(Throttled):
        storage.move("/source", "/destination")

    # Four at once, and one more that the thread of the failed part may have begun.
    assert len(issued) <= 5
    assert body_of(at("/source")) == body
    assert body_of(at("/destination")) == b"before"
    assert list_uploads(client, at("/destination")) == []


def test_a_failed_move_waits_for_the_parts_in_flight(
    storage: S3Driver,
    client: "S3Client",
    at: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A part that lands behind the abort would be left for ever."""
    client.put_object(**at("/source").address, Body=b"x" * 4 * MIN_PART_SIZE)
    in_flight, aborted = threading.Event(), threading.Event()
    overtaken: list[bool] = []

    def copy(*arguments: Any) -> str:
        if arguments[3] == 1:
            in_flight.wait(30)
            raise Transient("broken")
        in_flight.set()
        overtaken.append(aborted.wait(0.2))  # an abort that does not wait comes in this time
        return "etag"

    def note_and_abort(*arguments: Any) -> None:
        aborted.set()
        driver.abort(*arguments)

    monkeypatch.setattr("driver.moving.copy_part", copy)
    monkeypatch.setattr("driver.moving.abort", note_and_abort)

    with pytest.raises(Transient):
        storage.move("/source", "/destination")

    assert aborted.is_set()
    assert overtaken
    assert not any(overtaken)


def test_a_source_overwritten_between_parts_stays(
    client: "S3Client",
    rooted: S3Settings,
    *,
    at: Path,
    content: Callable[[int], bytes],
    body_of: Body,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = content(3 * MIN_PART_SIZE)
    client.put_object(**at("/source").address, Body=content(3 * MIN_PART_SIZE))
    copy_part = driver.copy_part

    def copy(client: "S3Client", upload: Any, pin: Any, number: int, size: int) -> str:
        if number == 2:
            client.put_object(**pin.location.address, Body=newer)
        return copy_part(client, upload, pin, number, size)

    monkeypatch.setattr("driver.moving.copy_part", copy)
    one_by_one = S3Driver(rooted.model_copy(update={"multipartcopymaxconcurrency": 1}))

    with pytest.raises(SourceChanged):
        one_by_one.move("/source", "/destination")

    assert body_of(at("/source")) == newer
    assert not is_there(client, at("/destination"))
    assert list_uploads(client, at("/destination")) == []


def test_a_copy_that_is_not_proven_keeps_the_source(
    client: "S3Client", storage: S3Driver, at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put_object(**at("/source").address, Body=b"right")

    def copy_wrong(client: "S3Client", _settings: Any, _source: Any, target: Location) -> str:
        return client.put_object(**target.address, Body=b"wrong length")["ETag"]

    monkeypatch.setattr("driver.moving.copy_whole", copy_wrong)

    with pytest.raises(VerificationFailed):
        storage.move("/source", "/destination")

    assert is_there(client, at("/source"))


@pytest.mark.parametrize("lacking", ["create", "copy_part"])
def test_a_store_without_part_copies_copies_whole(
    client: "S3Client",
    storage: S3Driver,
    *,
    at: Path,
    content: Callable[[int], bytes],
    body_of: Body,
    monkeypatch: pytest.MonkeyPatch,
    lacking: str,
) -> None:
    body = content(2 * MIN_PART_SIZE)
    client.put_object(**at("/source").address, Body=body)

    def refuse(*_arguments: Any) -> None:
        raise NotImplementedByStore("NotImplemented: no")

    monkeypatch.setattr(driver.moving, lacking, refuse)

    storage.move("/source", "/destination")

    assert body_of(at("/destination")) == body
    assert not is_there(client, at("/source"))
    assert list_uploads(client, at("/destination")) == []


def test_an_upload_that_cannot_be_aborted_is_named(
    client: "S3Client", storage: S3Driver, at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put_object(**at("/source").address, Body=b"x" * (MIN_PART_SIZE + 1))

    def refuse(*_arguments: Any) -> None:
        raise Transient("no connection")

    monkeypatch.setattr("driver.moving.copy_part", refuse)
    monkeypatch.setattr("driver.moving.abort", refuse)

    with pytest.raises(Transient) as caught:
        storage.move("/source", "/destination")

    left = list_uploads(client, at("/destination"))[0].upload
    assert left.id in caught.value.__notes__[0]
    driver.abort(client, left)


def test_the_name_is_the_registrys() -> None:
    assert S3Driver.name == "s3aws"
