"""`sentinel://`: the primary dies while a move is under way, and nobody has to do anything."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from s3mover import BrokerUnavailable, Mover
from s3mover.cli import main
from tests.process.rig import PART, Rig, until
from tests.process.sentinels import NAME, PASSWORD, SENTINEL_PASSWORD, WatchedValkey
from worker.fleet import SeaweedFS


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedValkey]:
    with WatchedValkey() as watched:
        until(lambda: all(sentinel.sees_all() for sentinel in watched.sentinels))
        yield watched


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS, watched: WatchedValkey) -> Iterator[Rig]:
    settings = {"broker_url": watched.url, "buckets": seaweedfs.bucket}
    with Rig(seaweedfs, valkey=watched.primary, threads=4, settings=settings) as rig:
        rig.mover = Mover(watched.url)
        yield rig


def test_the_client_and_the_command_line_find_the_primary(rig: Rig, watched: WatchedValkey) -> None:
    cli = CliRunner(env={"S3MOVER_BROKER_URL": watched.url})

    assert cli.invoke(main, ["ls", "--json"]).exit_code == 0
    assert rig.mover.list() == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(PASSWORD, "x"), (SENTINEL_PASSWORD, "x"), (f"={NAME}", "=others")],
    ids=["password", "sentinel's password", "name"],  # each process of pytest has its own passwords
)
def test_a_wrong_name_or_password_is_told_and_not_shown(
    watched: WatchedValkey, right: str, wrong: str
) -> None:
    with pytest.raises(BrokerUnavailable) as caught:
        Mover(watched.url.replace(right, wrong)).list()

    assert PASSWORD not in str(caught.value)
    assert SENTINEL_PASSWORD not in str(caught.value)


# Last: it leaves the fixture with one server less.
def test_a_move_outlives_the_death_of_the_primary(rig: Rig, watched: WatchedValkey) -> None:
    goods, small = rig.put(parts=8), rig.put()
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)
    watch = rig.mover.watch(move_id, timeout=90)
    next(record for record in watch if record.parts_done >= 2)

    watched.primary.kill()
    *_, record = watch

    rig.assert_moved(goods, record)
    assert record.size == 7 * PART + 1
    rig.assert_moved(small, rig.mover.wait(rig.move(small), timeout=60))
    assert all(worker.running for worker in rig.fleet.workers)
    logs = json.dumps([worker.log for worker in rig.fleet.workers])
    assert PASSWORD not in logs
    assert SENTINEL_PASSWORD not in logs
