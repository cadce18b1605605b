"""
A worker process that the model halts at each of its operations, resumes and kills.

Each runs in a thread of its own, but never two at once: a halted one waits to be resumed.
"""

import threading
from collections.abc import Callable
from typing import Any

from redis import Redis

from tests.tasks.fake_s3 import Fault

ONLY = {"spoilt": {"CopyObject", "UploadPartCopy"}, "unimplemented": {"UploadPartCopy"}}
"""The requests that a fault is of, if not any."""

_MANY = 100_000
_local = threading.local()


class Killed(BaseException):
    """The process has died: nothing may handle it, and nothing that it still does has effect."""


class Process:
    """Runs `work`; between two of its operations anything may happen elsewhere."""

    def __init__(self, owner: Any, work: Callable[[], None]) -> None:
        self.owner = owner
        self.at = "start"
        """The operation that it will do next."""
        self.ended = False
        self.frozen = False
        """Whether its leases may have lapsed while it lived."""
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._resumed, self._halted = threading.Semaphore(0), threading.Semaphore(0)
        self._left = 0
        self._until = ""
        self._fault: Fault = ""
        self._spared = 0
        self._dead = False

    def resume(self, until: int | str = "", fault: Fault = "", spared: int = 0) -> None:
        """
        Let it do so many operations, or all before one of this name.

        A request of S3 goes wrong by `fault`, after so many that were spared.
        """
        self._left, self._until = (until, "") if isinstance(until, int) else (_MANY, until)
        self._fault, self._spared = fault, spared
        self._switch()

    def kill(self) -> None:
        self._dead = True
        self._switch()

    def point(self, operation: str, *, faulty: bool) -> Fault:
        """Halt before an operation; return what goes wrong with it."""
        self.at = operation
        if (self._left == 0 or operation == self._until) and not self._dead:
            self._halted.release()
            self._resumed.acquire()
        if self._dead:
            raise Killed
        self._left -= 1
        return self._fault_of(operation) if faulty else ""

    def _fault_of(self, operation: str) -> Fault:
        if operation not in ONLY.get(self._fault, {operation}):
            return ""
        self._spared -= 1
        if self._spared >= 0 and self._fault not in ONLY:  # a process makes few of those
            return ""
        fault, self._fault = self._fault, ""
        return fault

    def _switch(self) -> None:
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._resumed.release()
        self._halted.acquire()
        if self.ended:
            self._thread.join()

    def _run(self) -> None:
        _local.process = self
        try:
            self._work()
        except Killed:
            self.at = "dead"
        except Exception as error:  # noqa: BLE001  # the model reports it
            self.owner.world.errors.append(error)
        self.ended = True
        self._halted.release()


def running() -> Process | None:
    """Return the process that runs now; None in the model itself."""
    return getattr(_local, "process", None)


def point(operation: str, *, faulty: bool = False) -> Fault:
    """Halt the running process before this operation; return what goes wrong with it."""
    process = running()
    return process.point(operation, faulty=faulty) if process else ""


class HaltingRedis(Redis):
    """A connection whose commands are operations of the running process."""

    clock: Callable[[], float]

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] not in {"EVALSHA", "SCRIPT LOAD"}:
            point(f"redis {args[0]}")
        return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py

    def time(self, **_: Any) -> tuple[int, int]:
        return divmod(round(self.clock() * 1e6), 10**6)
