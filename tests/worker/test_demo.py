"""`make demo` as a newcomer runs it: to its end, and stopped half way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the demo with a temporary directory and a process group of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "worker.demo"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def processes_below(directory: Path) -> list[str]:
    """Name the processes whose command line mentions the directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(directory) in command:
            found.append(command)
    return found


def test_the_demo_moves_everything_and_leaves_nothing(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    output, _ = demo.communicate(timeout=100)

    assert demo.returncode == 0, output
    assert "21 of 21 done" in output
    assert "21 of 21 SHA-256 equal" in output
    assert not processes_below(tmp_path)
    assert not list(tmp_path.iterdir())


def test_ctrl_c_ends_the_demo_and_all_it_has_started(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "creating" in line:
            break
    assert processes_below(tmp_path)

    os.killpg(demo.pid, signal.SIGINT)
    output, _ = demo.communicate(timeout=30)

    assert demo.returncode == 130, output
    assert "Traceback" not in output
    assert not processes_below(tmp_path)
    assert not list(tmp_path.iterdir())
