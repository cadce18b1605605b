"""How a file is written: nothing is to be read at its path before the commit."""

from abc import ABC, abstractmethod
from typing import Self

from driver.errors import DriverError, WriterEnded


class FileWriter(ABC):
    """
    Writes one file from its start, or on from where an uncommitted one ends.

    For one thread. `close` without `commit` keeps what was written for
    `writer(path, append=True)`, in any process; `commit` makes it the file at the path at once;
    `cancel` throws it away. After a call that failed, only `cancel` and `close` are of use.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._ended = ""

    @property
    @abstractmethod
    def size(self) -> int:
        """The bytes accepted so far, those of earlier writers included."""

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Accept all of `data`, and return its length in bytes."""
        self._refuse_ended()
        return self._write(memoryview(data).cast("B"))

    def commit(self) -> None:
        """Make what was written the file at the path. If that fails, it is thrown away."""
        self._refuse_ended()
        self._commit()
        self._ended = "already committed"

    def cancel(self) -> None:
        """Throw away what was written; what the path held stays."""
        self._refuse_ended()
        self._ended = "already cancelled"
        self._cancel()

    def close(self) -> None:
        """End the writer. Raises `WriterEnded` the second time, as the registry's driver does."""
        ended, self._ended = self._ended, "already closed"
        if ended == "already closed":
            raise self._error(ended)
        if not ended:
            self._keep()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close it; an error that is on its way goes before one of closing."""
        if self._ended == "already closed":
            return
        try:
            self.close()
        except DriverError:
            if kind is None:
                raise

    def _refuse_ended(self) -> None:
        if self._ended:
            raise self._error(self._ended)

    def _error(self, text: str) -> WriterEnded:
        error = WriterEnded(text)
        error.driver_name = self._name
        return error

    @abstractmethod
    def _write(self, data: memoryview) -> int: ...

    @abstractmethod
    def _commit(self) -> None: ...

    @abstractmethod
    def _cancel(self) -> None: ...

    @abstractmethod
    def _keep(self) -> None:
        """Keep what was written for a later writer."""
