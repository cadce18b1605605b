"""What Prometheus reads: the figures of all moves together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.responses import Response

from s3mover.metrics import MovesCollector, exposition

if TYPE_CHECKING:
    from starlette.requests import Request

    from s3mover import Mover


class Figures:
    """Answers scrapes, which send the token as everybody does."""

    def __init__(self, mover: Mover) -> None:
        self._collector = MovesCollector(mover._redis)  # noqa: SLF001  # of one package

    async def show(self, request: Request) -> Response:
        """Show the metrics of all moves."""
        accept = request.headers.get("accept", "")
        text, media_type = await anyio.to_thread.run_sync(self._read, accept)
        return Response(text, headers={"Content-Type": media_type})

    def _read(self, accept: str) -> tuple[bytes, str]:
        return exposition(self._collector, accept=accept)
