"""Workers join and leave in the middle of a move: no part is lost, or copied twice at once."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from s3mover import MoveRecord
from tests.process.rig import Goods, Rig, until
from tests.process.s3_gateway import peak_in_flight
from tests.process.s3_request import S3Request
from worker.fleet import SeaweedFS
from worker.fleet.workers import Worker

PARTS = 24
CAP = 8
FIRST, ALL = 3, 6  # threads of the first worker, and of it with the three that join


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    """Yield one worker, which alone has no place for as many parts as the move may copy."""
    with Rig(seaweedfs, workers=1, threads=FIRST) as rig:
        yield rig


class Journey:
    """A move whose parts wait in the gateway until the test lets them through."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.goods: Goods = rig.put(parts=PARTS)
        self._tickets = threading.Semaphore(0)
        rule = rig.gateway.when("UploadPartCopy", key=self.goods.destination)
        rule.call(self._tickets.acquire)
        self.id = rig.move(self.goods, multipartcopymaxconcurrency=CAP)
        self.until_in_flight(FIRST)

    def until_in_flight(self, count: int) -> None:
        key = self.goods.destination
        until(lambda: self.rig.gateway.in_flight("UploadPartCopy", key=key) == count)

    def let_through(self, count: int) -> None:
        self._tickets.release(count)

    def join(self) -> list[Worker]:
        """Have three workers join and copy a part each; return them, busy with the next."""
        joined = [self.rig.fleet._launch_worker(threads=1) for _ in range(3)]
        for worker in joined:
            worker.wait_until_ready()
        self.until_in_flight(ALL)
        self.let_through(ALL)
        until(lambda: len(self.rig.mover.status(self.id).workers) == 4)
        self.until_in_flight(ALL)
        return joined

    def end(self, died: float | None = None) -> MoveRecord:
        """
        Let all through, and check that the object is whole, and how it was copied.

        `died`: when workers were killed; what S3 still did for them is nobody's copy.
        """
        self.let_through(10 * PARTS)
        record = self.rig.wait(self.id, timeout=60)
        self.rig.assert_moved(self.goods, record)
        copies = [ended_at(copy, died) for copy in self.rig.copies(self.goods)]
        assert {copy.part for copy in copies} == set(range(1, PARTS + 1))
        for part in range(1, PARTS + 1):
            of_part = [copy for copy in copies if copy.part == part]
            times = [(copy.start, copy.end, copy.status) for copy in of_part]
            assert peak_in_flight(of_part) == 1, f"part {part}: {times}, {died}"
        return record


def ended_at(copy: S3Request, died: float | None) -> S3Request:
    """Return a request, which has ended with the client that had sent it before."""
    if died is None or copy.start > died:
        return copy
    return replace(copy, end=min(copy.end or died, died))


def test_three_workers_join_and_leave_again_and_no_part_is_copied_twice(rig: Rig) -> None:
    journey = Journey(rig)
    joined = journey.join()

    with ThreadPoolExecutor() as pool:
        leaving = pool.map(Worker.terminate, joined)
        until(lambda: all("Warm shutdown" in worker.log for worker in joined))
        record = journey.end()
        assert list(leaving) == [0, 0, 0]

    assert len(record.workers) == 4
    assert record.generation == 1
    copies = Counter(copy.part for copy in rig.copies(journey.goods))
    assert set(copies.values()) == {1}


def test_three_workers_join_and_are_killed_and_no_part_is_copied_twice_at_once(rig: Rig) -> None:
    journey = Journey(rig)
    joined = journey.join()

    for worker in joined:
        worker.kill()
    record = journey.end(died=time.monotonic())

    # What was in flight is copied again: nobody has told that it was there.
    assert sum(record.workers.values()) == PARTS
