"""Running a peer as a process: seconds on the clock, CPU seconds, and whether all was moved."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
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
    """The name of the work on the command line."""

    mover: str
    seconds: float
    cpu: float
    """CPU seconds of all its processes, a fleet's Valkey and the modelled S3 not among them."""

    valkey: float = 0.0
    """CPU seconds of the fleet's Valkey."""

    model: float = 0.0
    """CPU seconds of the modelled S3, and the requests that it has answered."""

    requests: int = 0
    late: float = 0.0
    """Seconds, in the mean, by which its answers came later than they were due."""

    is_cut: bool = False
    """Whether it was ended before it was done: it would take longer than `seconds`."""

    date: str = ""


def run(work: Work, model: ModelS3, command: Command, name: str, longest: float = 3600.0) -> Run:
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
            used, is_cut = _end_of(process, longest)
            seconds = time.monotonic() - begun
            if not is_cut:
                said.seek(0)
                check(work, model, name, f"{command.peer}: {said.read()[-2000:].decode()}")
    return Run("", command.peer, seconds, used, is_cut=is_cut)


def _end_of(process: subprocess.Popen[bytes], longest: float) -> tuple[float, bool]:
    """Return the CPU seconds of a process that has ended, and whether it had to be killed."""
    cuts: list[bool] = []

    def cut() -> None:
        cuts.append(True)
        process.kill()

    timer = threading.Timer(longest, cut)
    timer.start()
    try:
        _, status, used = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, bool(cuts)


def check(work: Work, model: ModelS3, name: str, words: str) -> None:
    """Look whether everything is at its target, and nothing at its source."""
    found = model.count(f"{TARGET}/{name}"), model.count(f"{SOURCE}/{name}")
    if found != (work.count, 0):
        raise RuntimeError(f"{found[0]} of {work.count} moved, {found[1]} left: {words}")
