"""Running a peer as a process: seconds on the clock, CPU seconds, and whether all was moved."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers.work import SOURCE, TARGET

if TYPE_CHECKING:
    from bench.model import ModelS3
    from bench.peers.commands import Command
    from bench.peers.work import Work


@dataclass(frozen=True, slots=True)
class Run:
    """One mover on one work, once."""

    work: str
    mover: str
    seconds: float
    cpu: float
    """CPU seconds of all its processes, this one's S3 not among them."""


def run(work: Work, model: ModelS3, command: Command, name: str) -> Run:
    """Move the work with a peer; RuntimeError with its words when it does not."""
    work.put(model, name)
    with tempfile.TemporaryDirectory() as home:
        config = Path(home) / "aws.cfg"
        config.write_text(command.aws_config)
        own = {"HOME": home, "AWS_CONFIG_FILE": str(config), "PATH": os.environ["PATH"]}
        begun = time.monotonic()
        with (Path(home) / "said").open("w+b") as said:
            process = subprocess.Popen(  # noqa: S603  # the benchmark's own commands
                command.argv, env=own | command.environment, stdout=said, stderr=said
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - begun
            said.seek(0)
            check(work, model, name, f"{command.peer}: {said.read()[-2000:].decode()}")
    return Run(work.name, command.peer, seconds, used.ru_utime + used.ru_stime)


def check(work: Work, model: ModelS3, name: str, words: str) -> None:
    """Look whether everything is at its target, and nothing at its source."""
    expected = sum(count for count, _ in work.sizes)
    found = model.count(f"{TARGET}/{name}"), model.count(f"{SOURCE}/{name}")
    if found != (expected, 0):
        raise RuntimeError(f"{found[0]} of {expected} moved, {found[1]} left: {words}")
