"""What `MemoryDriver` does beyond the contract, and the contract under any sequence of calls."""

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from driver import PathNotFoundError
from driver.base import StorageDriver
from driver.errors import WriterEnded
from driver.memory import MemoryDriver
from driver.writer import FileWriter

if TYPE_CHECKING:
    from driver.files import FileInfo

PATHS = st.sampled_from(["/a", "/a-x", "/a/b", "/a/b/c", "/a/b0", "/ab", "/ab/c", "/z"])
DATA = st.binary(max_size=3)


class Sequences(RuleBasedStateMachine):
    """Any sequence of calls leaves what a dict of files and a dict of uploads have."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = MemoryDriver()
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, list[bytes]] = {}

    @rule(path=PATHS, data=DATA)
    def put(self, path: str, data: bytes) -> None:
        self.driver.put_content(path, data)
        self.files[path] = data

    @rule(source=PATHS, destination=PATHS)
    def move(self, source: str, destination: str) -> None:
        if source not in self.files:
            with pytest.raises(PathNotFoundError):
                self.driver.move(source, destination)
            return
        self.driver.move(source, destination)
        self.files[destination] = self.files.pop(source)

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        kept = {
            each: data
            for each, data in self.files.items()
            if each.split("/")[: path.count("/") + 1] != path.split("/")
        }
        if kept == self.files:
            with pytest.raises(PathNotFoundError):
                self.driver.delete(path)
            return
        self.driver.delete(path)
        self.files = kept

    @rule(path=PATHS, data=DATA, end=st.sampled_from(["commit", "cancel", "close"]))
    def write(self, path: str, data: bytes, end: str) -> None:
        self.uploads.setdefault(path, []).append(b"")
        self._end(self.driver.writer(path), path, data, end)

    @rule(path=PATHS, data=DATA, end=st.sampled_from(["commit", "cancel", "close"]))
    def go_on(self, path: str, data: bytes, end: str) -> None:
        if not self.uploads.get(path):
            if self.files.get(path) != b"":
                with pytest.raises(WriterEnded if path in self.files else PathNotFoundError):
                    self.driver.writer(path, append=True)
                return
            self.uploads[path] = [b""]
        self._end(self.driver.writer(path, append=True), path, data, end)

    def _end(self, writer: FileWriter, path: str, data: bytes, end: str) -> None:
        written = self.uploads[path].pop() + data
        with writer:
            writer.write(data)
            assert writer.size == len(written)
            if end == "commit":
                writer.commit()
                self.files[path] = written
            elif end == "cancel":
                writer.cancel()
        if end == "close":
            self.uploads[path].append(written)

    @invariant()
    def a_walk_shows_the_files_in_the_order_of_keys(self) -> None:
        found: list[FileInfo] = []
        self.driver.walk("/", found.append)
        shown = [each.path for each in found if not each.is_directory]
        assert shown == sorted(self.files)
        assert {path: self.driver.get_content(path) for path in shown} == self.files

    @invariant()
    def lists_show_what_is_right_below(self) -> None:
        for path in ("/", "/a", "/a/b"):
            prefix = path.rstrip("/") + "/"
            below = [each[len(prefix) :] for each in self.files if each.startswith(prefix)]
            expected = sorted(prefix + name for name in below if "/" not in name)
            expected += sorted({prefix + name.split("/")[0] for name in below if "/" in name})
            if expected or path == "/":
                assert self.driver.list(path) == expected
            else:
                with pytest.raises(PathNotFoundError):
                    self.driver.list(path)


TestSequences = Sequences.TestCase


@pytest.fixture
def storage() -> StorageDriver:
    return MemoryDriver()


def test_drivers_share_nothing() -> None:
    one, other = MemoryDriver(), MemoryDriver()

    one.put_content("/file", b"content")

    assert other.list("/") == []


def test_a_reader_reads_what_was_there_when_it_was_opened(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")

    with storage.reader("/file", 2) as replaced, storage.reader("/file") as deleted:
        storage.put_content("/file", b"after")
        storage.delete("/file")
        assert replaced.read() == b"fore"
        assert deleted.read() == b"before"


def test_nobody_writes_through_a_reader(storage: StorageDriver) -> None:
    storage.put_content("/file", b"before")

    with storage.reader("/file") as stream:
        assert not stream.writable()
        with pytest.raises(io.UnsupportedOperation):
            stream.write(b"after")

    assert storage.get_content("/file") == b"before"


def test_numbers_are_no_content(storage: StorageDriver) -> None:
    with pytest.raises(TypeError):
        storage.put_content("/file", 3)  # type: ignore[arg-type]  # what bytes() takes for a size

    assert storage.list("/") == []


@pytest.mark.parametrize("end", ["commit", "cancel"])
def test_a_writer_whose_upload_another_one_ended_says_so(storage: StorageDriver, end: str) -> None:
    one = storage.writer("/file")
    one.write(b"one")
    with storage.writer("/file", append=True) as other:
        assert other.size == 3
        getattr(other, end)()

    with one, pytest.raises(WriterEnded, match="inmemory: already committed or cancelled"):
        one.write(b"more")

    assert storage.list("/") == (["/file"] if end == "commit" else [])
