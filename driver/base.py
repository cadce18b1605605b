"""What every storage driver does, and what each of them refuses before it does anything."""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import Self

from driver.errors import (
    DriverError,
    InvalidExpiryError,
    InvalidOffsetError,
    PathNotFoundError,
    UnsupportedMethodError,
)
from driver.files import FileInfo
from driver.paths import ROOT, check_path
from driver.walking import Visit, walk_over
from driver.writer import FileWriter

URL_EXPIRY = timedelta(minutes=20)
MAX_EXPIRY = timedelta(days=7)
"""S3 takes no longer one (Signature Version 4, S3 user guide, 2026-11)."""


class StorageDriver(ABC):
    """
    Files by their paths, such as /a/b; safe to share between threads.

    Every method raises `InvalidPathError` for what is not a path, before anything is asked of
    the store, and a `DriverError` that names the driver for what fails.
    """

    name: str

    def get_content(self, path: str) -> bytes:
        """Return a small file as a whole; `PathNotFoundError` if there is none."""
        with self._named():
            return self._get_content(check_path(path))

    def put_content(self, path: str, content: bytes) -> None:
        """Write a small file as a whole, and replace what is there."""
        with self._named():
            self._put_content(check_path(path), content)

    def reader(self, path: str, offset: int = 0) -> io.BufferedIOBase:
        """
        Return a stream of the file from byte `offset` on; close it.

        Empty from the file's end on. Raises `InvalidOffsetError` for one below 0 (before the
        path is looked at), `PathNotFoundError` if there is no file.
        """
        with self._named():
            if not isinstance(offset, int) or offset < 0:
                raise InvalidOffsetError(path, offset)
            return self._reader(check_path(path), offset)

    def writer(self, path: str, *, append: bool = False) -> FileWriter:
        """
        Return a writer of a new file, or with `append` of the newest uncommitted one.

        With `append`, where nothing uncommitted is: an empty file is written anew, a file with
        content raises `WriterEnded`, and no file raises `PathNotFoundError`.
        """
        with self._named():
            return self._writer(check_path(path), append=append)

    def stat(self, path: str) -> FileInfo:
        """Tell what is at the path, a file before a directory; `PathNotFoundError` if nothing."""
        with self._named():
            return self._stat(check_path(path, root=True))

    def list(self, path: str) -> list[str]:
        """
        Return the paths right below a directory: its files, then its directories, each sorted.

        Raises `PathNotFoundError` when there are none, except for `/`.
        """
        with self._named():
            files, directories = self._list(check_path(path, root=True))
            if not (files or directories or path == ROOT or self._stat(path).is_directory):
                raise PathNotFoundError(path)
            return sorted(files) + sorted(directories)

    def move(self, source: str, destination: str) -> None:
        """
        Move the file, and replace what is at the destination.

        A move onto itself does nothing. Raises `PathNotFoundError` if the source is missing.
        """
        with self._named():
            self._move(check_path(source), check_path(destination))

    def delete(self, path: str) -> None:
        """
        Delete the file at the path and all files below it: `/a` and `/a/b`, but not `/ab`.

        Raises `PathNotFoundError` if there are none. What could not be deleted is raised after
        the rest was.
        """
        with self._named():
            self._delete(check_path(path))

    def url_for(
        self,
        path: str,
        method: str = "GET",
        expires: timedelta = URL_EXPIRY,
        *,
        client: str | None = None,  # noqa: ARG002  # a middleware looks at it
    ) -> str:
        """
        Return a URL by which anyone can GET or HEAD the file for that time.

        `client` is the IP address of who asks, by which a middleware may choose the URL.

        Nothing is asked of the store: not whether there is a file either. Raises
        `UnsupportedMethodError` for other methods, and where a driver has no URLs.
        """
        with self._named():
            check_path(path)
            if method not in {"GET", "HEAD"}:
                raise UnsupportedMethodError(method)
            if not timedelta(seconds=1) <= expires <= MAX_EXPIRY:
                raise InvalidExpiryError(f"{expires} is not from 1 second to 7 days")
            return self._url_for(path, method, expires)

    def walk(self, path: str, visit: Visit, start_after: str = "") -> None:
        """
        Call `visit` with each file below a directory, and with each directory before its files.

        In the order of the store's keys: Amazon S3 sorts them by their bytes, `/a-x` before
        `/a/b`. With `start_after`, only files behind that path in this order. The visitor
        raises `SkipDirectory` or `StopWalk`; any other error of it ends the walk. Raises
        `PathNotFoundError` when there are no files, except for `/` and with `start_after`.
        """
        with self._named():
            check_path(path, root=True)
            if start_after:
                check_path(start_after)
            found = self._files_below(path, start_after)
            first = next(found, None)
            if first is None:
                if path == ROOT or start_after:
                    return
                raise PathNotFoundError(path)
            walk_over(path, chain([first], found), visit)

    def close(self) -> None:
        """End what runs beside the driver, if anything does; it can be used on."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except DriverError as error:
            if "driver_name" not in vars(error):  # else it is another driver's, of a visitor
                error.driver_name = self.name
            raise

    @abstractmethod
    def _get_content(self, path: str) -> bytes: ...

    @abstractmethod
    def _put_content(self, path: str, content: bytes) -> None: ...

    @abstractmethod
    def _reader(self, path: str, offset: int) -> io.BufferedIOBase: ...

    @abstractmethod
    def _writer(self, path: str, *, append: bool) -> FileWriter: ...

    @abstractmethod
    def _stat(self, path: str) -> FileInfo: ...

    @abstractmethod
    def _list(self, path: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return the files and the directories right below."""

    @abstractmethod
    def _move(self, source: str, destination: str) -> None: ...

    @abstractmethod
    def _delete(self, path: str) -> None: ...

    @abstractmethod
    def _url_for(self, path: str, method: str, expires: timedelta) -> str: ...

    @abstractmethod
    def _files_below(self, path: str, start_after: str) -> Iterator[FileInfo]:
        """Yield all files below, in the order of their keys, those of a directory adjacent."""
