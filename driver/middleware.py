"""A driver around a driver."""

import io
from datetime import timedelta
from typing import Any

from driver.base import URL_EXPIRY, StorageDriver
from driver.files import FileInfo
from driver.walking import Visit
from driver.writer import FileWriter


class Middleware(StorageDriver):
    """
    Passes every operation on to the inner driver, which checks it and whose name errors have.

    A subclass overrides the operations that it changes, not their hooks.
    """

    def __init__(self, inner: StorageDriver) -> None:
        self._inner = inner
        self.name = inner.name

    def get_content(self, path: str) -> bytes:
        return self._inner.get_content(path)

    def put_content(self, path: str, content: bytes) -> None:
        self._inner.put_content(path, content)

    def reader(self, path: str, offset: int = 0) -> io.BufferedIOBase:
        return self._inner.reader(path, offset)

    def writer(self, path: str, *, append: bool = False) -> FileWriter:
        return self._inner.writer(path, append=append)

    def stat(self, path: str) -> FileInfo:
        return self._inner.stat(path)

    def list(self, path: str) -> list[str]:
        return self._inner.list(path)

    def move(self, source: str, destination: str) -> None:
        self._inner.move(source, destination)

    def delete(self, path: str) -> None:
        self._inner.delete(path)

    def url_for(
        self,
        path: str,
        method: str = "GET",
        expires: timedelta = URL_EXPIRY,
        *,
        client: str | None = None,
    ) -> str:
        return self._inner.url_for(path, method, expires, client=client)

    def walk(self, path: str, visit: Visit, start_after: str = "") -> None:
        self._inner.walk(path, visit, start_after)

    def close(self) -> None:
        self._inner.close()

    def _unused(self, *_arguments: object, **_options: object) -> Any:
        raise NotImplementedError("a middleware overrides operations, not their hooks")

    _get_content = _unused
    _put_content = _unused
    _reader = _unused
    _writer = _unused
    _stat = _unused
    _list = _unused
    _move = _unused
    _delete = _unused
    _url_for = _unused
    _files_below = _unused
