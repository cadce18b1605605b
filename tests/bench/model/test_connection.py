"""HTTP/1.1 as clients send it: in pieces, one after the other, and wrong."""

import asyncio
from typing import cast
from unittest.mock import Mock

import pytest

from bench.model.connection import CONTINUE, Connection, Respond
from bench.model.request import Request, parse

HEAD = b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
GET = b"GET /b/k HTTP/1.1\r\nHost: x\r\n\r\n"


class Client:
    """What is served on a connection, and what is written to it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.responds: list[Respond] = []
        self.transport = Mock(spec=asyncio.Transport)
        self.transport.is_closing.return_value = False
        self.connection = Connection(self._serve)
        self.connection.connection_made(cast("asyncio.Transport", self.transport))

    def _serve(self, request: Request, respond: Respond) -> None:
        self.requests.append(request)
        self.responds.append(respond)

    @property
    def written(self) -> list[bytes]:
        return [call.args[0] for call in self.transport.write.call_args_list]


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_request_is_parsed_and_decoded() -> None:
    request = parse(
        b'GET /b/a%20b/%C3%BC+%2F?prefix=x%20y+z&uploads HTTP/1.1\r\nIf-Match:  "e" \r\nHOST: h:1'
    )

    assert (request.method, request.bucket, request.key) == ("GET", "b", "a b/ü+/")
    assert request.query == {"prefix": "x y z", "uploads": ""}
    assert request.headers == {"if-match": '"e"', "host": "h:1"}


def test_a_request_that_arrives_in_pieces_is_served_once_all_of_it_is_there(
    client: Client,
) -> None:
    for byte in HEAD + b"hell":
        client.connection.data_received(bytes([byte]))
    assert client.requests == []

    client.connection.data_received(b"o")

    assert [request.body for request in client.requests] == [b"hello"]


def test_the_next_request_waits_for_the_answer_to_the_former(client: Client) -> None:
    client.connection.data_received(HEAD + b"hello" + GET[:9])
    client.connection.data_received(GET[9:])
    assert [request.method for request in client.requests] == ["PUT"]

    client.responds[0](b"first")

    assert [request.method for request in client.requests] == ["PUT", "GET"]
    assert client.written == [b"first"]


def test_a_client_that_expects_a_word_before_it_sends_gets_it(client: Client) -> None:
    head = HEAD.replace(b"Host: x", b"Expect: 100-continue")
    client.connection.data_received(head)
    assert client.written == [CONTINUE]

    client.connection.data_received(b"hello")

    assert [request.body for request in client.requests] == [b"hello"]


def test_a_connection_ends_when_its_client_says_so(client: Client) -> None:
    client.connection.data_received(GET.replace(b"Host: x", b"Connection: close"))

    client.responds[0](b"answer")

    client.transport.close.assert_called_once_with()


def test_an_answer_to_a_client_that_is_gone_is_dropped(client: Client) -> None:
    client.connection.data_received(GET)
    client.transport.is_closing.return_value = True

    client.responds[0](b"answer")

    assert client.written == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"PUT /b/k HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
    ],
)
def test_what_cannot_be_read_is_refused_and_ends_the_connection(
    client: Client, sent: bytes, status: bytes
) -> None:
    client.connection.data_received(sent + GET)

    assert client.requests == []
    assert client.written[0].startswith(b"HTTP/1.1 " + status)
    client.transport.close.assert_called_once_with()
