"""HTTP/1.1 on one connection, written by hand: a request costs some ten microseconds."""

import asyncio
from collections.abc import Callable
from typing import cast

from bench.model.answers import failure
from bench.model.errors import S3Error
from bench.model.request import Request, parse

Respond = Callable[[bytes], None]
Serve = Callable[[Request, Respond], None]

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
NONSENSE = Request("GET", "", "", {}, {}, 0)
"""What an answer to an unreadable request refers to."""


class Connection(asyncio.Protocol):
    """One client's connection; its requests are answered one after the other."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._received = b""
        self._request: Request | None = None  # the one whose body is arriving
        self._is_serving = False
        self._is_last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._is_serving:
            self._next()

    def _next(self) -> None:
        """Serve the next request if all of it is here."""
        try:
            request = self._request or self._begin()
        except (ValueError, S3Error) as error:
            self._refuse(error)
            return
        if request is None or len(self._received) < request.length:
            return
        length = request.length
        if length:
            request.body, self._received = self._received[:length], self._received[length:]
        self._request = None
        self._is_serving = True
        self._serve(request, self._respond)

    def _begin(self) -> Request | None:
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        self._received = rest
        self._request = request = parse(head)
        headers = request.headers
        if "transfer-encoding" in headers:
            raise S3Error("MissingContentLength")
        self._is_last = headers.get("connection", "").lower() == "close"
        if "expect" in headers and len(rest) < request.length:
            self._transport.write(CONTINUE)
        return request

    def _refuse(self, error: Exception) -> None:
        """End the connection: where its next request starts is unknown."""
        self._is_serving = self._is_last = True
        known = error if isinstance(error, S3Error) else S3Error("InvalidRequest", "not HTTP/1.1")
        self._respond(failure(known, NONSENSE))

    def _respond(self, answer: bytes) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(answer)
        if self._is_last:
            self._transport.close()
            return
        self._is_serving = False
        if self._received:
            self._next()
