import pytest

from driver import PathNotFoundError
from driver.base import StorageDriver
from tests.contract.blobs import CHUNK, blob
from tests.contract.seen import contents


@pytest.mark.parametrize("size", [0, 1, CHUNK + 1])
def test_what_was_put_is_got(storage: StorageDriver, size: int) -> None:
    storage.put_content("/a/b", blob(size))

    assert storage.get_content("/a/b") == blob(size)


@pytest.mark.parametrize("after", [b"shorter", b"", b"a good deal longer than before"])
def test_a_put_replaces_what_is_there(storage: StorageDriver, after: bytes) -> None:
    storage.put_content("/file", b"what was before")

    storage.put_content("/file", after)

    assert contents(storage) == {"/file": after}


def test_changing_the_bytes_given_changes_nothing_stored(storage: StorageDriver) -> None:
    given = bytearray(b"as it was")
    storage.put_content("/file", bytes(given))

    given[:] = b"otherwise"

    assert storage.get_content("/file") == b"as it was"


@pytest.mark.parametrize("path", ["/none", "/dir", "/dir/a/b", "/di", "/dir/ab"])
def test_only_a_file_has_content(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/a", b"a")

    with pytest.raises(PathNotFoundError) as caught:
        storage.get_content(path)

    assert caught.value.path == path


def test_one_file_is_not_another(storage: StorageDriver) -> None:
    paths = ["/one", "/two", "/one.two", "/up/one", "/up/up/one"]
    for path in paths:
        storage.put_content(path, path.encode())

    assert contents(storage) == {path: path.encode() for path in paths}


def test_names_differ_by_case(storage: StorageDriver) -> None:
    storage.put_content("/name", b"small")
    storage.put_content("/NAME", b"large")

    assert contents(storage) == {"/name": b"small", "/NAME": b"large"}
