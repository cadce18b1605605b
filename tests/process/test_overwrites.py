"""Somebody else writes to the source or the destination while the move is under way."""

from functools import partial

import pytest

from s3mover import MoveRecord, State
from tests.process.rig import OLD, Goods, Rig
from tests.process.s3_point import Point, at, points_of

NEW = b"what somebody else wrote meanwhile"


@pytest.fixture(scope="module")
def versioned(lasting_rig: Rig) -> str:
    return lasting_rig.versioned()


def overwrite(rig: Rig, goods: Goods, key: str) -> None:
    rig.s3.put_object(Bucket=goods.bucket, Key=key, Body=NEW)


def moves_overwritten_at(
    rig: Rig, parts: int, points: list[Point], bucket: str | None = None
) -> list[tuple[Goods, MoveRecord]]:
    """Move an object for each point, and write over its source just before that request."""
    moves = []
    for point in points:
        goods = rig.put(parts, bucket=bucket)
        at(rig, goods, point).call(partial(overwrite, rig, goods, goods.source))
        moves.append((goods, rig.move(goods)))
    return [(goods, rig.wait(move_id)) for goods, move_id in moves]


@pytest.mark.parametrize("parts", [3, 0])
def test_a_source_that_is_overwritten_fails_the_move_and_both_versions_are_kept(
    rig: Rig, parts: int
) -> None:
    _, *points = points_of(rig, parts)  # at the first it is not pinned yet
    operations = [point.operation for point in points]
    # Complete has no condition on the source; CopyObject is refused.
    made = operations.index("CompleteMultipartUpload") if parts else 1

    moves = moves_overwritten_at(rig, parts, points)

    for number, (goods, record) in enumerate(moves):
        assert record.state is State.FAILED, points[number]
        assert record.error is not None
        assert record.error.code == "SourceChanged"
        assert rig.read(goods, goods.source) == NEW
        left = OLD if number < made else goods.body
        assert rig.read(goods, goods.destination) == left, points[number]
        assert rig.uploads(goods) == []


@pytest.mark.parametrize("parts", [3, 0])
def test_in_a_bucket_with_versions_the_pinned_one_is_moved_and_the_newer_one_stays(
    rig: Rig, versioned: str, parts: int
) -> None:
    _, *points = points_of(rig, parts)

    moves = moves_overwritten_at(rig, parts, points, versioned)

    for goods, record in moves:
        assert (record.state, record.error, record.deletion) == (State.DONE, None, "version")
        assert rig.read(goods, goods.destination) == goods.body
        assert rig.read(goods, goods.source) == NEW
        answer = rig.s3.list_object_versions(Bucket=versioned, Prefix=goods.source)
        assert [v["Size"] for v in answer["Versions"]] == [len(NEW)]
        assert "DeleteMarkers" not in answer


@pytest.mark.parametrize("parts", [3, 0])
def test_a_destination_that_is_overwritten_before_it_was_verified_keeps_the_source(
    rig: Rig, parts: int
) -> None:
    goods = rig.put(parts)
    verify = Point("HeadObject", of_source=False, part=None, nth=1)
    at(rig, goods, verify).call(lambda: overwrite(rig, goods, goods.destination))

    record = rig.wait(rig.move(goods))

    assert record.state is State.FAILED
    assert record.error is not None
    assert record.error.code == "VerificationFailed"
    assert "overwritten by someone else" in record.error.message
    assert rig.read(goods, goods.source) == goods.body
    assert rig.read(goods, goods.destination) == NEW
