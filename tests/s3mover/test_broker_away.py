"""A broker that is away is told at once, in the client's own words and without its password."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu.exceptions import OperationalError
from redis import Redis

from s3mover import BrokerUnavailable, InvalidBroker, Mover
from s3mover.publisher import Publisher
from tests.s3mover.records import A, B
from worker.fleet import Valkey

# About a second is promised; patience for a busy machine, and less than one of kombu's pauses.
at_once = pytest.mark.timeout(4, func_only=True)

CALLS: dict[str, Callable[[Mover], object]] = {
    "move": lambda mover: mover.move(A, B),
    "status": lambda mover: mover.status("4711"),
    "wait": lambda mover: mover.wait("4711"),
    "cancel": lambda mover: mover.cancel("4711"),
    "list": lambda mover: mover.list(),
    "sweep": lambda mover: mover.sweep(),
    "sweep_report": lambda mover: mover.sweep_report("4711"),
}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


@pytest.fixture
def closed(listener: socket.socket) -> str:
    """Give the URL of a port that refuses connections."""
    return f"redis://anna:s3cret@127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def mute(listener: socket.socket, closed: str) -> str:
    """Give the URL of a port that accepts connections and says nothing."""
    listener.listen(64)
    return closed


@at_once
@pytest.mark.parametrize("name", CALLS)
def test_every_call_fails_at_once_when_the_port_is_closed(closed: str, name: str) -> None:
    with pytest.raises(BrokerUnavailable, match="S3MOVER_BROKER_URL") as caught:
        CALLS[name](Mover(closed))

    assert "s3cret" not in str(caught.value)


@at_once
def test_every_call_fails_at_once_when_nothing_answers(mute: str) -> None:
    with ThreadPoolExecutor(len(CALLS)) as threads:
        calls = [threads.submit(call, Mover(mute)) for call in CALLS.values()]

    for call in calls:
        assert isinstance(call.exception(), BrokerUnavailable)


@at_once
def test_publishing_fails_at_once_when_the_broker_goes_right_before_it(mute: str) -> None:
    with pytest.raises(OperationalError):
        Publisher(mute).send("s3mover.move", "4711")


@at_once
def test_a_client_that_was_connected_fails_at_once_and_recovers() -> None:
    with Valkey() as valkey:
        mover = Mover(valkey.url)
        move = mover.move(A, B)

        valkey.stop()
        with pytest.raises(BrokerUnavailable):
            mover.status(move)
        with pytest.raises(BrokerUnavailable):
            mover.move(A, B)

        valkey.start()
        assert mover.status(move).id == move
        assert mover.move(A, B) != move


def test_a_redis_that_takes_no_writes_is_not_available(server: Valkey, redis: Redis) -> None:
    redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(BrokerUnavailable, match="maxmemory"):
            Mover(server.url).move(A, B)
    finally:
        redis.config_set("maxmemory", "0")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "amqp://anna:s3cret@localhost//",
        "redis://:s3cret#1@localhost:6379/0",
        "redis://:pa/s3cret@localhost:6379/0",
        "redis://anna:s3cret@localhost:port/0",
        "redis://anna:s3cret@localhost/first",
        "sentinel://:s3cret@localhost/0",
    ],
)
def test_a_url_that_names_no_redis_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(InvalidBroker, match="redis://host:6379/0") as caught:
        Mover(url)

    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
