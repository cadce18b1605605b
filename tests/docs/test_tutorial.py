"""The tutorial, as a newcomer follows it: one shell, beside the demo that stays."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text()
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MARK = "@@@"
BASH = f'set -euo pipefail\nsaid() {{ echo "{MARK}"; }}\n'


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `make demo KEEP=1` until it says that all of it stays."""
    with subprocess.Popen(
        [sys.executable, "-m", "worker.demo"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path), "KEEP": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "all of it stays" in line:
                break
        assert process.poll() is None, "".join(said)
        yield process
        process.kill()


def script() -> str:
    """Return all commands of the page, with a mark behind each block."""
    return BASH + "".join(f"{text}said\n" for kind, text in BLOCK.findall(PAGE) if kind == "sh")


def expectations() -> list[str | None]:
    """Return what each block of commands is to print, None where the page does not say."""
    blocks = [*BLOCK.findall(PAGE), ("sh", "")]
    return [
        following[1] if following[0] == "text" else None
        for block, following in pairwise(blocks)
        if block[0] == "sh"
    ]


def is_as_said(printed: str, said: str) -> bool:
    """Tell whether each line that the page shows is printed, in this order."""
    lines = iter(printed.splitlines())
    patterns = [
        re.sub(r"([\[\]?*])", r"[\1]", line).replace("…", "*") for line in said.splitlines()
    ]
    return all(any(fnmatchcase(line, pattern) for line in lines) for pattern in patterns)


@pytest.mark.timeout(300)
def test_the_tutorial_does_what_it_says(demo: subprocess.Popen[str]) -> None:
    found = subprocess.run(  # noqa: S603  # the page is our own
        ["bash", "-c", script()],  # noqa: S607  # as on the page
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    printed = found.stdout.split(f"{MARK}\n")

    for said, text in zip(expectations(), printed, strict=False):
        assert said is None or is_as_said(text, said), (said, text)

    os.killpg(demo.pid, signal.SIGINT)
    assert demo.wait(30) == 130
    assert not (ROOT / ".demo.env").exists()


def test_what_is_not_printed_is_noticed() -> None:
    assert is_as_said("a b c\ndone\n", "a … c\ndone\n")
    assert not is_as_said("done\na b c\n", "a … c\ndone\n")
    assert not is_as_said("['/b']\n", "['/a']\n")
