from collections.abc import Callable

import pytest

from driver import PathNotFoundError
from driver.base import StorageDriver
from tests.contract.blobs import CHUNK, blob
from tests.contract.seen import contents

PutAll = Callable[[list[str]], None]

NEIGHBOURS = ["/up/data-1", "/up/data.bak", "/up/data/sub", "/up/data0", "/up/dat", "/up2"]


@pytest.mark.parametrize("size", [0, 1, CHUNK + 1])
@pytest.mark.parametrize("to", ["/up/there", "/far/from/there"])
def test_a_move_leaves_the_content_there_only(
    storage: StorageDriver, *, size: int, to: str
) -> None:
    storage.put_content("/up/here", blob(size))

    storage.move("/up/here", to)

    assert contents(storage) == {to: blob(size)}


def test_a_move_replaces_what_is_there(storage: StorageDriver) -> None:
    storage.put_content("/here", b"new")
    storage.put_content("/there", b"old and longer")

    storage.move("/here", "/there")

    assert contents(storage) == {"/there": b"new"}


def test_a_move_may_be_taken_back(storage: StorageDriver) -> None:
    storage.put_content("/here", b"content")

    storage.move("/here", "/there")
    storage.move("/there", "/here")

    assert contents(storage) == {"/here": b"content"}


@pytest.mark.parametrize("path", ["/none", "/dir", "/di", "/dir/fil", "/dir/file/x"])
@pytest.mark.parametrize("to", ["/there", "/dir/file"])
def test_only_a_file_is_moved(storage: StorageDriver, path: str, to: str) -> None:
    storage.put_content("/dir/file", b"kept")

    with pytest.raises(PathNotFoundError) as caught:
        storage.move(path, to)

    assert caught.value.path == path
    assert contents(storage) == {"/dir/file": b"kept"}


def test_a_move_onto_itself_changes_nothing(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/up/data", *NEIGHBOURS])
    before = contents(storage), storage.stat("/up/data").modified

    storage.move("/up/data", "/up/data")

    assert (contents(storage), storage.stat("/up/data").modified) == before


@pytest.mark.parametrize("path", ["/none", "/dir"])
def test_nothing_is_not_moved_onto_itself(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/file", b"kept")

    with pytest.raises(PathNotFoundError) as caught:
        storage.move(path, path)

    assert caught.value.path == path


@pytest.mark.parametrize("to", ["/up/data-2", "/up/data.2", "/up/data1", "/up/da", "/up/data/two"])
def test_a_move_leaves_all_other_files(storage: StorageDriver, put_all: PutAll, to: str) -> None:
    put_all(["/up/data", *NEIGHBOURS])

    storage.move("/up/data", to)

    assert contents(storage) == {to: b"/up/data"} | {path: path.encode() for path in NEIGHBOURS}


def test_a_file_is_moved_below_itself(storage: StorageDriver) -> None:
    storage.put_content("/s", b"content")

    storage.move("/s", "/s/sub")

    assert contents(storage) == {"/s/sub": b"content"}


def test_a_file_is_moved_onto_a_directory(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/s/sub", "/s/other", "/here"])

    storage.move("/s/sub", "/s")

    assert contents(storage) == {"/s": b"/s/sub", "/s/other": b"/s/other", "/here": b"/here"}


def test_a_move_forgets_no_uncommitted_writer(storage: StorageDriver) -> None:
    storage.put_content("/here", b"content")
    with storage.writer("/here") as writer:
        writer.write(b"unfinished")

    storage.move("/here", "/there")

    assert contents(storage) == {"/there": b"content"}
    with storage.writer("/here", append=True) as writer:
        writer.commit()
    assert contents(storage) == {"/here": b"unfinished", "/there": b"content"}
