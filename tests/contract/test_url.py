from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from driver import InvalidPathError, UnsupportedMethodError
from driver.base import StorageDriver
from driver.errors import InvalidExpiryError
from tests.contract.stores import WITH_URLS, WITHOUT_URLS, id_of


def ask(url: str, method: str) -> tuple[int, bytes, str | None]:
    """Return the status, the body and the length that the answer names."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port)
    connection.request(method, f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.getheader("Content-Length")
    connection.close()
    return found


@pytest.mark.parametrize("store", WITH_URLS, indirect=True, ids=id_of)
def test_a_url_reads_the_file(storage: StorageDriver) -> None:
    storage.put_content("/dir/file.txt", b"content")

    for url in (storage.url_for("/dir/file.txt"), storage.url_for("/dir/file.txt", "GET")):
        assert ask(url, "GET")[:2] == (200, b"content")


@pytest.mark.parametrize("store", WITH_URLS, indirect=True, ids=id_of)
def test_a_url_of_head_tells_the_size(storage: StorageDriver) -> None:
    storage.put_content("/dir/file.txt", b"content")

    url = storage.url_for("/dir/file.txt", "HEAD")

    assert ask(url, "HEAD") == (200, b"", "7")


@pytest.mark.parametrize("store", WITH_URLS, indirect=True, ids=id_of)
def test_a_url_is_made_for_a_file_that_comes_later(storage: StorageDriver) -> None:
    url = storage.url_for("/later")
    assert ask(url, "GET")[0] == 404

    storage.put_content("/later", b"content")

    assert ask(url, "GET")[:2] == (200, b"content")


@pytest.mark.parametrize("store", WITH_URLS, indirect=True, ids=id_of)
@pytest.mark.parametrize("expires", [timedelta(seconds=1), timedelta(days=7)], ids=str)
def test_a_url_is_made_for_1_second_to_7_days(storage: StorageDriver, expires: timedelta) -> None:
    assert storage.url_for("/file", expires=expires).startswith("http")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "get", "", "OPTIONS"])
def test_other_methods_have_no_url(storage: StorageDriver, method: str) -> None:
    with pytest.raises(UnsupportedMethodError) as caught:
        storage.url_for("/file", method)

    assert str(caught.value) == f"{storage.name}: unsupported method"


@pytest.mark.parametrize(
    "expires",
    [
        timedelta(0),
        timedelta(seconds=-1),
        timedelta(milliseconds=999),
        timedelta(days=7, seconds=1),
    ],
    ids=str,
)
def test_no_url_is_made_for_other_times(storage: StorageDriver, expires: timedelta) -> None:
    with pytest.raises(InvalidExpiryError, match=storage.name):
        storage.url_for("/file", expires=expires)


def test_the_path_is_looked_at_before_the_method(storage: StorageDriver) -> None:
    with pytest.raises(InvalidPathError):
        storage.url_for("no path", "PUT", timedelta(0))


@pytest.mark.parametrize("store", WITHOUT_URLS, indirect=True, ids=id_of)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_driver_without_urls_says_so(storage: StorageDriver, method: str) -> None:
    storage.put_content("/file", b"content")

    with pytest.raises(UnsupportedMethodError):
        storage.url_for("/file", method)
