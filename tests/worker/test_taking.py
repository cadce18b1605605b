"""Messages are taken, recorded and acknowledged by one script, as kombu itself would have it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kombu import Connection, Consumer, Message, Producer, Queue
from kombu.transport import redis as kombus
from redis import Redis

from worker.fleet import Valkey
from worker.taking import AT_ONCE

QUEUES = ["control", "parts"]
PLACE = '{"exchange": "", "routing_key": "parts"}'
PROPERTIES = f'{{"delivery_tag": "t", "delivery_info": {PLACE}}}'


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with Valkey() as valkey:
        yield valkey


@pytest.fixture
def redis(server: Valkey) -> Iterator[Any]:
    # Its own acl_setuser would switch the user off.
    with Redis.from_url(server.url, decode_responses=True) as redis:
        yield redis
        redis.execute_command("ACL", "SETUSER", "default", "+@all")
        redis.flushall()


class Reader:
    """A channel that consumes the queues, and what it was given."""

    def __init__(self, url: str, *, no_ack: bool = False) -> None:
        self.got: list[Message] = []
        self.connection = Connection(url, transport="worker.transport:Transport")
        self.channel: Any = self.connection.channel()
        queues = [Queue(name) for name in QUEUES]
        self.consumer = Consumer(
            self.channel, queues, no_ack=no_ack, on_message=self.got.append, accept=["json"]
        )
        self.consumer.consume()

    @property
    def bodies(self) -> list[object]:
        return [message.payload for message in self.got]

    def read(self, count: int) -> list[object]:
        """Read until there are as many; return all."""
        while len(self.got) < count:
            self.connection.drain_events(timeout=5)
        return self.bodies

    def tick_as_a_loop_does(self) -> None:
        """Let acknowledgements wait for the end of a tick."""
        transport: Any = self.connection.transport
        transport.is_ticking = True

    def end_tick(self) -> None:
        transport: Any = self.connection.transport
        transport.cycle.on_poll_start()


@pytest.fixture
def reader(server: Valkey, redis: Any) -> Iterator[Reader]:  # whose keys go after it
    reader = Reader(server.url)
    yield reader
    reader.connection.close()


@pytest.fixture
def publish(reader: Reader) -> Callable[..., None]:
    def publish(*bodies: object, queue: str = "parts") -> None:
        channel: Any = reader.connection.channel()
        producer = Producer(channel, serializer="json")
        for body in bodies:
            producer.publish(body, routing_key=queue)
        channel.close()

    return publish


def calls(redis: Any) -> dict[str, int]:
    found = redis.info("commandstats")
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in found.items()}


def test_messages_come_in_their_order_and_go_when_acknowledged(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(*range(20))

    assert reader.read(20) == list(range(20))

    assert redis.hlen("unacked") == redis.zcard("unacked_index") == 20
    for message in reader.got:
        message.ack()
    assert redis.exists("unacked", "unacked_index") == 0


def test_a_message_is_recorded_as_kombu_records_it(
    reader: Reader, redis: Any, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish({"text": 'é " \\ / \U0001f600'}, {"text": 1.5})
    reader.read(2)
    ours = {tag: json.loads(text) for tag, text in redis.hgetall("unacked").items()}
    scores = dict(redis.zrange("unacked_index", 0, -1, withscores=True))
    redis.delete("unacked", "unacked_index")

    for message in reader.got:
        kombus.QoS.append(reader.channel.qos, message, str(message.delivery_tag))

    assert {tag: json.loads(text) for tag, text in redis.hgetall("unacked").items()} == ours
    theirs = dict(redis.zrange("unacked_index", 0, -1, withscores=True))
    assert scores == pytest.approx(theirs, abs=5)


def test_a_message_is_recorded_before_its_reader_sees_it(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    seen: list[bool] = []
    reader.consumer.on_message = lambda m: seen.append(redis.hexists("unacked", m.delivery_tag))
    publish(*range(12))

    while len(seen) < 12:
        reader.connection.drain_events(timeout=5)

    assert seen == [True] * 12


def test_many_messages_and_acknowledgements_share_a_request(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    count = 5 * AT_ONCE
    publish(*range(count))
    reader.tick_as_a_loop_does()
    redis.config_resetstat()

    done = 0
    while done < count:
        reader.connection.drain_events(timeout=5)
        for message in reader.got[done:]:
            message.ack()
        done = len(reader.got)
    reader.end_tick()

    found = calls(redis)
    assert found.get("multi", 0) == 0
    assert found["evalsha"] + found["brpop"] <= count / AT_ONCE + 4
    assert redis.exists("unacked", "unacked_index") == 0


def test_an_acknowledgement_waits_for_no_message(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish("only")
    reader.read(1)
    reader.tick_as_a_loop_does()
    reader.end_tick()  # the channel waits for a message

    reader.got[0].ack()
    reader.end_tick()

    assert redis.hlen("unacked") == 0


def test_acknowledgements_are_told_when_the_channel_closes(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(1, 2)
    reader.read(2)
    reader.tick_as_a_loop_does()
    reader.got[0].ack()

    reader.channel.close()

    assert redis.hlen("unacked") == 0
    assert redis.llen("parts") == 1  # what was not acknowledged


def test_no_queue_waits_while_another_fills_the_worker(
    reader: Reader, publish: Callable[..., None]
) -> None:
    publish(*["part"] * 30)
    publish(*["control"] * 3, queue="control")

    assert reader.read(9)[:9].count("control") == 3


def test_no_more_is_taken_than_there_is_room_for(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(*range(20))
    reader.consumer.qos(prefetch_count=3)

    reader.read(3)

    assert reader.bodies == [0, 1, 2]
    assert redis.llen("parts") == 17


def test_a_reader_that_acknowledges_nothing_leaves_no_record(
    server: Valkey, redis: Any, publish: Callable[..., None], reader: Reader
) -> None:
    reader.consumer.cancel()
    other = Reader(server.url, no_ack=True)
    publish(1, 2, 3)

    assert other.read(3) == [1, 2, 3]

    assert redis.exists("unacked", "unacked_index") == 0
    other.connection.close()


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "{}",
        "null",
        '{"properties": {"delivery_tag": 1, "delivery_info": {}}}',
        f'{{"x": 0x10, "properties": {PROPERTIES}}}',  # JSON for Redis, but not for Python
    ],
)
def test_what_is_no_message_is_dropped_and_leaves_no_record(
    reader: Reader, redis: Any, publish: Callable[..., None], text: str
) -> None:
    publish("before")
    redis.lpush("parts", text)
    publish("after")

    assert reader.read(2) == ["before", "after"]

    for message in reader.got:
        message.ack()
    assert redis.exists("unacked", "unacked_index") == 0


def test_kombus_own_commands_do_the_work_where_the_script_is_refused(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(*range(4))
    reader.read(1)
    redis.execute_command("ACL", "SETUSER", "default", "-evalsha", "-eval")
    publish(*range(4, 8))

    assert reader.read(8) == list(range(8))

    assert redis.hlen("unacked") == 8
    for message in reader.got:
        message.ack()
    assert redis.exists("unacked", "unacked_index") == 0


def test_the_script_is_sent_again_when_redis_has_forgotten_it(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(*range(AT_ONCE + 1))
    reader.read(1)
    redis.script_flush()
    publish("last")

    assert reader.read(AT_ONCE + 2) == [*range(AT_ONCE + 1), "last"]

    redis.script_flush()
    reader.got[0].ack()
    assert redis.hlen("unacked") == AT_ONCE + 1


def test_messages_that_come_while_the_polling_stops_go_back_in_their_order(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(*range(2 * AT_ONCE))
    reader.read(AT_ONCE)
    reader.end_tick()  # the script is asked for the rest

    reader.channel.stop_polling()

    assert redis.llen("parts") == AT_ONCE
    assert redis.hlen("unacked") == AT_ONCE
    assert reader.read(2 * AT_ONCE) == list(range(2 * AT_ONCE))


def test_a_message_of_a_queue_that_was_cancelled_meanwhile_goes_back(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(1)
    reader.read(1)
    channel = reader.channel
    channel._brpop_start()  # Redis owes an answer
    for queue in QUEUES:
        reader.consumer.cancel_by_queue(queue)

    publish(2)
    channel._brpop_read()  # it would never come back where Redis counts queues by steps of none

    assert redis.llen("parts") == 1
    assert redis.hlen("unacked") == 1
    assert redis.ping()


def test_what_comes_after_a_message_that_cannot_be_delivered_goes_back(
    reader: Reader, redis: Any, publish: Callable[..., None]
) -> None:
    publish(0)
    reader.read(1)
    publish(*range(1, 5))

    def fail(message: Message) -> None:
        raise ConnectionError(message)

    reader.consumer.on_message = fail
    with pytest.raises(ConnectionError):
        reader.read(5)

    assert (redis.llen("parts"), redis.hlen("unacked")) == (3, 2)
    reader.consumer.on_message = reader.got.append
    assert reader.read(4) == [0, 2, 3, 4]
