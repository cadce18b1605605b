"""Every call of every race, on the real store: what it leaves there, and what it finds."""

from collections.abc import Iterator

import pytest

from bench.driver import race, races
from bench.driver.contender import Contender, ContenderError
from bench.driver.jobs import MIB, Job, Place
from worker.fleet import SeaweedFS


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with SeaweedFS() as store:
        yield Place(
            store.endpoint, store.bucket, store.region, store.access_key, store.secret_key, 5 * MIB
        )


@pytest.fixture(scope="module")
def contenders(place: Place) -> Iterator[dict[str, Contender]]:
    with Contender("s3mover", place) as ours, Contender("boto3", place) as boto3:
        boto3.take(Job("put", races.FILLED, threads=4))
        boto3.take(Job("write_parts", (races.STREAMED,), size=6 * MIB))
        yield {"s3mover": ours, "boto3": boto3}


@pytest.mark.parametrize(
    "one",
    [*races.small(3, threads=1), *races.small(3, threads=2), *races.streams(6 * MIB)],
    ids=lambda one: one.title,
)
def test_every_runner_gets_to_the_end(contenders: dict[str, Contender], one: race.Race) -> None:
    times = race.run(one, contenders, rounds=1)

    assert [runner.contender for runner in times][:2] == ["s3mover", "boto3"]
    assert all(taken.seconds > 0 for column in times.values() for taken in column)


def test_writers_are_counted_for_the_room_they_need() -> None:
    write, _read = races.streams(MIB)

    assert len(write.runners) == races.WRITERS


def test_a_contender_that_does_not_start_says_so(place: Place) -> None:
    with pytest.raises(ContenderError, match="nobody ended"), Contender("nobody", place):
        pass
