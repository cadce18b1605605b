"""The transport's own additions to kombu's, against a real Valkey."""

from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Consumer, Producer, Queue

from worker.fleet import Valkey
from worker.transport import Channel

QUEUE = "parts"


@pytest.fixture
def connection() -> Iterator[Connection]:
    with (
        Valkey() as valkey,
        Connection(valkey.url, transport="worker.transport:Transport") as connection,
    ):
        yield connection


@pytest.fixture
def channel(connection: Connection) -> Channel:
    """Return a channel that has asked Redis for a message and has no answer yet."""
    channel = connection.channel()
    assert isinstance(channel, Channel)
    Consumer(channel, [Queue(QUEUE)]).consume()
    transport: Any = connection.transport
    transport.cycle._register_BRPOP(channel)
    return channel


def test_a_message_that_comes_while_the_polling_stops_stays_in_its_queue(
    connection: Connection, channel: Channel
) -> None:
    other: Any = connection.channel()
    Producer(other, routing_key=QUEUE).publish("a part")

    channel.stop_polling()

    assert not channel._in_poll
    assert other.client.llen(QUEUE) == 1
    assert other.client.hlen("unacked") == 0


def test_the_polling_stops_without_a_message_too(connection: Connection, channel: Channel) -> None:
    channel.stop_polling()
    channel.stop_polling()

    assert not channel._in_poll
