from typing import cast

from bench.driver import race
from bench.driver.contender import Contender
from bench.driver.jobs import Job, Taken
from bench.driver.race import Race, Runner

OURS, THEIRS = Runner("ours", "put", "ours put"), Runner("theirs", "put", "theirs put")


class Clock:
    """A contender that takes what it is told, and notes who was asked for what."""

    def __init__(self, name: str, asked: list[tuple[str, str]], *seconds: float) -> None:
        self.name = name
        self.jobs: list[Job] = []
        self._asked = asked
        self._seconds = iter(seconds)

    def take(self, job: Job) -> Taken:
        self._asked.append((self.name, job.call))
        self.jobs.append(job)
        return Taken(next(self._seconds), cpu=0.5, grown=0)


def of(*clocks: Clock) -> dict[str, Contender]:
    return {clock.name: cast("Contender", clock) for clock in clocks}


def the_race(prepare: str = "") -> Race:
    def job(call: str, directory: str) -> Job:
        return Job(call, (directory,))

    return Race("put", "a second", 10, [OURS, THEIRS], job, prepare)


def test_contenders_take_turns_another_first_each_round_and_the_first_is_not_counted() -> None:
    asked: list[tuple[str, str]] = []
    ours, theirs = Clock("ours", asked, 9, 1, 2), Clock("theirs", asked, 8, 3, 4)

    times = race.run(the_race(), of(ours, theirs), rounds=2)

    assert [name for name, _ in asked] == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    seconds = {runner.label: [one.seconds for one in taken] for runner, taken in times.items()}
    assert seconds == {"ours put": [1, 2], "theirs put": [3, 4]}


def test_each_turn_has_a_directory_of_its_own() -> None:
    ours, theirs = Clock("ours", [], 1, 1, 1), Clock("theirs", [], 1, 1, 1)

    race.run(the_race(), of(ours, theirs), rounds=2)

    assert len({job.paths for job in ours.jobs + theirs.jobs}) == 6


def test_what_prepares_a_job_has_its_paths_and_is_not_counted() -> None:
    asked: list[tuple[str, str]] = []
    ours = Clock("ours", asked, 100, 1, 100, 2)

    times = race.run(the_race(prepare="fill"), of(ours), rounds=1)

    assert asked == [("ours", "fill"), ("ours", "put")] * 2
    assert ours.jobs[2].paths == ours.jobs[3].paths
    assert [one.seconds for one in times[OURS]] == [2]


def test_a_contender_that_is_not_there_sits_out() -> None:
    times = race.run(the_race(), of(Clock("ours", [], 1, 1)), rounds=1)

    assert list(times) == [OURS]


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_medians() -> None:
    times = {
        OURS: [Taken(s, cpu=0.5, grown=0) for s in (1, 2, 4)],
        THEIRS: [Taken(s, cpu=0.5, grown=0) for s in (2, 2, 2)],
    }

    _, ours, theirs = race.table(the_race(), times)

    assert ours.split() == ["ours", "put", "5.0", "50.00"]
    assert theirs.split() == ["theirs", "put", "5.0", "1.00", "0.50-2.00", "50.00"]
