"""`s3mover web` as an operator would start it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from worker.fleet.ports import HOST
from worker.fleet.server import Server, answers

if TYPE_CHECKING:
    from collections.abc import Mapping


class Web(Server):
    """The API and the page, for whoever has `token`."""

    def __init__(
        self, environment: Mapping[str, str], token: str, *, directory: Path | None = None
    ) -> None:
        super().__init__("web", directory)
        broker = environment["S3MOVER_BROKER_URL"]
        self.environment |= {"S3MOVER_BROKER_URL": broker, "S3MOVER_WEB_TOKEN": token}

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        program = Path(sys.executable).with_name("s3mover")
        return [str(program), "web", f"--host={HOST}", f"--port={self.port}"]

    def is_ready(self) -> bool:
        return answers(self.port, "/healthz")
