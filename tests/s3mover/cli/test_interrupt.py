"""Ctrl-C while the command still loads what it needs."""

import subprocess
import sys

import pytest

COMMAND = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

class Interrupts:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
sys.argv = ["s3mover", "ls", "--broker", "redis://127.0.0.1:1/0"]
from s3mover.cli import run
run()
"""


@pytest.mark.parametrize("module", ["click", "pydantic", "s3mover.client", "celery", "redis"])
def test_ctrl_c_while_the_command_still_loads_is_no_traceback(module: str) -> None:
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", COMMAND.format(module=module)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 130
    assert done.stderr in {"", "s3mover: interrupted\n"}
