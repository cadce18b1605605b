"""One client's connection to the gateway, and its twin to S3."""

import contextlib
import select
import socket
import socketserver
from collections.abc import Iterable
from http import HTTPStatus
from io import BufferedReader
from typing import Protocol

from tests.process.http_relay import Head, has_end, read_head, reply_body, request_body
from tests.process.s3_request import S3Request, parse
from tests.process.s3_rule import Ending, Rule


class Journal(Protocol):
    """What a connection tells the gateway, and hears from it."""

    target: tuple[str, int]

    def begin(self, request: S3Request) -> tuple[int, Rule]: ...

    def end(self, serial: int, status: int | None) -> None: ...


class Connection(socketserver.StreamRequestHandler):
    """Serves one request after another, each as its rule says."""

    disable_nagle_algorithm = True
    wbufsize = 0
    rfile: BufferedReader

    def __init__(
        self,
        journal: Journal,
        client: socket.socket,
        address: object,
        server: socketserver.BaseServer,
    ) -> None:
        self._journal = journal
        super().__init__(client, address, server)

    def handle(self) -> None:
        with (
            contextlib.suppress(OSError),
            contextlib.closing(Upstream(self._journal.target)) as self._upstream,
        ):
            while self._serve(read_head(self.rfile)):
                pass

    def _serve(self, head: Head) -> bool:
        """Serve one request; tell whether the connection can take another."""
        method, target, _ = head.words
        serial, rule = self._journal.begin(parse(method, target, head.headers))
        try:
            for action in rule.before:
                action()
            if rule.ending is Ending.RESET:
                return False
            if rule.ending is Ending.RESPOND:
                self._journal.end(serial, rule.status)
                return self._respond(head, rule)
            asked = bytearray()
            reply = self._ask(head, asked if rule.ending is Ending.REWRITE else None)
            self._journal.end(serial, int(reply.words[1]))
            for action in rule.after:
                action()
            if rule.ending is Ending.REWRITE:
                return self._rewrite(reply, bytes(asked), rule)
            return self._pass_back(reply, method, rule) and head.keeps_alive
        finally:
            self._journal.end(serial, None)

    def _respond(self, head: Head, rule: Rule) -> bool:
        """Answer in S3's place."""
        if not head.expects_continue:
            _consume(request_body(self.rfile, head))
        self._answer(
            head.words[0], rule, last="Connection: close\r\n" if head.expects_continue else ""
        )
        return not head.expects_continue

    def _answer(self, method: str, rule: Rule, last: str = "") -> None:
        body = b"" if method == "HEAD" else rule.body
        first = f"HTTP/1.1 {rule.status} {HTTPStatus(rule.status).phrase}"
        fields = f"Content-Type: application/xml\r\nContent-Length: {len(body)}"
        more = "".join(f"{name}: {value}\r\n" for name, value in rule.headers.items())
        self.wfile.write(f"{first}\r\n{fields}\r\n{more}{last}\r\n".encode() + body)

    def _ask(self, head: Head, asked: bytearray | None) -> Head:
        """Pass the request on to S3, and note its body; return the head of its reply."""
        self._upstream.send_head(head)
        if head.expects_continue:
            reply = read_head(self._upstream.reader)
            if reply.words[1] != "100":
                return reply  # the body is not wanted; S3 says `Connection: close`
            self.wfile.write(reply.raw)
        for piece in request_body(self.rfile, head):
            self._upstream.socket.sendall(piece)
            if asked is not None:
                asked += piece
        return read_head(self._upstream.reader)

    def _rewrite(self, reply: Head, asked: bytes, rule: Rule) -> bool:
        """Answer with what a rule makes of S3's reply, and close."""
        body = b"".join(reply_body(self._upstream.reader, reply, "POST"))
        if "transfer-encoding" in reply.headers:
            raise ConnectionError("no rule changes a body in chunks")
        body = rule.change(asked, body) if reply.words[1] == "200" else body
        fields = f"Content-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
        first = f"HTTP/1.1 {reply.words[1]} -\r\n"
        self.wfile.write(f"{first}{fields}Connection: close\r\n\r\n".encode() + body)
        return False

    def _pass_back(self, reply: Head, method: str, rule: Rule) -> bool:
        """Pass S3's reply on to the client, or not; tell whether the client stays connected."""
        body = reply_body(self._upstream.reader, reply, method)
        if rule.ending is Ending.DROP_REPLY:
            _consume(body)
            return False
        if rule.ending is Ending.RESPOND_AFTER:
            _consume(body)
            self._answer(method, rule)
            return reply.keeps_alive and has_end(reply, method)
        self.wfile.write(reply.raw)
        for piece in body:
            self.wfile.write(piece)
        return reply.keeps_alive and has_end(reply, method)


class Upstream:
    """The connection to S3 that stands behind a client's."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._connect()

    def send_head(self, head: Head) -> None:
        """Send, on a new connection if S3 has closed the one that waited for work."""
        if select.select([self.socket], [], [], 0)[0]:
            self.close()
            self._connect()
        self.socket.sendall(head.raw)

    def close(self) -> None:
        self.reader.close()
        self.socket.close()

    def _connect(self) -> None:
        self.socket = socket.create_connection(self._target)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb")


def _consume(body: Iterable[bytes]) -> None:
    for _ in body:
        pass
