"""A child process of the fleet, from its start to any kind of end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker.fleet import StartError
from worker.fleet.child import Child
from worker.fleet.workers import ROOT

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

READY = "import signal, time; print('ready', flush=True); "
# Ten minutes in short pieces: a signal that comes just before one call to sleep is handled after
# it (CPython 3.11, 2026-11: with one long call 20 of 2,534 children did not end; now 0 of 3,690).
SLEEP = "[time.sleep(0.05) for _ in range(12_000)]"


class Python(Child):
    """A child that runs a line of Python, and is ready once it has printed so."""

    start_timeout = 10.0

    def __init__(self, line: str, directory: Path) -> None:
        super().__init__("python", directory, os.environ)
        self.line = line

    def command(self) -> list[str]:
        return [sys.executable, "-c", self.line]

    def is_ready(self) -> bool:
        return "ready" in self.log[self._log_start :]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Python]]:
    children: list[Python] = []

    def make(line: str) -> Python:
        children.append(Python(line, tmp_path))
        return children[-1]

    yield make
    for made in children:
        made.kill()


def state(pid: int) -> str:
    """Read the state letter of a process; "" when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def wait_for(condition: Callable[[], bool], timeout: float = 10.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def test_a_child_is_running_and_ready_after_its_start(child: Callable[[str], Python]) -> None:
    python = child(READY + SLEEP)

    python.start()

    assert python.running
    assert python.log == "ready\n"


def test_a_child_that_exits_at_once_fails_at_once_and_shows_why(
    child: Callable[[str], Python],
) -> None:
    python = child("raise SystemExit('no broker here')")

    with pytest.raises(StartError, match=r"exited with 1 before .*\n.*no broker here"):
        python.start()


def test_a_child_that_is_never_ready_is_killed_at_its_deadline(
    child: Callable[[str], Python],
) -> None:
    python = child("import time; " + SLEEP)
    python.start_timeout = 0.2

    with pytest.raises(StartError, match=r"not ready within 0\.2 s"):
        python.start()

    assert not python.running


def test_terminate_lets_a_child_end_in_its_own_way_even_when_it_is_paused(
    child: Callable[[str], Python],
) -> None:
    python = child("import signal; signal.signal(15, lambda *_: exit(7)); " + READY + SLEEP)
    python.start()
    python.pause()

    assert python.terminate() == 7


def test_terminate_kills_a_child_that_does_not_listen(child: Callable[[str], Python]) -> None:
    python = child("import signal; signal.signal(15, signal.SIG_IGN); " + READY + SLEEP)
    python.start()

    with pytest.raises(TimeoutError, match=r"within 0\.1 s of SIGTERM"):
        python.terminate(timeout=0.1)

    assert not python.running


@on_linux
def test_a_paused_child_is_stopped_until_it_resumes(child: Callable[[str], Python]) -> None:
    python = child(READY + SLEEP)
    python.start()

    python.pause()
    wait_for(lambda: state(python.pid) == "T")

    python.resume()
    wait_for(lambda: state(python.pid) == "S")


def test_a_killed_child_can_start_again(child: Callable[[str], Python]) -> None:
    python = child(READY + SLEEP)
    python.start()

    python.kill()
    python.start()

    assert python.log == "ready\nready\n"


def test_a_terminal_s_ctrl_c_does_not_reach_a_child(child: Callable[[str], Python]) -> None:
    python = child(READY + SLEEP)

    python.start()

    assert os.getpgid(python.pid) != os.getpgid(0)


@on_linux
def test_a_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from worker.fleet import Valkey\n"
        "with Valkey(Path(sys.argv[1])) as valkey: print(valkey.pid, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:  # noqa: S603  ours
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())

        parent.kill()

    wait_for(lambda: state(pid) in ("", "Z"))
