"""
An HTTP request to the very address that was looked at, and that ends in time.

The standard library's connection, since urllib3's resolves a name itself, may log URLs, and has no
limit for a whole answer (2.8, 2026-11).
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONNECT_TIMEOUT = 5.0
TOTAL_TIMEOUT = 15.0
_MOST_ADDRESSES = 3


class Connection(http.client.HTTPConnection):
    """Speaks to one of these addresses, and calls it by the host's name."""

    def __init__(self, host: str, port: int, addresses: list[str], *, tls: bool) -> None:
        self.default_port = 443 if tls else 80  # which the Host header leaves out
        super().__init__(host, port, timeout=CONNECT_TIMEOUT)
        self._addresses = addresses[:_MOST_ADDRESSES]
        self._tls = tls
        self._ends = time.monotonic() + TOTAL_TIMEOUT

    def connect(self) -> None:
        self.sock = self._first()
        self.sock.settimeout(TOTAL_TIMEOUT)
        if self._tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )

    def _first(self) -> socket.socket:
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self.port), CONNECT_TIMEOUT)
        return socket.create_connection((last, self.port), CONNECT_TIMEOUT)

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """Cut the connection when its time is over, also that of one who sends a byte at a time."""
        timer = Timer(max(0.0, self._ends - time.monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        with suppress(OSError):  # of the plain socket: TLS would first say goodbye
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raises OSError, or ValueError when it can be no name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def post(connection: Connection, target: str, body: bytes, headers: Mapping[str, str]) -> int:
    """
    Send one request and return the answer's status; its body is not read.

    Raises OSError or http.client.HTTPException, within TOTAL_TIMEOUT.
    """
    try:
        connection.connect()
        with connection.in_time():
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request("POST", target, body, dict(headers))
            return connection.getresponse().status
    finally:
        connection.close()
