"""The least that the users of Redis need, as `docs/security.md` has it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from redis import Redis
from redis.exceptions import ResponseError

from s3mover import Mover, State
from s3mover.cli import main
from s3mover.metrics import MovesCollector, exposition
from tests.process import prefix_goods
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS, Valkey

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
PASSWORD = uuid4().hex

DANGEROUS = [
    ("KEYS", "*"),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "appendonly", "no"),
    ("ACL", "LIST"),
    ("MONITOR",),
    ("SHUTDOWN", "NOSAVE"),
    ("CLIENT", "LIST"),
    ("SCRIPT", "FLUSH"),
    ("FUNCTION", "LOAD", "#!lua name=x\n"),
    ("REPLICAOF", "127.0.0.1", "1"),
    ("SAVE",),
    ("GET", "others"),
    ("SET", "others", "x"),
    ("EVAL", "return redis.call('GET', 'others')", "0"),
    ("PUBLISH", "others", "x"),
]
NOT_THE_WEBS = [
    ("LPUSH", "parts", "x"),
    ("HGETALL", "unacked"),
    ("PUBLISH", "/0.celery.pidbox", "x"),
]


def rules(user: str) -> list[str]:
    """Return the rules of a user as the page has them, with a password of ours."""
    found = re.search(rf"^user {user} (.+)$", PAGE.read_text(), re.MULTILINE)
    assert found, f"{PAGE} has no user {user}"
    return found[1].replace(">PASSWORD", f">{PASSWORD}").split()


def url_of(valkey: Valkey, user: str) -> str:
    return valkey.url.replace("://", f"://{user}:{PASSWORD}@")


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    """Yield a fleet of the worker's user, and a client of the web's."""
    with Valkey() as valkey:
        with Redis.from_url(valkey.url) as admin:
            for user in ("web", "worker"):
                admin.execute_command("ACL", "SETUSER", user, *rules(user))
            admin.execute_command("ACL", "SETUSER", "worker", "~films*")  # the page's words for it
        settings = {
            "broker_url": url_of(valkey, "worker"),
            "buckets": seaweedfs.bucket,
            "callback_queues": "films",
        }
        options = {"workers": 1, "threads": 4, "events": True}
        with Rig(seaweedfs, valkey=valkey, settings=settings, **options) as rig:
            rig.mover = Mover(url_of(valkey, "web"))
            yield rig


def denied(rig: Rig) -> list[str]:
    """Return what the users were refused since this was last asked."""
    entries = rig.redis.acl_log()
    rig.redis.acl_log_reset()
    return [f"{each['username']}: {each['reason']} {each['object']}" for each in entries]


@pytest.mark.parametrize("parts", [0, 3])
def test_a_move_needs_no_more(rig: Rig, parts: int) -> None:
    goods = rig.put(parts)

    rig.assert_moved(goods, rig.wait(rig.move(goods)))

    assert denied(rig) == []


def test_the_other_ways_of_the_client_need_no_more(rig: Rig) -> None:
    goods = rig.put(parts=8)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)
    slow.wait_until_hit()

    rig.mover.cancel(move_id)

    assert rig.wait(move_id).state is State.CANCELLED
    assert move_id in {record.id for record in rig.mover.list()}
    assert move_id in {record.id for record in rig.mover.overview().records}
    sweep = rig.mover.sweep()
    until(lambda: rig.mover.sweep_report(sweep))
    assert denied(rig) == []


def test_the_move_of_a_prefix_needs_no_more(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 3, large=1)
    prefix_id = prefix_goods.move(rig, goods)
    rig.mover.prefixes.pause(prefix_id)
    rig.mover.prefixes.resume(prefix_id)

    record = prefix_goods.wait(rig, prefix_id)

    prefix_goods.assert_moved(rig, goods, record, goods.bodies)
    rig.mover.prefixes.cancel(prefix_goods.move(rig, prefix_goods.put(rig, 1)))
    assert len(rig.mover.prefixes.list()) == 2
    assert denied(rig) == []


def test_a_move_whose_worker_is_killed_needs_no_more(rig: Rig) -> None:
    goods = rig.put(parts=3)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=1).delay(60)
    move_id = rig.move(goods)
    slow.wait_until_hit()
    for worker in rig.fleet.workers:
        worker.kill()
    rig.revive()

    rig.assert_moved(goods, rig.wait(move_id))

    assert denied(rig) == []


def test_a_callback_needs_only_the_key_of_its_queue_besides(rig: Rig) -> None:
    on_end: Any = {"task": "films.on_moved", "queue": "films"}

    move_ids = [rig.move(rig.put(parts), on_end=on_end) for parts in (0, 2)]
    move_ids.append(rig.mover.move("s3://others/a", "s3://others/b", on_end=on_end))
    until(lambda: rig.redis.llen("films") == len(move_ids))

    until(lambda: {rig.wait(each).callbacks["on_end"] for each in move_ids} == {"sent"})
    assert denied(rig) == []


@pytest.mark.parametrize("user", ["web", "worker"])
def test_metrics_need_no_more(rig: Rig, user: str) -> None:
    text, _ = exposition(MovesCollector(url_of(rig.fleet.valkey, user)))

    assert b's3mover_queue_messages{queue="parts"}' in text
    assert b"s3mover_unacked_messages" in text
    assert denied(rig) == []


def test_the_doctor_says_what_it_may_not_see_of_the_broker(rig: Rig) -> None:
    broker = {"S3MOVER_BROKER_URL": url_of(rig.fleet.valkey, "web")}

    result = CliRunner(env=broker).invoke(main, ["doctor"])

    assert "not known" in result.output
    assert "maxmemory-policy" in result.output
    assert PASSWORD not in result.output
    denied(rig)


@pytest.mark.parametrize(
    ("user", "command"),
    [
        *(("worker", command) for command in DANGEROUS),
        *(("web", command) for command in DANGEROUS + NOT_THE_WEBS),
    ],
)
def test_what_destroys_or_spies_is_refused(rig: Rig, user: str, command: tuple[str, ...]) -> None:
    with (
        Redis.from_url(url_of(rig.fleet.valkey, user)) as redis,
        pytest.raises(ResponseError, match=r"(?i)no permissions"),
    ):
        redis.execute_command(*command)
    denied(rig)
