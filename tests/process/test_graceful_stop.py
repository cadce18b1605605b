"""A worker that is asked to stop (SIGTERM) ends what it has begun and gives back the rest."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from s3mover.contract import CONTROL_QUEUE, COPY_PART_TASK, PARTS_QUEUE
from tests.process.doubler import Doubler
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS

# Neither the sweeper nor the end of a message's visibility may be what helps.
NO_HELP = {"part_lease": 20, "visibility_timeout": 300, "sweep_grace": 600}


@pytest.fixture(scope="module")
def unhelped(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    with Rig(seaweedfs, threads=4, beat=False, settings=NO_HELP) as rig:
        yield rig


def waits_for_its_time(rig: Rig) -> bool:
    """Tell whether a worker holds the message of a part that it is to begin later."""
    unacked = cast("list[str]", rig.redis.hvals("unacked"))
    headers = [json.loads(text)[0]["headers"] for text in unacked]
    return any(h["eta"] and h["task"] == COPY_PART_TASK for h in headers)


def waits_in_queue_or_is_done(rig: Rig, move_id: str) -> bool:
    """Tell whether a move is free for another worker; one just begun is carried to its end."""
    return bool(rig.redis.llen(CONTROL_QUEUE)) or rig.mover.status(move_id).state.final


def test_a_worker_says_that_it_is_well_until_it_stops_and_the_other_goes_on(unhelped: Rig) -> None:
    unhelped.revive()
    goods = unhelped.put(parts=10)
    unhelped.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    first, second = unhelped.fleet.workers
    written = first.health_file.stat().st_mtime_ns
    until(lambda: first.health_file.stat().st_mtime_ns > written)

    move_id = unhelped.move(goods, multipartcopymaxconcurrency=8)
    until(lambda: len(unhelped.copies(goods)) == 8)
    code = first.terminate()
    record = unhelped.wait(move_id)

    assert code == 0
    assert not first.health_file.exists()
    assert second.health_file.exists()
    unhelped.assert_moved(goods, record)
    assert record.generation == 1
    assert Counter(copy.part for copy in unhelped.copies(goods)) == Counter(range(1, 11))
    assert sorted(record.workers.values()) == [4, 6]


def test_what_a_stopping_worker_will_not_begin_is_given_back_while_its_last_part_runs(
    unhelped: Rig,
) -> None:
    stopping, other = unhelped.fleet.workers
    unhelped.revive()
    other.kill()
    large, small = unhelped.put(parts=2), unhelped.put()
    end = threading.Event()
    unhelped.gateway.when("UploadPartCopy", key=large.destination, part=2).call(end.wait)
    with Doubler(unhelped.redis):  # the double waits: its part is being copied
        moves = [unhelped.move(large)]
        until(lambda: waits_for_its_time(unhelped))

    with ThreadPoolExecutor() as pool:
        stops = stopping.log.count("Warm shutdown")
        stop = pool.submit(stopping.terminate)
        until(lambda: stopping.log.count("Warm shutdown") > stops)
        moves.append(unhelped.move(small))
        until(lambda: unhelped.redis.llen(PARTS_QUEUE) and not waits_for_its_time(unhelped))
        until(lambda: waits_in_queue_or_is_done(unhelped, moves[1]))
        assert not stop.done()
        end.set()
        assert stop.result() == 0
    other.start()

    for goods, move_id in zip((large, small), moves, strict=True):
        unhelped.assert_moved(goods, unhelped.wait(move_id))
    assert unhelped.effects(large)["UploadPartCopy"] == 2
