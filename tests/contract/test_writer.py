import time
from array import array
from collections.abc import Callable, Mapping

import pytest

from driver import DriverError, PathNotFoundError
from driver.base import StorageDriver
from driver.errors import WriterEnded
from driver.writer import FileWriter
from tests.contract.blobs import CHUNK, MIB, blob
from tests.contract.seen import contents, walked
from tests.contract.stores import Store

Call = Callable[[FileWriter], object]
CALLS: Mapping[str, Call] = {
    "write": lambda writer: writer.write(b"more"),
    "commit": lambda writer: writer.commit(),
    "cancel": lambda writer: writer.cancel(),
    "close": lambda writer: writer.close(),
}


def leave(storage: StorageDriver, path: str, data: bytes, *, append: bool = False) -> int:
    """Write and do not commit; return the size then."""
    with storage.writer(path, append=append) as writer:
        writer.write(data)
        return writer.size


def commit(storage: StorageDriver, path: str, *, append: bool = False) -> None:
    with storage.writer(path, append=append) as writer:
        writer.commit()


def wait_for_the_next_second() -> None:
    time.sleep(1.01 - time.time() % 1)


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_what_was_written_is_the_file_after_the_commit(storage: StorageDriver, size: int) -> None:
    with storage.writer("/a/file") as writer:
        assert writer.write(blob(size)) == size
        writer.commit()

    assert storage.stat("/a/file").size == size
    assert storage.get_content("/a/file") == blob(size)


def test_a_commit_of_nothing_makes_an_empty_file(storage: StorageDriver) -> None:
    commit(storage, "/file")

    assert storage.stat("/file").size == 0
    assert contents(storage) == {"/file": b""}


def test_writes_of_any_length_follow_each_other(storage: StorageDriver) -> None:
    data = blob(2 * CHUNK + 12_345)
    lengths = (0, 1, 2 * MIB + 1, 4 * MIB, 0, 4 * MIB - 7, 12_350)
    written = 0

    with storage.writer("/file") as writer:
        for length in lengths:
            assert writer.write(data[written : written + length]) == length
            written += length
            assert writer.size == written
        writer.commit()

    assert written == len(data)
    assert storage.get_content("/file") == data


@pytest.mark.parametrize(
    "data",
    [
        b"12345678",
        bytearray(b"12345678"),
        memoryview(b"12345678"),
        memoryview(array("H", range(4))),
    ],
    ids=["bytes", "bytearray", "memoryview", "memoryview of numbers"],
)
def test_a_writer_takes_all_kinds_of_bytes(
    storage: StorageDriver, data: bytes | bytearray | memoryview
) -> None:
    with storage.writer("/file") as writer:
        assert writer.write(data) == 8
        assert writer.size == 8
        writer.commit()

    assert storage.get_content("/file") == bytes(data)


def test_a_writer_keeps_bytes_that_its_caller_changes_later(storage: StorageDriver) -> None:
    buffer = bytearray(b"first")

    with storage.writer("/file") as writer:
        writer.write(buffer)
        buffer[:] = b"other"
        writer.write(buffer)
        writer.commit()

    assert storage.get_content("/file") == b"firstother"


@pytest.mark.parametrize("size", [0, 32, CHUNK + 1])
@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_what_is_not_committed_is_not_seen(
    storage: StorageDriver, *, size: int, is_closed: bool
) -> None:
    writer = storage.writer("/dir/file")
    writer.write(blob(size))
    if is_closed:
        writer.close()

    assert walked(storage) == []
    assert storage.list("/") == []
    look: tuple[Callable[[str], object], ...] = (
        *(storage.get_content, storage.reader, storage.stat, storage.list, storage.delete),
        *(lambda path: walked(storage, path), lambda path: storage.move(path, "/there")),
    )
    for path in ("/dir", "/dir/file"):
        for ask in look[:-1] if path == "/dir" else look:
            with pytest.raises(PathNotFoundError):
                ask(path)


def test_the_old_file_stays_until_the_commit(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")

    with storage.writer("/file") as writer:
        writer.write(b"after")
        assert storage.get_content("/file") == b"before"
        assert storage.stat("/file").size == 6
        writer.commit()
        assert storage.get_content("/file") == b"after"


def test_a_closed_writer_leaves_the_old_file(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")

    leave(storage, "/file", b"after")

    assert contents(storage) == {"/file": b"before"}


@pytest.mark.parametrize(
    "sizes",
    [(32, 32, 32), (0, 5), (CHUNK, CHUNK), (6 * MIB, MIB, 6 * MIB), (2 * CHUNK + 1, 1, CHUNK - 2)],
    ids=str,
)
def test_a_closed_writer_is_gone_on_with(storage: StorageDriver, sizes: tuple[int, ...]) -> None:
    data = blob(sum(sizes))
    written = 0

    for turn, size in enumerate(sizes):
        piece = data[written : written + size]
        written += size
        assert leave(storage, "/file", piece, append=turn > 0) == written
    with storage.writer("/file", append=True) as writer:
        assert writer.size == len(data)
        writer.commit()

    assert storage.get_content("/file") == data
    assert contents(storage).keys() == {"/file"}


def test_a_writer_that_wrote_nothing_is_gone_on_with(storage: StorageDriver) -> None:
    leave(storage, "/file", b"")

    with storage.writer("/file", append=True) as writer:
        assert writer.size == 0
        writer.commit()

    assert contents(storage) == {"/file": b""}


def test_a_new_writer_does_not_go_on_with_an_old_one(storage: StorageDriver) -> None:
    leave(storage, "/file", b"old")

    with storage.writer("/file") as writer:
        assert writer.size == 0
        writer.write(b"new")
        writer.commit()

    assert storage.get_content("/file") == b"new"


def test_the_newest_of_several_is_gone_on_with(storage: StorageDriver, store: Store) -> None:
    for data in (b"first", b"second", b"the third"):
        leave(storage, "/file", data)
        if not store.dates_uploads:
            wait_for_the_next_second()

    commit(storage, "/file", append=True)

    assert storage.get_content("/file") == b"the third"


def test_what_is_uncommitted_beside_a_file_is_gone_on_with(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")
    leave(storage, "/file", b"af")

    with storage.writer("/file", append=True) as writer:
        writer.write(b"ter")
        writer.commit()

    assert storage.get_content("/file") == b"after"


@pytest.mark.parametrize("other", ["/fil", "/file2", "/file/below", "/up/file"])
def test_another_file_is_not_gone_on_with(storage: StorageDriver, other: str) -> None:
    leave(storage, other, b"of another")

    with pytest.raises(PathNotFoundError):
        storage.writer("/file", append=True)

    leave(storage, "/file", b"its own")
    commit(storage, "/file", append=True)
    assert contents(storage) == {"/file": b"its own"}


def test_nothing_and_directories_are_not_gone_on_with(storage: StorageDriver) -> None:
    storage.put_content("/dir/file", b"")

    for path in ("/none", "/dir", "/di"):
        with pytest.raises(PathNotFoundError) as caught:
            storage.writer(path, append=True)
        assert caught.value.path == path


def test_an_empty_file_is_written_anew(storage: StorageDriver) -> None:
    storage.put_content("/file", b"")

    with storage.writer("/file", append=True) as writer:
        assert writer.size == 0
        writer.write(b"content")
        assert storage.get_content("/file") == b""
        writer.commit()

    assert storage.get_content("/file") == b"content"


@pytest.mark.parametrize("is_put", [True, False], ids=["put", "committed"])
def test_a_file_with_content_is_not_gone_on_with(storage: StorageDriver, *, is_put: bool) -> None:
    if is_put:
        storage.put_content("/file", b"content")
    else:
        leave(storage, "/file", b"content")
        commit(storage, "/file", append=True)

    with pytest.raises(WriterEnded):
        storage.writer("/file", append=True)

    assert contents(storage) == {"/file": b"content"}


@pytest.mark.parametrize("size", [0, 32, CHUNK + 1])
def test_a_cancelled_writer_leaves_nothing(storage: StorageDriver, size: int) -> None:
    leave(storage, "/file", blob(size))

    with storage.writer("/file", append=True) as writer:
        writer.write(b"more")
        writer.cancel()

    assert walked(storage) == []
    assert storage.list("/") == []
    with pytest.raises(PathNotFoundError):
        storage.writer("/file", append=True)


def test_a_cancelled_writer_leaves_the_old_file(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")

    with storage.writer("/file") as writer:
        writer.write(b"after")
        writer.cancel()

    assert contents(storage) == {"/file": b"before"}


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ("close", "already closed"),
        ("commit", "already committed"),
        ("cancel", "already cancelled"),
    ],
)
@pytest.mark.parametrize("call", ["write", "commit", "cancel"])
def test_an_ended_writer_says_how_it_ended(
    storage: StorageDriver, *, end: str, text: str, call: str
) -> None:
    writer = storage.writer("/file")
    writer.write(b"content")
    CALLS[end](writer)
    before = contents(storage)

    with pytest.raises(WriterEnded, match=text) as caught:
        CALLS[call](writer)

    assert storage.name in str(caught.value)
    assert contents(storage) == before


@pytest.mark.parametrize("end", ["commit", "cancel"])
def test_a_committed_or_cancelled_writer_is_closed_once(storage: StorageDriver, end: str) -> None:
    writer = storage.writer("/file")
    writer.write(b"content")
    CALLS[end](writer)

    writer.close()

    with pytest.raises(WriterEnded, match="already closed"):
        writer.close()


def test_a_closed_writer_is_not_closed_again(storage: StorageDriver) -> None:
    writer = storage.writer("/file")
    writer.close()

    with pytest.raises(WriterEnded, match="already closed"):
        writer.close()


def test_a_writer_closed_inside_with_is_not_closed_again(storage: StorageDriver) -> None:
    with storage.writer("/file") as writer:
        writer.write(b"content")
        writer.close()

    commit(storage, "/file", append=True)
    assert storage.get_content("/file") == b"content"


def test_an_error_inside_with_keeps_what_was_written(storage: StorageDriver) -> None:
    def break_off() -> None:
        with storage.writer("/file") as writer:
            writer.write(b"content")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()

    assert walked(storage) == []
    commit(storage, "/file", append=True)
    assert storage.get_content("/file") == b"content"


def test_a_second_commit_of_the_same_never_replaces_what_came_later(
    storage: StorageDriver,
) -> None:
    leave(storage, "/file", blob(CHUNK))
    one, other = (storage.writer("/file", append=True) for _ in range(2))
    one.commit()
    storage.put_content("/file", b"newer")

    with other, pytest.raises(DriverError) as caught:
        other.commit()

    assert storage.name in str(caught.value)
    assert contents(storage) == {"/file": b"newer"}
