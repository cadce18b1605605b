"""A contender's process, as the bench sees it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from bench.driver.jobs import Taken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import IO

    from bench.driver.jobs import Job, Place

ROOT = Path(__file__).parents[2]
S3FS = "s3fs==2026.9.0"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class ContenderError(RuntimeError):
    """The process ended; why, it has written to standard error."""


class Contender:
    """A context in which the process takes jobs; it ends with this one at the latest."""

    def __init__(self, name: str, place: Place, command: Sequence[str] = ()) -> None:
        self.name = name
        self.version = ""
        self._place = place
        self._command = [*(command or [sys.executable]), "-m", "bench.driver.child", name]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # our own
            self._command,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self.version = self._ask(asdict(self._place))
        except ContenderError:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def take(self, job: Job) -> Taken:
        """Have it do the job."""
        return Taken(**self._ask(asdict(job)))

    def _ask(self, question: dict[str, Any]) -> Any:
        # Both are pipes.
        stdin, stdout = (cast("IO[str]", s) for s in (self._process.stdin, self._process.stdout))
        with suppress(BrokenPipeError):  # its answer, none, says so
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
        answer = stdout.readline()
        if not answer:
            raise ContenderError(f"{self.name} ended: its error is above")
        return json.loads(answer)

    def _end(self) -> None:
        self._process.terminate()
        with suppress(BrokenPipeError), self._process:  # of a question that it did not take
            self._process.wait()


def s3fs_python() -> list[str]:
    """Return the command of a Python that has s3fs and nothing of ours; uv installs it."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise ContenderError("s3fs needs uv to be installed: run `make install`")
    certificates = ["--system-certs"] if CERTIFICATES.exists() else []
    alone = ["--quiet", "--isolated", "--no-project", "--python", sys.executable]
    return [uv, "run", *certificates, *alone, "--with", S3FS, "python"]
