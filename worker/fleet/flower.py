"""Flower as an operator would start it, with the tab Moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.fleet.ports import HOST
from worker.fleet.server import Server, answers
from worker.fleet.workers import CELERY, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Flower(Server):
    """A Flower of its own; `options` are Flower's, as in `("--url_prefix=flower",)`."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        options: tuple[str, ...] = (),
        directory: Path | None = None,
    ) -> None:
        super().__init__("flower", directory)
        self.environment |= {**environment, "PYTHONPATH": str(ROOT)}
        self.cwd = self.directory
        self._options = options

    @property
    def prefix(self) -> str:
        found = [o.partition("=")[2] for o in self._options if o.startswith("--url_prefix=")]
        return f"/{found[0].strip('/')}" if found else ""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{self.prefix}"

    def command(self) -> list[str]:
        conf = f"--conf={ROOT / 'deploy' / 'flowerconfig.py'}"
        place = [f"--address={HOST}", f"--port={self.port}"]
        return [*CELERY, "flower", conf, *place, *self._options]

    def is_ready(self) -> bool:
        return answers(self.port, f"{self.prefix}/healthcheck")
