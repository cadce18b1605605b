"""A request and its answer over a connection that urllib3 has opened and keeps."""

from __future__ import annotations

import io
from contextlib import suppress
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import ClosedPoolError

from driver.lean.errors import NotPlain
from driver.lean.plain import Reply, plain

if TYPE_CHECKING:
    from socket import socket

    from urllib3 import HTTPConnectionPool

_SOME = 64 * 1024


def ask(pool: HTTPConnectionPool, message: bytes) -> Reply | None:
    """
    Send the message and return its answer; None if no connection is open.

    Raises what sockets, TLS and `http.client` do. A connection that the other side has closed
    meanwhile is none, as it is to urllib3.
    """
    try:
        connection: Any = pool._get_conn()  # noqa: SLF001  # the way to a connection that is open
    except ClosedPoolError:
        return None
    try:
        if connection.sock is None:
            return None
        connection.sock.settimeout(pool.timeout.read_timeout)
        reply = _exchange(connection.sock, message)
        if not reply.keeps:
            connection.close()
    except BaseException:
        connection.close()
        raise
    else:
        return reply
    finally:
        pool._put_conn(connection)  # noqa: SLF001


def _exchange(sock: socket, message: bytes) -> Reply:
    with suppress(BrokenPipeError):  # an answer may be there all the same (as urllib3 has it)
        sock.sendall(message)
    received = b""
    while more := sock.recv(_SOME):
        received += more
        try:
            reply = plain(received)
        except NotPlain:
            break
        if reply:
            return reply
    return _by_the_library(received, sock)


def _by_the_library(received: bytes, sock: socket) -> Reply:
    """Read any answer that begins with these bytes."""
    source: Any = _Begun(received, sock)
    answer = HTTPResponse(source, method="PUT")
    answer.begin()
    headers = {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
    return Reply(answer.status, headers, answer.read(), keeps=not answer.will_close)


class _Begun(io.RawIOBase):
    """A socket of which some bytes were read already, as `http.client` opens one."""

    def __init__(self, received: bytes, sock: socket) -> None:
        super().__init__()
        self._received = received
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._received:
            return self._sock.recv_into(buffer)
        some = self._received[: len(buffer)]
        self._received = self._received[len(some) :]
        buffer[: len(some)] = some
        return len(some)
