"""What release 0.1.0 wrote into Redis, byte for byte: the form that later releases must read.

Recorded in 2026-11 from real processes of that release. The file is never edited; a release that
writes another form gets a file of its own beside it.
"""

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any, cast

from redis import Redis

from s3mover.contract import CONTROL_QUEUE, PARTS_QUEUE
from s3mover.journal import ACTIVE, LOCKS, MOVES, move_key
from tests.process.rig import PART, Goods, Rig

RECORDED: dict[str, Any] = json.loads(
    Path(__file__).with_name("release_0_1_0.json").read_text(encoding="utf-8")
)
MOVE_ID: str = RECORDED["id"]
MESSAGES: dict[str, Any] = RECORDED["messages"]
GOODS = Goods(
    "s3mover", "release/source", "release/destination", bytes(range(256)) * (PART // 128) + b"x"
)


def prepare(rig: Rig, state: str) -> str:
    """Write the record of a move that is `queued` or `running`; return the id of its upload."""
    forget(rig.redis)
    rig.s3.put_object(Bucket=GOODS.bucket, Key=GOODS.source, Body=GOODS.body)
    rig.s3.delete_object(Bucket=GOODS.bucket, Key=GOODS.destination)
    fields = dict(RECORDED[state])
    if state == "running":
        answer = rig.s3.create_multipart_upload(Bucket=GOODS.bucket, Key=GOODS.destination)
        fields["upload"] = answer["UploadId"]
        rig.redis.hset(LOCKS, mapping=RECORDED["locks"])
        rig.redis.mset(RECORDED["chord"])
    rig.redis.hset(move_key(MOVE_ID), mapping=fields)
    for index in (ACTIVE, MOVES):
        rig.redis.zadd(index, {MOVE_ID: float(fields["updated"])})
    return str(fields.get("upload", ""))


def forget(redis: Redis) -> None:
    """Remove what an earlier test has left of the same move."""
    keys = [key for pattern in ("s3mover:*", "celery-task*") for key in redis.scan_iter(pattern)]
    redis.delete(*keys, CONTROL_QUEUE, PARTS_QUEUE)


def send(redis: Redis, *texts: str) -> None:
    """Put messages into their queues as they are, but with an end that is still to come."""
    for text in texts:
        queue = json.loads(text)["properties"]["delivery_info"]["routing_key"]
        redis.lpush(queue, re.sub(r'("expires": ")\d{4}', r"\g<1>2999", text))


def meaning(text: str) -> dict[str, Any]:
    """Return what of a message its receiver acts on, not what it only shows."""
    message = json.loads(text)
    headers = message["headers"]
    named = ("task", "id", "group", "group_index", "retries", "ignore_result", "lang")
    return {
        "body": json.loads(_body(message), object_hook=_unshown),
        "form": (message["content-type"], message["content-encoding"]),
        "queue": message["properties"]["delivery_info"]["routing_key"],
        **{name: headers[name] for name in named},
    }


def _body(message: dict[str, Any]) -> str:
    """Return the body as kombu does: it has its encoding beside it, if it has one."""
    encoding = message["properties"].get("body_encoding")
    body: str = message["body"]
    return b64decode(body).decode() if encoding == "base64" else body


def _unshown(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in {"argsrepr", "kwargsrepr"}}


def queued(redis: Redis, queue: str) -> list[dict[str, Any]]:
    """Return what waits in a queue, oldest first."""
    texts = cast("list[str]", redis.lrange(queue, 0, -1))
    return [meaning(text) for text in reversed(texts)]
