"""A storage driver that keeps its files in memory, for the tests of those who use one."""

import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

from driver.base import StorageDriver
from driver.errors import PathNotFoundError, UnsupportedMethodError, WriterEnded
from driver.files import FileInfo
from driver.paths import ROOT
from driver.writer import FileWriter


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(eq=False, slots=True)
class _Upload:
    """What writers wrote and did not commit yet."""

    path: str
    content: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class _Store:
    """What the driver and its writers share; all of it under the lock."""

    lock: RLock = field(default_factory=RLock)
    files: dict[str, _File] = field(default_factory=dict)
    uploads: list[_Upload] = field(default_factory=list)
    """The newest last."""

    def file(self, path: str) -> _File:
        if found := self.files.get(path):
            return found
        raise PathNotFoundError(path)

    def below(self, path: str) -> list[str]:
        """Return the paths of all files below a directory."""
        prefix = _prefix(path)
        return [each for each in self.files if each.startswith(prefix)]

    def new_upload(self, path: str) -> _Upload:
        self.uploads.append(_Upload(path))
        return self.uploads[-1]

    def newest_upload(self, path: str) -> _Upload | None:
        return next((each for each in reversed(self.uploads) if each.path == path), None)


class MemoryDriver(StorageDriver):
    """Files that end with the driver; it makes no URLs, and else does as `S3Driver` does."""

    name = "inmemory"

    def __init__(self) -> None:
        self._store = _Store()

    def _get_content(self, path: str) -> bytes:
        with self._store.lock:
            return self._store.file(path).content

    def _put_content(self, path: str, content: bytes) -> None:
        with self._store.lock:
            self._store.files[path] = _File(bytes(memoryview(content)))

    def _reader(self, path: str, offset: int) -> io.BufferedIOBase:
        with self._store.lock:
            return io.BufferedReader(io.BytesIO(self._store.file(path).content[offset:]))

    def _writer(self, path: str, *, append: bool) -> FileWriter:
        with self._store.lock:
            upload = self._store.newest_upload(path) if append else None
            if append and not upload and self._store.file(path).content:
                raise WriterEnded(f"{path} is committed: write it anew, without append")
            upload = upload or self._store.new_upload(path)
        return _MemoryWriter(self.name, self._store, upload)

    def _stat(self, path: str) -> FileInfo:
        with self._store.lock:
            if found := self._store.files.get(path):
                return FileInfo(path, len(found.content), found.modified)
            if path == ROOT or self._store.below(path):
                return FileInfo(path, is_directory=True)
            raise PathNotFoundError(path)

    def _list(self, path: str) -> tuple[list[str], list[str]]:
        prefix = _prefix(path)
        with self._store.lock:
            below = [found.removeprefix(prefix) for found in self._store.below(path)]
        files = [prefix + name for name in below if "/" not in name]
        directories = {prefix + name.partition("/")[0] for name in below if "/" in name}
        return files, list(directories)

    def _move(self, source: str, destination: str) -> None:
        with self._store.lock:
            found = self._store.file(source)
            if source != destination:
                self._store.files[destination] = _File(found.content)
                del self._store.files[source]

    def _delete(self, path: str) -> None:
        with self._store.lock:
            found = self._store.below(path) + [path] * (path in self._store.files)
            if not found:
                raise PathNotFoundError(path)
            for each in found:
                del self._store.files[each]

    def _url_for(self, path: str, method: str, expires: timedelta) -> str:  # noqa: ARG002 - the hook
        raise UnsupportedMethodError(method)

    def _files_below(self, path: str, start_after: str) -> Iterator[FileInfo]:
        with self._store.lock:
            paths = sorted(self._store.below(path))
            files = [self._stat(each) for each in paths[bisect_right(paths, start_after) :]]
        yield from files


class _MemoryWriter(FileWriter):
    def __init__(self, name: str, store: _Store, upload: _Upload) -> None:
        super().__init__(name)
        self._store = store
        self._upload = upload

    @property
    def size(self) -> int:
        return len(self._upload.content)

    def _write(self, data: memoryview) -> int:
        with self._store.lock:
            self._refuse_gone()
            self._upload.content += data
        return len(data)

    def _commit(self) -> None:
        with self._store.lock:
            self._refuse_gone()
            self._store.uploads.remove(self._upload)
            self._store.files[self._upload.path] = _File(bytes(self._upload.content))

    def _cancel(self) -> None:
        with self._store.lock:
            if self._upload in self._store.uploads:
                self._store.uploads.remove(self._upload)

    def _keep(self) -> None:
        """Nothing to do: it is kept until somebody commits or cancels it."""

    def _refuse_gone(self) -> None:
        if self._upload not in self._store.uploads:
            raise self._error("already committed or cancelled by another writer")


def _prefix(path: str) -> str:
    return path if path == ROOT else f"{path}/"
