"""A server of which every byte is told, on connections that it keeps."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretBytes

from config import RequestPath, S3Settings
from driver import make_client

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

END = b"\r\n\r\n"
CLOSE = b""
"""An answer that is none: the connection ends."""


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return a plain answer."""
    named = {"x-amz-request-id": "R", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True)
class Asked:
    """A request, and the number of the connection that it came on."""

    connection: int
    line: str
    headers: dict[str, str]


@dataclass
class Store:
    """Gives its answers in turn, each in the pieces that it has; the last one for ever."""

    answers: list[list[bytes]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def then(self, *pieces: bytes) -> None:
        self.answers.append(list(pieces))

    def close_connections(self) -> None:
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections.append(connection)
            number = len(self.connections)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        received = b""
        try:
            while more := connection.recv(65536):
                received += more
                while END in received:
                    head, _, received = received.partition(END)
                    self.asked.append(_asked(number, head))
                    self._reply(connection)
        except OSError:
            return

    def _reply(self, connection: socket.socket) -> None:
        pieces = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for piece in pieces:
            if piece == CLOSE:
                connection.shutdown(socket.SHUT_RDWR)
            else:
                connection.sendall(piece)


def _asked(number: int, head: bytes) -> Asked:
    line, *lines = head.decode().split("\r\n")
    pairs = [each.split(": ", 1) for each in lines]
    assert len(pairs) == len({name.lower() for name, _ in pairs})
    return Asked(number, line, {name.lower(): value for name, value in pairs})


@pytest.fixture(name="answer")
def answer_fixture() -> Callable[..., bytes]:
    return answer


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.end()


class Clients:
    """Clients of one store, for as long as a test."""

    def __init__(self, store: Store) -> None:
        self.settings = S3Settings(
            regionendpoint=store.endpoint, accesskey="a", secretkey="s", bucket="bucket"
        )
        self.made: list[S3Client] = []

    def make(self, path: RequestPath, read_timeout: float = 60, **settings: object) -> "S3Client":
        client = make_client(
            self.settings.model_copy(update=settings),
            owners={"b": "2" * 12},
            customer_keys={"one": SecretBytes(bytes(32))},
            read_timeout=read_timeout,
            request_path=path,
        )
        self.made.append(client)
        return client


@pytest.fixture
def clients(store: Store, no_pauses: None) -> Iterator[Clients]:
    clients = Clients(store)
    yield clients
    for client in clients.made:
        client.close()
