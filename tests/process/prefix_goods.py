"""Objects below a prefix, and where each of them is in the end."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from s3mover import PrefixRecord, StillRunning
from tests.process.rig import PART, Rig
from tests.process.s3_rule import Rule


@dataclass(frozen=True)
class Goods:
    """Objects by their names, below a source prefix that no other test uses."""

    bucket: str
    top: str = field(default_factory=lambda: uuid.uuid4().hex)
    bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return f"s3://{self.bucket}/{self.top}/from/"

    @property
    def destination(self) -> str:
        return f"s3://{self.bucket}/{self.top}/to/"


def put(rig: Rig, count: int, *, large: int = 0, bucket: str | None = None) -> Goods:
    """Write small objects, a few of them in a folder, and large ones of two parts."""
    goods = Goods(bucket or rig.bucket)
    for number in range(count):
        name = f"{number:05}.txt" if number % 10 else f"sub folder/{number:05}+ä.txt"
        goods.bodies[name] = hashlib.sha256(f"{goods.top} {number}".encode()).digest()
    for number in range(large):
        goods.bodies[f"00-large {number}.bin"] = bytes([number]) * (PART + 1)
    write(rig, goods, goods.bodies)
    return goods


def write(rig: Rig, goods: Goods, bodies: Mapping[str, bytes]) -> None:
    def one(name: str) -> None:
        rig.s3.put_object(Bucket=goods.bucket, Key=f"{goods.top}/from/{name}", Body=bodies[name])

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(one, bodies))


def keys(rig: Rig, bucket: str, prefix: str) -> dict[str, str]:
    """Return the names below a prefix, and their ETags."""
    found = {}
    for page in rig.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Contents", []):
            found[each["Key"].removeprefix(prefix)] = each["ETag"].strip('"')
    return found


def sources(rig: Rig, goods: Goods) -> dict[str, str]:
    return keys(rig, goods.bucket, f"{goods.top}/from/")


def destinations(rig: Rig, goods: Goods) -> dict[str, str]:
    return keys(rig, goods.bucket, f"{goods.top}/to/")


def move(rig: Rig, goods: Goods, **options: object) -> str:
    return rig.mover.move_prefix(goods.source, goods.destination, **options)  # type: ignore[arg-type]


def at_the_delete(rig: Rig, goods: Goods) -> Rule:
    """Name the first delete of a page; what is deleted before any copy is a probe of the store."""
    rule = rig.gateway.when("DeleteObjects", times=1)
    copies = rig.gateway.seen
    return rule.only_if(lambda: any(goods.top in each.key for each in copies("CopyObject")))


def wait(rig: Rig, prefix_id: str, timeout: float = 60) -> PrefixRecord:
    """Return the record of the move when it has ended; the workers' logs when it does not."""
    try:
        return rig.mover.prefixes.wait(prefix_id, timeout)
    except StillRunning as error:
        error.add_note(f"{rig.mover.prefixes.status(prefix_id)!r}")
        for key in rig.redis.scan_iter(f"s3mover:page:{prefix_id}:*"):
            error.add_note(f"{key}: {str(rig.redis.hgetall(key))[:400]}")
        for worker in rig.fleet.workers:
            error.add_note(f"{worker.name}: {worker.log[-6000:]}")
        raise


def report(rig: Rig, record: PrefixRecord) -> list[dict[str, object]]:
    """Return the lines of the report."""
    bucket, _, prefix = (record.report or "").removeprefix("s3://").partition("/")
    lines: list[dict[str, object]] = []
    for name in sorted(keys(rig, bucket, prefix)):
        body = rig.s3.get_object(Bucket=bucket, Key=prefix + name)["Body"].read()
        lines += [json.loads(line) for line in body.decode().splitlines()]
    return lines


def ends(rig: Rig, goods: Goods, record: PrefixRecord) -> dict[str, str]:
    """Return how each object has ended, as the report has it; no object has two lines."""
    found = [(str(line["source"]), str(line["end"])) for line in report(rig, record)]
    assert max(Counter(name for name, _ in found).values(), default=1) == 1
    return {name.removeprefix(goods.source): end for name, end in found}


def assert_moved(rig: Rig, goods: Goods, record: PrefixRecord, names: Iterable[str]) -> None:
    """Check that these are at the destination and nowhere else, counted and reported once."""
    names = set(names)
    assert record.troubles == []
    assert record.error is None
    assert set(destinations(rig, goods)) == names
    assert set(sources(rig, goods)) == set(goods.bodies) - names
    assert record.moved == len(names)
    assert record.moved_bytes == sum(len(goods.bodies[name]) for name in names)
    assert ends(rig, goods, record) == dict.fromkeys(names, "moved")
    assert (record.pages_open, record.children_open) == (0, 0)
    for name in names:
        if len(goods.bodies[name]) <= PART:
            expected = hashlib.md5(goods.bodies[name], usedforsecurity=False).hexdigest()
            assert destinations_etag(rig, goods, name) == expected
            break


def destinations_etag(rig: Rig, goods: Goods, name: str) -> str:
    found = rig.s3.head_object(Bucket=goods.bucket, Key=f"{goods.top}/to/{name}")
    return found["ETag"].strip('"')
