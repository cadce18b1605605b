"""A TCP server of a test's own, in a thread, as a context."""

import socketserver
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self


class Serving:
    """Serves each connection by a `handler` in a thread while the context is open."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False  # clients keep their connections open for longer than a test
    request_queue_size = 256
