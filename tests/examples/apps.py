"""The examples as their users run them: each a process with its framework's own server."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from worker.fleet.child import Child

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


class App(Child):
    """A web app that listens at `port`."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        port: int,
        directory: Path,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(name, directory, {**environment, "PYTHONPATH": str(ROOT)})
        self.words = words
        self.port = port
        self.cwd = directory

    def command(self) -> list[str]:
        return [sys.executable, *self.words]

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/films")[0] == 200
        except OSError:
            return False

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Make a request; return the answer's status and what its JSON says."""
        url = f"http://127.0.0.1:{self.port}{path}"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, data=body, method=method, headers=names)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None


class CeleryWorker(Child):
    """The worker of the example for Django."""

    def command(self) -> list[str]:
        options = ["--pool=solo", "--without-mingle", "--without-gossip", "--loglevel=INFO"]
        folder = str(EXAMPLES / "django")
        celery = [sys.executable, "-m", "celery", "--workdir", folder, "-A", "app"]
        return [*celery, "worker", "--queues=films", *options]

    def is_ready(self) -> bool:
        return " ready." in self.log
