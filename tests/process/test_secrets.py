"""No secret of a deployment leaves it: logs, Redis, records, the CLI, and what Flower asks for."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from click.testing import CliRunner
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from s3mover import State
from s3mover.cli import main
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS, Valkey
from worker.fleet.workers import Beat, Worker

SIGNING = "whsec_" + b64encode(uuid4().bytes + uuid4().bytes).decode()
PASSWORD, TOKEN = f"password-{uuid4().hex}", f"token-{uuid4().hex}"
CUSTOMER_KEYS = {name: os.urandom(32) for name in ("one", "two")}
READERS: dict[str, Callable[[Redis, str], Any]] = {
    "string": lambda redis, key: redis.get(key),
    "hash": lambda redis, key: redis.hgetall(key),
    "list": lambda redis, key: redis.lrange(key, 0, -1),
    "set": lambda redis, key: redis.smembers(key),
    "zset": lambda redis, key: redis.zrange(key, 0, -1),
}


class Locked(Valkey):
    """A Valkey that asks for a password."""

    def command(self) -> list[str]:
        return [*super().command(), "--requirepass", PASSWORD]

    @property
    def url(self) -> str:
        return super().url.replace("://", f"://:{PASSWORD}@")

    def is_ready(self) -> bool:
        with Redis.from_url(self.url) as redis:
            try:
                return bool(redis.ping())
            except RedisError:
                return False


@pytest.fixture(scope="module", autouse=True)
def debugging() -> Iterator[None]:
    """Have all processes say all they can, to the log and to Flower."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Worker, Beat):
            patch.setattr(kind, "command", _debugging(kind.command, kind is Worker))
        yield


def _debugging(command: Callable[[Any], list[str]], events: bool) -> Callable[[Any], list[str]]:  # noqa: FBT001  # a flag of ours
    def changed(self: Any) -> list[str]:
        words = [word.replace("--loglevel=INFO", "--loglevel=DEBUG") for word in command(self)]
        return [*words, "-E"] if events else words

    return changed


@pytest.fixture(scope="module", params=["", TOKEN], ids=["keys", "session token"])
def rig(seaweedfs: SeaweedFS, request: pytest.FixtureRequest) -> Iterator[Rig]:
    keys = ",".join(f"{name}={b64encode(key).decode()}" for name, key in CUSTOMER_KEYS.items())
    settings = {
        "s3_sessiontoken": request.param,
        "s3_loglevel": "debugwithsigning",
        "customer_keys": keys,
        "webhook_secret": SIGNING,
        "webhook_hosts": "127.0.0.1:1",
        "webhook_private": "true",
    }
    with (
        Locked() as valkey,
        Rig(seaweedfs, valkey=valkey, workers=1, threads=4, settings=settings) as rig,
    ):
        yield rig


def heard(events: PubSub) -> str:
    """Return what workers have told Flower."""
    messages = iter(lambda: events.get_message(timeout=0.3), None)
    envelopes = [
        json.loads(str(message["data"])) for message in messages if message["type"] == "pmessage"
    ]
    return "".join(repr(each["headers"]) + b64decode(each["body"]).decode() for each in envelopes)


def stored(redis: Redis) -> str:
    """Return all keys of Redis with their values."""
    kept = {}
    for key in redis.scan_iter():
        kind = str(redis.type(key))
        kept[str(key)] = str(READERS[kind](redis, key)) if kind != "none" else ""
    return json.dumps(kept)


def asked_by_flower(url: str) -> str:
    with Celery(broker=url, set_as_current=False) as app:
        inspect = app.control.inspect(timeout=10, limit=1)
        until(inspect.ping, timeout=60)  # it has lost its connection a moment ago
        answers = [inspect.stats(), inspect.conf(with_defaults=True), inspect.report()]
        assert all(answers)
        return repr(answers)


def said_by_the_cli(url: str, *ids: str) -> str:
    commands = [["ls", "--json"], ["ls"], ["doctor"], ["doctor", "--json"], ["sweep"]]
    commands += [["status", move_id] for move_id in ids]
    env = {"S3MOVER_BROKER_URL": url}
    return "".join(CliRunner(env=env).invoke(main, command).output for command in commands)


def run(rig: Rig) -> list[str]:
    """Make moves that end well, and moves that fail in several ways."""
    goods = [rig.put(parts) for parts in (0, 2, 0, 2)]
    rig.gateway.when("CopyObject", key=goods[2].destination).respond(403, "InvalidAccessKeyId")
    rig.gateway.when("UploadPartCopy", key=goods[3].destination).respond(400, "InvalidToken")
    ids = [rig.move(each, webhook="http://127.0.0.1:1/") for each in goods]
    ids += run_with_customer_keys(rig)
    ids.append(rig.mover.move("s3://others/a", "s3://others/b"))
    ids.append(rig.mover.move(f"s3://{rig.bucket}/absent", f"s3://{rig.bucket}/b"))
    for move_id in ids:
        rig.wait(move_id)
    return ids


def run_with_customer_keys(rig: Rig) -> list[str]:
    """Move from one key to another, whole, and in parts from none to one; the others fail."""
    small, large, wrong, absent = (rig.put(parts) for parts in (0, 2, 0, 0))
    one: Any = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": CUSTOMER_KEYS["one"]}
    for goods in (small, wrong):
        rig.s3.put_object(Bucket=goods.bucket, Key=goods.source, Body=goods.body, **one)
    return [
        rig.move(small, source_customer_key="one", destination_customer_key="two"),
        rig.move(large, destination_customer_key="two"),
        rig.move(wrong, source_customer_key="two"),
        rig.move(absent, source_customer_key="absent"),
    ]


def run_through_a_loss_of_redis(rig: Rig) -> str:
    goods = rig.put(3)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(2)
    move_id = rig.move(goods)
    if rig.fleet.environment["S3MOVER_S3_SESSIONTOKEN"]:
        rig.wait(move_id)  # the store refuses it
    else:
        slow.wait_until_hit()
    wait_until_written(rig.redis)
    rig.fleet.valkey.kill()
    rig.fleet.valkey.start()
    rig.wait(move_id)
    return move_id


def wait_until_written(redis: Redis) -> None:
    """Wait for Redis' file: while an fsync takes long, what was answered is not in it yet."""
    # It waits for what its own connection has written, and so for all before.
    with redis.client() as one:  # type: ignore[no-untyped-call]  # redis-py's stubs
        one.set("written", 1)
        assert one.waitaof(1, 0, 20_000)[0] == 1


def customer_keys() -> Iterator[tuple[str, str, str]]:
    """Yield each key in the forms in which a text may have it."""
    for name, key in CUSTOMER_KEYS.items():
        yield name, "base64", b64encode(key).decode()
        yield name, "hex", key.hex()
        yield name, "bytes", repr(key)[2:-1]


def logs(directory: Path) -> str:
    return "".join(file.read_text(errors="replace") for file in directory.glob("*.log"))


def test_no_secret_is_in_logs_redis_records_events_or_the_cli(
    rig: Rig, seaweedfs: SeaweedFS
) -> None:
    with rig.redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]  # redis-py's stubs
        pubsub.psubscribe("*celeryev*")
        ids = run(rig)
        events = heard(pubsub)
    ids.append(run_through_a_loss_of_redis(rig))
    elsewhere = f"redis://:{PASSWORD}@127.0.0.1:1/0"
    places = {
        "logs": logs(rig.fleet.directory),
        "Redis": stored(rig.redis),
        "records": repr([rig.mover.status(move_id) for move_id in ids]),
        "events": events,
        "Flower": asked_by_flower(rig.fleet.valkey.url),
        "CLI": said_by_the_cli(rig.fleet.valkey.url, *ids) + said_by_the_cli(elsewhere),
        "repr": repr(rig.mover),
    }

    states = [rig.mover.status(move_id).state for move_id in ids]
    assert State.FAILED in states
    assert "DEBUG" in places["logs"]
    assert "HEAD" in places["logs"]
    assert "task-succeeded" in events
    assert (State.DONE in states) is (TOKEN not in rig.fleet.environment.values())
    secrets = {
        "secret key": seaweedfs.secret_key,
        "access key": seaweedfs.access_key,
        "session token": TOKEN,
        "password": PASSWORD,
        "signing secret": SIGNING.removeprefix("whsec_"),
        "signature": "Signature=",
    } | {f"customer's key {name}, {form}": text for name, form, text in customer_keys()}
    found = [
        (what, where) for where, text in places.items() for what in secrets if secrets[what] in text
    ]
    assert found == []
