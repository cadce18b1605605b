"""What Prometheus is shown: of a real Valkey, of one that is away, and of one that hangs."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse
from redis import Redis

from s3mover import MoveRequest, State, journal
from s3mover.metrics import MovesCollector, exposition
from s3mover.metrics.table import TABLE
from worker.fleet import Valkey

Samples = dict[tuple[str, ...], float]

LONGEST = 2.0  # seconds that a scrape may take


def request(number: int) -> MoveRequest:
    return MoveRequest(source=f"s3://bucket/{number}", destination="s3://bucket/b")


def samples(text: bytes) -> Samples:
    """Return the values by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parse(text.decode())
        for sample in family.samples
    }


@pytest.fixture
def collector(server: Valkey, redis: Redis) -> MovesCollector:
    return MovesCollector(server.url)


@pytest.fixture
def silent() -> Iterator[str]:
    """Name a Redis that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_moves_are_counted_by_state_and_by_their_end(
    redis: Redis, collector: MovesCollector
) -> None:
    for number in range(3):
        journal.accept(redis, f"m{number}", request(number))
        journal.accept(redis, f"m{number}", request(number))
    journal.stop(redis, "m1", State.CANCELLED)
    journal.stop(redis, "m1", State.CANCELLED)
    redis.lpush("control", "a", "b")
    redis.lpush("parts\x06\x163", "c")
    redis.hset("unacked", "d", "e")

    found = samples(exposition(collector)[0])

    assert found[("s3mover_up",)] == 1
    assert found[("s3mover_moves", "queued")] == 2
    assert found[("s3mover_moves_accepted_total",)] == 3
    assert found[("s3mover_moves_finished_total", "cancelled")] == 1
    assert found[("s3mover_moves_finished_total", "done")] == 0
    assert found[("s3mover_queue_messages", "control")] == 2
    assert found[("s3mover_queue_messages", "parts")] == 1
    assert found[("s3mover_unacked_messages",)] == 1
    assert found[("s3mover_move_duration_seconds_count", "cancelled")] == 1
    assert found[("s3mover_move_duration_seconds_bucket", "0.1", "cancelled")] <= 1
    assert found[("s3mover_move_duration_seconds_bucket", "+Inf", "cancelled")] == 1


def test_the_oldest_move_is_the_one_that_was_asked_for_first(
    redis: Redis, collector: MovesCollector
) -> None:
    for number in range(2):
        journal.accept(redis, f"m{number}", request(number))
    redis.zincrby("s3mover:in:queued", -100, "m1")

    found = samples(exposition(collector)[0])

    assert 100 <= found[("s3mover_oldest_move_age_seconds", "queued")] < 160
    assert found[("s3mover_oldest_move_age_seconds", "copying")] == 0


def test_all_that_the_table_names_is_shown_and_nothing_else(
    redis: Redis, collector: MovesCollector
) -> None:
    redis.hset("s3mover:tally", "throttles:bucket", 1)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)

    shown = {(family.name, family.type, family.documentation) for family in registry.collect()}

    assert shown == {(m.name.removesuffix("_total"), m.kind, m.help) for m in TABLE}


def test_both_forms_that_prometheus_asks_for_can_be_read(
    redis: Redis, collector: MovesCollector
) -> None:
    accept = "application/openmetrics-text; version=1.0.0"

    text, content_type = exposition(collector, accept=accept)

    assert content_type.startswith("application/openmetrics-text")
    families = list(parse_openmetrics(text.decode()))  # type: ignore[no-untyped-call]
    assert "s3mover_moves" in {family.name for family in families}


def test_without_redis_there_is_one_sample_that_says_so() -> None:
    collector = MovesCollector("redis://127.0.0.1:1/0")

    assert samples(exposition(collector)[0]) == {("s3mover_up",): 0}


def test_a_redis_that_hangs_delays_a_scrape_by_two_seconds_at_most(silent: str) -> None:
    collector = MovesCollector(silent)
    begun = time.monotonic()

    found = samples(exposition(collector)[0])

    assert found == {("s3mover_up",): 0}
    assert time.monotonic() - begun < LONGEST + 1  # the machine may be busy


def test_a_restart_of_redis_costs_no_scrape() -> None:
    with Valkey() as own, ExitStack() as ends:
        collector = MovesCollector(own.url)
        client = ends.enter_context(Redis.from_url(own.url, decode_responses=True))
        journal.accept(client, "m", request(1))
        before = samples(exposition(collector)[0])
        own.restart()

        after = samples(exposition(collector)[0])

    assert before[("s3mover_up",)] == after[("s3mover_up",)] == 1
    assert after[("s3mover_moves_accepted_total",)] == 1


def test_a_user_without_rights_to_the_queues_sees_the_moves(server: Valkey, redis: Redis) -> None:
    rules = ("on", ">secret", "~s3mover:*", "~control*", "-@all", "+@read", "+@connection", "+time")
    redis.execute_command("ACL", "SETUSER", "viewer", *rules)  # type: ignore[no-untyped-call]
    collector = MovesCollector(server.url.replace("://", "://viewer:secret@"))

    found = samples(exposition(collector)[0])

    redis.execute_command("ACL", "DELUSER", "viewer")  # type: ignore[no-untyped-call]
    assert found[("s3mover_up",)] == 1
    assert ("s3mover_queue_messages", "control") in found
    assert ("s3mover_queue_messages", "parts") not in found
    assert ("s3mover_unacked_messages",) not in found


def test_to_register_it_does_not_wait_for_redis(silent: str) -> None:
    registry = CollectorRegistry(auto_describe=True)
    begun = time.monotonic()

    registry.register(MovesCollector(silent))

    assert time.monotonic() - begun < 0.5
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        registry.register(MovesCollector(silent))
