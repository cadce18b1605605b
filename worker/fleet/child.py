"""A child process: it logs to a file, is started until ready, and dies with its parent."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

POLL = 0.02  # seconds between two looks at a child that starts
LOG_TAIL = 3000  # characters of the log that an error shows
LEASH = Path(__file__).with_name("leash.py")

# Linux kills a leashed child when the *thread* that started it ends (prctl(2)): this one stays.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


class StartError(RuntimeError):
    """A child ended, or was not ready in time; the text ends with the tail of its log."""


class Child(ABC):
    """One process and its log; a subclass says which command, and what "ready" means."""

    start_timeout = 30.0  # seconds
    cwd: Path | None = None

    def __init__(self, name: str, directory: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.directory = directory
        self.environment = dict(environment)
        self._log_path = directory / f"{name}.log"
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...

    @property
    def log(self) -> str:
        """Everything it has written so far, over all its starts."""
        return self._log_path.read_text(errors="replace") if self._log_path.exists() else ""

    @property
    def pid(self) -> int:
        """The process id; RuntimeError before the first start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started: call start()")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until ready; after a StartError nothing is left running."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start without waiting."""
        if self.running:
            raise RuntimeError(f"{self.name} is running already: stop() it first")
        self.directory.mkdir(parents=True, exist_ok=True)
        self._log_start = len(self.log)
        self._process = _spawner.submit(self._spawn).result()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + self.start_timeout
        try:
            while not self.is_ready():
                self._check_start(deadline)
                time.sleep(POLL)
        except BaseException:
            self.kill()
            raise

    def terminate(self, timeout: float = 30.0) -> int:
        """Ask it to end (SIGTERM) and return its exit code; TimeoutError leaves it killed."""
        self.resume()
        self._signal(signal.SIGTERM)
        try:
            return self._wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            text = f"{self.name} did not end within {timeout:g} s of SIGTERM{self._tail()}"
            raise TimeoutError(text) from None

    def kill(self) -> None:
        """End it at once (SIGKILL); one that has ended already is fine."""
        self._signal(signal.SIGKILL)
        self._wait(None)

    def pause(self) -> None:
        """Freeze it (SIGSTOP), as a machine does that swaps or loses its network."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _spawn(self) -> subprocess.Popen[bytes]:
        leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid())]
        with self._log_path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  the commands are our own
                [*leash, *self.command()],
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C is for the parent alone
            )

    def _check_start(self, deadline: float) -> None:
        if self._process is not None and (code := self._process.poll()) is not None:
            raise StartError(f"{self.name} exited with {code} before it was ready{self._tail()}")
        if time.monotonic() > deadline:
            text = f"{self.name} was not ready within {self.start_timeout:g} s"
            raise StartError(text + self._tail())

    def _tail(self) -> str:
        return f"; the end of {self._log_path}:\n{self.log[self._log_start :][-LOG_TAIL:]}"

    def _wait(self, timeout: float | None) -> int:
        return 0 if self._process is None else self._process.wait(timeout)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole process group; a process that has ended is never signalled."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
