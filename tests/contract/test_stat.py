from datetime import UTC, datetime, timedelta

import pytest

from driver import PathNotFoundError
from driver.base import StorageDriver
from driver.files import FileInfo
from tests.contract.seen import walked
from tests.contract.stores import ALL_ROOTS, id_of


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_stat_tells_the_size_of_a_file(storage: StorageDriver, size: int) -> None:
    storage.put_content("/dir/file", bytes(size))

    found = storage.stat("/dir/file")

    assert (found.path, found.size, found.is_directory) == ("/dir/file", size, False)


def test_stat_tells_when_a_file_was_written(storage: StorageDriver) -> None:
    before = datetime.now(UTC)
    storage.put_content("/file", b"content")
    after = datetime.now(UTC)

    modified = storage.stat("/file").modified

    assert modified is not None
    second = timedelta(seconds=1)  # of HTTP's dates
    assert before - second < modified < after + second


def test_stat_tells_of_the_newest_content(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")
    first = storage.stat("/file").modified
    storage.put_content("/file", b"afterwards")

    found = storage.stat("/file")

    assert found.size == len(b"afterwards")
    assert first is not None
    assert found.modified is not None
    assert found.modified >= first


@pytest.mark.parametrize("path", ["/dir", "/dir/sub"])
def test_stat_tells_a_directory(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/sub/file", b"content")

    assert storage.stat(path) == FileInfo(path, is_directory=True)


@pytest.mark.parametrize("path", ["/none", "/di", "/dir/a", "/dir/abc", "/dir/ab/c", "/b"])
def test_stat_takes_the_start_of_a_name_for_nothing(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/ab", b"content")

    with pytest.raises(PathNotFoundError) as caught:
        storage.stat(path)

    assert caught.value.path == path


def test_stat_tells_a_file_before_a_directory(storage: StorageDriver) -> None:
    storage.put_content("/both/below", b"longer content")
    storage.put_content("/both", b"content")

    found = storage.stat("/both")

    assert (found.size, found.is_directory) == (7, False)
    assert storage.stat("/both/below").size == 14


@pytest.mark.parametrize("store", ALL_ROOTS, indirect=True, ids=id_of)
def test_the_root_is_always_a_directory(storage: StorageDriver) -> None:
    assert storage.stat("/") == FileInfo("/", is_directory=True)

    storage.put_content("/file", b"content")

    assert storage.stat("/") == FileInfo("/", is_directory=True)


def test_a_walk_tells_what_stat_tells(storage: StorageDriver) -> None:
    storage.put_content("/dir/file", b"content")
    storage.put_content("/other", b"")

    for found in walked(storage):
        told = storage.stat(found.path)
        assert (told.size, told.is_directory) == (found.size, found.is_directory)
        assert (told.modified is None) == (found.modified is None) == found.is_directory
