from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import (
    AccessDenied,
    MemoryDriver,
    NotDeleted,
    PathNotFoundError,
    Rejected,
    S3Driver,
    Throttled,
    Transient,
    make_client,
)

if TYPE_CHECKING:
    from tests.driver.conftest import Stub

PAGE = """<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>"""
KEY = """<Contents><Key>{key}</Key><Size>1</Size>
<LastModified>2026-11-01T00:00:00Z</LastModified></Contents>"""


def listing(*keys: str) -> str:
    return PAGE.format(keys="".join(KEY.format(key=key) for key in keys))


@pytest.fixture
def storage(stub_settings: S3Settings, no_pauses: None) -> S3Driver:
    return S3Driver(stub_settings)


def refused(*keys: str) -> str:
    errors = "".join(
        f"<Error><Key>{key}</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
        for key in keys
    )
    return f"<DeleteResult>{errors}</DeleteResult>"


def test_a_file_that_was_not_deleted_is_an_error_of_its_own_class(
    stub: "Stub", storage: S3Driver
) -> None:
    stub.answer(200, listing("a/1", "a/2"))
    stub.answer(200, refused("a/2"))

    with pytest.raises(AccessDenied, match=r"s3aws: DeleteObjects s3://bucket/a/2"):
        storage.delete("/a")


def test_files_that_were_not_deleted_are_all_told(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1", "a/2", "a/3"))
    stub.answer(200, refused("a/2", "a/3"))

    with pytest.raises(NotDeleted) as caught:
        storage.delete("/a")

    assert [type(error) for error in caught.value.errors] == [AccessDenied, AccessDenied]
    assert "s3://bucket/a/2" in str(caught.value)
    assert "s3://bucket/a/3" in str(caught.value)


def test_a_listing_that_is_refused_is_not_an_empty_one(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code></Error>")

    for verb in (storage.delete, storage.list, storage.stat):
        with pytest.raises(AccessDenied):
            verb("/a")
    with pytest.raises(AccessDenied):
        storage.walk("/a", lambda _: None)


def test_no_empty_start_after_and_no_delimiter_are_sent(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1"))

    storage.walk("/a", lambda _: None)

    assert "start-after" not in stub.requests[0].path
    assert "delimiter" not in stub.requests[0].path


def test_a_bare_prefix_is_not_there_and_nothing_beside_it_is_deleted(
    moto_settings: S3Settings,
) -> None:
    storage = S3Driver(moto_settings.model_copy(update={"rootdirectory": "/beside"}))
    storage.put_content("/di-rectory/a", b"")

    with pytest.raises(PathNotFoundError):
        storage.stat("/di")
    with pytest.raises(PathNotFoundError):
        storage.delete("/di")

    assert storage.list("/") == ["/di-rectory"]


def test_a_folder_marker_is_not_listed_but_deleted(moto_settings: S3Settings) -> None:
    storage = S3Driver(moto_settings.model_copy(update={"rootdirectory": "/markers"}))
    client = make_client(moto_settings)
    client.put_object(Bucket="bucket", Key="markers/a/", Body=b"")
    storage.put_content("/a/b", b"")
    seen: list[str] = []

    assert storage.list("/a") == ["/a/b"]
    storage.walk("/", lambda found: seen.append(found.path))
    storage.delete("/a")

    assert seen == ["/a", "/a/b"]
    assert "Contents" not in client.list_objects_v2(Bucket="bucket", Prefix="markers/")


def test_a_folder_marker_alone_is_a_directory_without_files(moto_settings: S3Settings) -> None:
    storage = S3Driver(moto_settings.model_copy(update={"rootdirectory": "/alone"}))
    make_client(moto_settings).put_object(Bucket="bucket", Key="alone/a/b/", Body=b"")
    seen: list[str] = []

    storage.walk("/", lambda found: seen.append(found.path))

    assert seen == ["/a", "/a/b"]
    assert storage.list("/a") == ["/a/b"]
    assert storage.list("/a/b") == []
    assert storage.stat("/a/b").is_directory
    storage.delete("/a")
    with pytest.raises(PathNotFoundError):
        storage.stat("/a/b")


def test_a_key_that_no_path_names_is_shown_by_none(moto_settings: S3Settings) -> None:
    storage = S3Driver(moto_settings.model_copy(update={"rootdirectory": "/foreign"}))
    client = make_client(moto_settings)
    for key in ("foreign/a/b c", "foreign/a/ü", "foreign/a//b", "foreign/a/b"):
        client.put_object(Bucket="bucket", Key=key, Body=b"")
    seen: list[str] = []

    storage.walk("/", lambda found: seen.append(found.path))

    assert storage.list("/a") == ["/a/b"]
    assert seen == ["/a", "/a/b"]
    storage.delete("/a")
    assert "Contents" not in client.list_objects_v2(Bucket="bucket", Prefix="foreign/")


def test_a_batch_that_is_refused_is_deleted_key_by_key(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1", "a/2"))
    stub.answer(400, "<Error><Code>MalformedXML</Code></Error>")
    stub.answer(204)
    stub.answer(400, "<Error><Code>InvalidArgument</Code></Error>")

    with pytest.raises(Rejected, match="s3://bucket/a/2"):
        storage.delete("/a")

    assert [request.method for request in stub.requests] == ["GET", "POST", "DELETE", "DELETE"]


def test_a_listing_that_fails_hides_no_earlier_error(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a").replace("false", "true", 1))
    stub.answer(404)  # no file, but a directory
    stub.answer(200, listing("a/1"))
    more = "<NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
    first = listing("a/1", "a/2").replace("false", "true", 1)
    stub.answer(200, first.replace("</ListBucketResult>", more))
    stub.answer(200, refused("a/2"))
    stub.answer(400, "<Error><Code>InvalidRequest</Code></Error>")

    with pytest.raises(NotDeleted) as caught:
        storage.delete("/a")

    assert [type(error) for error in caught.value.errors] == [AccessDenied, Rejected]


@pytest.mark.parametrize(
    ("code", "kind"), [("InternalError", Transient), ("SlowDown", Throttled), ("x", Rejected)]
)
def test_the_code_of_a_key_decides_whether_to_try_again(
    stub: "Stub", storage: S3Driver, *, code: str, kind: type[Exception]
) -> None:
    stub.answer(200, listing("a/1", "a/2"))
    stub.answer(200, refused("a/2").replace("AccessDenied", code))

    with pytest.raises(kind):
        storage.delete("/a")


def test_a_key_that_is_gone_already_is_deleted(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1", "a/2"))
    stub.answer(200, refused("a/2").replace("AccessDenied", "NoSuchKey"))

    storage.delete("/a")


def test_a_single_key_that_is_gone_already_is_deleted(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1"))
    stub.answer(404, "<Error><Code>NoSuchKey</Code></Error>")

    storage.delete("/a")


def test_an_error_of_another_driver_keeps_its_name(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(200, listing("a/1"))

    def visit(_: object) -> None:
        MemoryDriver().stat("/nope")

    with pytest.raises(PathNotFoundError, match=r"^inmemory: Path not found: /nope"):
        storage.walk("/", visit)


def test_the_page_of_another_server_is_not_an_empty_bucket(stub: "Stub", storage: S3Driver) -> None:
    stub.answer(404, "<html>default backend</html>")

    for verb in (storage.delete, storage.list, storage.stat):
        with pytest.raises(Rejected):
            verb("/a")


def test_what_is_not_deleted_first_hides_neither_the_rest_nor_their_errors(
    stub: "Stub", storage: S3Driver
) -> None:
    full = listing("a").replace("false", "true", 1)
    stub.answer(200, full)
    stub.answer(200, ETag='"e"', Last_Modified="Sun, 01 Nov 2026 00:00:00 GMT")
    stub.answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    stub.answer(200, listing("a/1", "a/2"))
    stub.answer(200, refused("a/2"))

    with pytest.raises(NotDeleted) as caught:
        storage.delete("/a")

    assert [error.source for error in caught.value.errors] == ["s3://bucket/a", "s3://bucket/a/2"]
