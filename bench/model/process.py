"""The modelled S3 as a process of its own, for as long as a context lasts."""

import dataclasses
import json
import subprocess
import sys
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO, cast
from urllib.parse import quote

from bench.model.timing import Timing

ROOT = Path(__file__).parents[2]


class ModelS3:
    """
    A context in which `endpoint` is a modelled S3 with an empty `bucket`.

    Its keys are any: signatures are not checked. It ends with this process at the latest.
    """

    region = "us-east-1"
    access_key = "model"
    secret_key = "model"  # noqa: S105  nobody checks it

    def __init__(self, timing: Timing | None = None, bucket: str = "model") -> None:
        self.timing = timing or Timing()
        self.bucket = bucket
        self.endpoint = ""

    def __enter__(self) -> Self:
        flags = [f"--{k.replace('_', '-')}={v}" for k, v in dataclasses.asdict(self.timing).items()]
        command = [sys.executable, "-m", "bench.model", "--leashed", "--bucket", self.bucket]
        self._process = subprocess.Popen(  # noqa: S603  the command is our own
            [*command, *flags], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        output = cast("TextIO", self._process.stdout)  # not None: it is a pipe
        self.endpoint = output.readline().strip()
        if not self.endpoint:
            self._end()
            raise RuntimeError("the modelled S3 did not start: its error is above")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        return self._process.pid

    def put(self, key: str, size: int, *, bucket: str = "") -> None:
        """Create an object of `size` bytes without sending any."""
        place = f"/{bucket or self.bucket}/{quote(key)}"
        self._ask("PUT", place, {"x-model-size": str(size)})

    def fill(self, prefix: str, count: int, size: int, first: int = 0, *, bucket: str = "") -> None:
        """Create many objects below a prefix: seven digits each, from `first` on."""
        where = f"bucket={bucket or self.bucket}&prefix={quote(prefix)}"
        self._ask("POST", f"/-/fill?{where}&first={first}&count={count}&size={size}")

    def count(self, prefix: str) -> int:
        """Count the objects below a prefix."""
        return int(self._ask("GET", f"/-/count?bucket={self.bucket}&prefix={quote(prefix)}"))

    def clear(self, prefix: str) -> None:
        """Remove the objects below a prefix."""
        self._ask("POST", f"/-/clear?bucket={self.bucket}&prefix={quote(prefix)}")

    def stats(self) -> dict[str, Any]:
        """Return the counts since the start or the last reset (bench/model/stats.py)."""
        return json.loads(self._ask("GET", "/-/stats"))  # type: ignore[no-any-return]

    def reset(self) -> None:
        """Set the counts to zero; objects and uploads stay."""
        self._ask("POST", "/-/reset")

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None) -> bytes:
        connection = HTTPConnection(self.endpoint.removeprefix("http://"), timeout=60)
        with closing(connection):
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"the modelled S3 refuses {method} {path}: {body.decode()}")
        return body

    def _end(self) -> None:
        self._process.kill()  # it holds nothing that an orderly end would save
        with self._process:
            self._process.wait()
