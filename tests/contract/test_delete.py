from collections.abc import Callable

import pytest

from driver import PathNotFoundError
from driver.base import StorageDriver
from tests.contract.seen import contents, files, walked
from tests.contract.stores import Store

PutAll = Callable[[list[str]], None]

SIBLINGS = ["/a-x", "/a.y", "/a-x/b", "/a0", "/ab", "/ab/c"]


def test_a_file_is_deleted_alone(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/dir/a", "/dir/b"])

    storage.delete("/dir/a")

    assert files(storage) == ["/dir/b"]


def test_a_directory_is_deleted_with_all_below(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/dir/a", "/dir/b/c", "/dir/b/d/e", "/kept"])

    storage.delete("/dir")

    assert contents(storage) == {"/kept": b"/kept"}
    with pytest.raises(PathNotFoundError):
        storage.stat("/dir")


@pytest.mark.parametrize("below", [[], ["/a/b"], ["/a/b", "/a/c/d"]])
@pytest.mark.parametrize("is_file", [True, False], ids=["file", "no file"])
def test_siblings_outlive_a_deletion(
    storage: StorageDriver, put_all: PutAll, *, below: list[str], is_file: bool
) -> None:
    doomed = ["/a"] * is_file + below
    put_all([*SIBLINGS, *doomed])

    if doomed:
        storage.delete("/a")
    else:
        with pytest.raises(PathNotFoundError):
            storage.delete("/a")

    assert contents(storage) == {path: path.encode() for path in SIBLINGS}


@pytest.mark.parametrize("path", ["/none", "/di", "/dir/fil", "/dir/file/x", "/dir/file-x"])
def test_nothing_is_not_deleted(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/file", b"kept")

    with pytest.raises(PathNotFoundError) as caught:
        storage.delete(path)

    assert caught.value.path == path
    assert contents(storage) == {"/dir/file": b"kept"}


@pytest.mark.parametrize("path", ["/dir", "/dir/sub/file"])
def test_what_was_deleted_is_not_deleted_again(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/sub/file", b"content")

    storage.delete(path)

    with pytest.raises(PathNotFoundError):
        storage.delete(path)


def test_a_directory_goes_with_its_last_file(storage: StorageDriver, store: Store) -> None:
    storage.put_content("/dir/sub/file", b"content")

    storage.delete("/dir/sub/file")

    assert walked(storage) == []
    for path in ("/dir", "/dir/sub"):
        with pytest.raises(PathNotFoundError):
            storage.stat(path)
    # SeaweedFS lists directories that it has not swept yet.
    assert storage.list("/") == [] or not store.forgets_directories


def test_what_was_deleted_is_written_again(storage: StorageDriver) -> None:
    storage.put_content("/dir/file", b"before")
    storage.delete("/dir")

    storage.put_content("/dir/file", b"after")

    assert contents(storage) == {"/dir/file": b"after"}


def test_a_deletion_leaves_uncommitted_writers(storage: StorageDriver) -> None:
    storage.put_content("/dir/file", b"content")
    with storage.writer("/dir/file") as writer:
        writer.write(b"unfinished")

    storage.delete("/dir")

    assert contents(storage) == {}
    with storage.writer("/dir/file", append=True) as writer:
        writer.commit()
    assert contents(storage) == {"/dir/file": b"unfinished"}
