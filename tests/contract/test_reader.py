import io
from typing import Any

import pytest

from driver import DriverError, InvalidOffsetError, PathNotFoundError
from driver.base import StorageDriver
from tests.contract.blobs import MIB, blob

SIZE = 1000
CONTENT = blob(SIZE)


def read_from(storage: StorageDriver, offset: int) -> bytes:
    with storage.reader("/file", offset) as stream:
        return stream.read()


def test_a_reader_reads_all_from_its_offset_on(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)

    for offset in (0, 1, SIZE // 2, SIZE - 1):
        assert read_from(storage, offset) == CONTENT[offset:]
    with storage.reader("/file") as stream:
        assert stream.read() == CONTENT


@pytest.mark.parametrize("offset", [SIZE, SIZE + 1, 10**12])
def test_a_reader_from_the_end_on_is_empty(storage: StorageDriver, offset: int) -> None:
    storage.put_content("/file", CONTENT)

    with storage.reader("/file", offset) as stream:
        assert stream.read(10) == b""
        assert stream.read() == b""


@pytest.mark.parametrize("offset", [2.5, "1", None])
def test_an_offset_that_is_no_number_of_bytes_is_refused(
    storage: StorageDriver, offset: Any
) -> None:
    with pytest.raises(InvalidOffsetError):
        storage.reader("/file", offset)


@pytest.mark.parametrize("offset", [0, 1, 10**12])
def test_a_reader_of_an_empty_file_is_empty(storage: StorageDriver, offset: int) -> None:
    storage.put_content("/file", b"")

    assert read_from(storage, offset) == b""


@pytest.mark.parametrize("offset", [0, 1, 10**12])
@pytest.mark.parametrize("path", ["/file", "/dir"])
def test_only_a_file_is_read(storage: StorageDriver, path: str, offset: int) -> None:
    storage.put_content("/dir/a", b"a")

    with pytest.raises(PathNotFoundError) as caught:
        storage.reader(path, offset)

    assert caught.value.path == path


@pytest.mark.parametrize("path", ["/file", "/missing", "no path"])
@pytest.mark.parametrize("offset", [-1, -(10**12)])
def test_an_offset_below_0_is_refused_before_the_path_is_looked_at(
    storage: StorageDriver, path: str, offset: int
) -> None:
    storage.put_content("/file", CONTENT)

    with pytest.raises(InvalidOffsetError) as caught:
        storage.reader(path, offset)

    assert (caught.value.path, caught.value.offset) == (path, offset)


@pytest.mark.parametrize("size", [1, 7, 333, SIZE - 1, SIZE, SIZE + 1])
def test_each_read_is_as_long_as_asked_until_the_end(storage: StorageDriver, size: int) -> None:
    storage.put_content("/file", CONTENT)

    with storage.reader("/file") as stream:
        pieces = list(iter(lambda: stream.read(size), b""))
        after_the_end = stream.read(size), stream.read()

    assert b"".join(pieces) == CONTENT
    assert {len(piece) for piece in pieces[:-1]} <= {size}
    assert after_the_end == (b"", b"")


def test_a_reader_goes_on_where_it_stopped(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)

    with storage.reader("/file", 10) as stream:
        assert stream.read(0) == b""
        assert stream.read(5) == CONTENT[10:15]
        assert stream.read() == CONTENT[15:]


def test_a_reader_fills_buffers(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)
    buffer = bytearray(600)

    with storage.reader("/file") as stream:
        assert stream.readable()
        assert stream.readinto(buffer) == 600
        assert buffer == CONTENT[:600]
        assert stream.readinto(buffer) == 400
        assert buffer[:400] == CONTENT[600:]
        assert stream.readinto(buffer) == 0


def test_a_closed_reader_reads_no_more(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)
    stream = storage.reader("/file")

    stream.close()
    stream.close()

    assert stream.closed
    with pytest.raises(ValueError, match="closed"):
        stream.read()


def test_a_reader_is_closed_by_with(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)

    with storage.reader("/file") as stream:
        assert not stream.closed

    assert stream.closed


def test_readers_of_one_file_do_not_disturb_each_other(storage: StorageDriver) -> None:
    storage.put_content("/file", CONTENT)

    with storage.reader("/file") as one, storage.reader("/file", 500) as other:
        halves = [(one.read(100), other.read(100)) for _ in range(5)]

    assert b"".join(one for one, _ in halves) == CONTENT[:500]
    assert b"".join(other for _, other in halves) == CONTENT[500:]


def rest_or_error(stream: io.BufferedIOBase) -> bytes | None:
    """Return the rest, or None for an error that says there is none."""
    try:
        return stream.read()
    except DriverError:
        return None


@pytest.mark.parametrize("size", [8 * MIB, 6 * MIB, 10 * MIB])
def test_a_file_replaced_under_a_reader_is_never_mixed(storage: StorageDriver, size: int) -> None:
    before, after = blob(8 * MIB), b"\xff" * size
    storage.put_content("/file", before)

    with storage.reader("/file") as stream:
        first = stream.read(MIB)
        storage.put_content("/file", after)
        rest = rest_or_error(stream)

    assert first == before[:MIB]
    assert rest in {None, before[MIB:]}
    assert storage.get_content("/file") == after


def test_a_file_deleted_under_a_reader_is_never_cut_short(storage: StorageDriver) -> None:
    before = blob(8 * MIB)
    storage.put_content("/file", before)

    with storage.reader("/file") as stream:
        first = stream.read(MIB)
        storage.delete("/file")
        rest = rest_or_error(stream)

    assert first == before[:MIB]
    assert rest in {None, before[MIB:]}
