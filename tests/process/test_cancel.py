"""A move that is cancelled ends so, or it was too late and it ends done; never in between."""

from queue import Queue

import pytest

from s3mover import MoveRecord, State
from tests.process.rig import Goods, Rig
from tests.process.s3_point import Point, at, points_of

OVER = {State.DONE, State.CANCELLED}


def start_and_cancel_at(rig: Rig, goods: Goods, point: Point) -> str:
    """Start a move that is cancelled while it makes this request."""
    ids: Queue[str] = Queue()
    at(rig, goods, point).call(lambda: rig.mover.cancel(ids.get()))
    move_id = rig.move(goods)
    ids.put(move_id)
    return move_id


def check_end(rig: Rig, goods: Goods, record: MoveRecord) -> None:
    assert record.state in OVER
    if record.state is State.DONE:
        rig.assert_moved(goods, record)
    else:
        assert record.error is None
        rig.assert_untouched(goods)


def test_a_move_cancelled_midway_copies_no_more_and_leaves_all_as_it_was(rig: Rig) -> None:
    goods = rig.put(parts=8)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)
    slow.wait_until_hit()

    asked = rig.mover.cancel(move_id)
    copies = len(rig.copies(goods))
    record = rig.wait(move_id)

    assert (asked.state, asked.stopping) == (State.COPYING, "cancelled")
    assert (record.state, record.stopping) == (State.CANCELLED, None)
    rig.assert_untouched(goods)
    assert len(rig.copies(goods)) <= copies + 1  # one may just have been claimed
    abort, *_ = rig.gateway.seen("AbortMultipartUpload", key=goods.destination)
    assert all(copy.end is not None and copy.end < abort.start for copy in rig.copies(goods))


@pytest.mark.parametrize(
    ("parts", "last_call"), [(3, "CompleteMultipartUpload"), (0, "CopyObject")]
)
def test_a_cancel_wins_until_the_copy_is_being_made_whole(
    rig: Rig, parts: int, last_call: str
) -> None:
    points = points_of(rig, parts)
    moves = []
    for point in points:
        goods = rig.put(parts)
        moves.append((goods, start_and_cancel_at(rig, goods, point)))

    records = [rig.wait(move_id) for _, move_id in moves]

    for (goods, _), record in zip(moves, records, strict=True):
        check_end(rig, goods, record)
    before = [point.operation for point in points].index(last_call)
    ends = [record.state for record in records]
    assert ends == before * [State.CANCELLED] + (len(points) - before) * [State.DONE]


def test_a_move_cancelled_while_it_is_queued_is_never_begun(rig: Rig) -> None:
    goods, other = rig.put(parts=3), rig.put()
    for worker in rig.fleet.workers:
        worker.pause()

    move_id = rig.move(goods)
    record = rig.mover.cancel(move_id)
    for worker in rig.fleet.workers:
        worker.resume()
    rig.wait(rig.move(other))  # the queue is in order: the cancelled move's turn has come

    assert record.state is State.CANCELLED
    assert rig.mover.status(move_id) == record
    assert rig.gateway.seen(key=goods.source) == []
    rig.assert_untouched(goods)


def test_the_cancel_of_a_move_that_has_ended_changes_nothing(rig: Rig) -> None:
    goods = rig.put()
    record = rig.wait(rig.move(goods))

    assert rig.mover.cancel(record.id) == record
    rig.assert_moved(goods, record)
