"""The points of a move at which a test may strike: each request that the move makes of S3."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from s3mover import MoveRecord
from tests.process.rig import Goods, Rig
from tests.process.s3_request import S3Request
from tests.process.s3_rule import Rule

OF_THE_MARK = ("PutObject", "HeadObject", "DeleteObject")
"""What a move in parts asks of the small object that says whose its upload is."""


@dataclass(frozen=True)
class Point:
    """The `nth` request of one kind, counted from 1, in the life of a move."""

    operation: str
    of_source: bool
    part: int | None
    nth: int

    def __str__(self) -> str:
        side = "source" if self.of_source else "destination"
        return f"{self.operation} {self.nth} of the {side}, part {self.part}"


def points_of(rig: Rig, parts: int) -> list[Point]:
    """Move an object of so many parts and return its points in their order."""
    goods = rig.put(parts)
    rig.assert_moved(goods, rig.wait(rig.move(goods)))
    counts: Counter[tuple[str, bool, int | None]] = Counter()
    points = []
    for request in rig.gateway.seen():
        if request.key in goods.keys:
            kind = _kind(request, goods)
            counts[kind] += 1
            points.append(Point(*kind, counts[kind]))
    return points


def at(rig: Rig, goods: Goods, point: Point) -> Rule:
    """Name that one request of the move; then say what happens to it."""
    key = goods.source if point.of_source else goods.destination
    if point.nth > 1:
        rig.gateway.when(point.operation, key=key, part=point.part, times=point.nth - 1)
    return rig.gateway.when(point.operation, key=key, part=point.part, times=1)


def at_mark(rig: Rig, move_id: str, operation: str) -> Rule:
    """Name that one request about the mark of a move's upload."""
    rule = rig.gateway.when(operation, times=1)
    return rule.where(lambda request: request.key == mark_of(rig.mover.status(move_id)))


def mark_of(record: MoveRecord) -> str:
    """Return the key of the mark of a move's upload."""
    name = hashlib.sha256((record.upload_id or "").encode()).hexdigest()
    return f"~s3mover/uploads/{name}"


def _kind(request: S3Request, goods: Goods) -> tuple[str, bool, int | None]:
    return request.operation, request.key == goods.source, request.part
