"""What real workers show to Prometheus, and log, while they move objects or Redis is away."""

import json
import time
import urllib.request
from collections.abc import Iterator
from itertools import pairwise

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS
from worker.fleet.ports import HOST, free_ports
from worker.fleet.workers import Worker

Samples = dict[tuple[str, ...], float]

COPIED, DONE = ("s3mover_parts_copied_total",), ("s3mover_moves_finished_total", "done")


@pytest.fixture(scope="module")
def address() -> str:
    return f"{HOST}:{free_ports(1)[0]}"


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS, address: str) -> Iterator[Rig]:
    """Start two workers with one address: the port is taken for one of them."""
    settings = {"metrics_address": address, "log_format": "json"}
    with Rig(seaweedfs, workers=2, threads=4, settings=settings) as rig:
        yield rig


def scraped(address: str) -> Samples:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        assert answer.status == 200
        text = answer.read().decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def lines(worker: Worker) -> list[dict[str, object]]:
    return [json.loads(line) for line in worker.log.splitlines()]


def messages(rig: Rig) -> str:
    return "".join(str(line["message"]) for worker in rig.fleet.workers for line in lines(worker))


def test_a_worker_shows_what_the_fleet_has_done(rig: Rig, address: str) -> None:
    goods = [rig.put(3), rig.put()]
    before = scraped(address)

    records = [rig.wait(rig.move(each)) for each in goods]

    for each, record in zip(goods, records, strict=True):
        rig.assert_moved(each, record)
    after = scraped(address)
    assert after[COPIED] - before[COPIED] == 3
    assert after[DONE] - before[DONE] == 2
    size = sum(len(each.body) for each in goods)
    for name in ("s3mover_bytes_moved_total", "s3mover_bytes_copied_total"):
        assert after[(name,)] - before[(name,)] == size
    assert after[("s3mover_parts_outstanding",)] == 0
    assert sum(value for (name, *_), value in after.items() if name == "s3mover_moves") == 0
    assert after[("s3mover_phase_duration_seconds_count", "copying")] >= 2
    assert after[("process_resident_memory_bytes",)] > 2**20


def test_parts_outstanding_are_seen_while_they_are_copied(rig: Rig, address: str) -> None:
    goods = rig.put(5)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(2)
    move_id = rig.move(goods, multipartcopymaxconcurrency=3)
    slow.wait_until_hit()

    during = scraped(address)

    assert during[("s3mover_parts_outstanding",)] == 3
    assert during[("s3mover_moves", "copying")] == 1
    rig.assert_moved(goods, rig.wait(move_id))


def test_a_worker_whose_port_is_taken_says_so_and_works(rig: Rig, address: str) -> None:
    told = [
        line
        for worker in rig.fleet.workers
        for line in lines(worker)
        if "cannot listen at" in str(line["message"])
    ]

    assert len(told) == 1
    assert told[0]["level"] == "ERROR"
    assert address in str(told[0]["message"])
    assert all(worker.running for worker in rig.fleet.workers)


def test_each_line_is_json_and_tells_its_move_and_part(rig: Rig) -> None:
    goods = rig.put(3)
    rule = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=4)
    rule.respond(500, "InternalError")
    move_id = rig.move(goods)
    rig.assert_moved(goods, rig.wait(move_id))

    until(lambda: f"{move_id} done" in messages(rig))
    [ended] = [
        line
        for worker in rig.fleet.workers
        for line in lines(worker)
        if line.get("move") == move_id and line["logger"] == "tasks.ending"
    ]
    again = [
        (line["move"], line["part"], line["task"])
        for worker in rig.fleet.workers
        for line in lines(worker)
        if str(line["message"]).startswith("tried again: ")
    ]
    assert again == [(move_id, 2, "s3mover.copy_part")]
    assert ended["task"] == "s3mover.settle"
    assert ended["generation"] == 1
    assert str(ended["worker"]).startswith("worker-")
    for worker in rig.fleet.workers:
        times = [str(line["time"]) for line in lines(worker)]
        assert all(earlier[:10] <= later[:10] for earlier, later in pairwise(times))


def test_without_redis_a_scrape_is_quick_and_the_worker_lives_on(rig: Rig, address: str) -> None:
    counted = scraped(address)[DONE]
    rig.fleet.valkey.kill()
    begun = time.monotonic()

    away = scraped(address)

    assert time.monotonic() - begun < 4
    assert away[("s3mover_up",)] == 0
    assert ("s3mover_moves", "queued") not in away
    rig.fleet.valkey.start()
    until(lambda: scraped(address)[("s3mover_up",)] == 1)
    assert scraped(address)[DONE] == counted
    goods = rig.put()
    rig.assert_moved(goods, rig.wait(rig.move(goods)))
    assert all(worker.running for worker in rig.fleet.workers)
