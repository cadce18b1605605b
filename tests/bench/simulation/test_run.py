"""The simulation: what it says where the answer is known, and where it was measured."""

import json

import pytest

from bench.model import Timing
from bench.simulation import check
from bench.simulation.run import Simulation
from bench.simulation.world import Costs, Move, World

FREE = Costs(worker=0.0, redis=0.0)
SECOND = Timing(bandwidth=1e6, copy_latency=0.0, latency=0.0)
MB = 10**6


def test_parts_go_in_waves_of_the_cap() -> None:
    result = Simulation(World(2, 8, FREE, timing=SECOND), [Move(10, MB, cap=4)]).run()

    assert result.seconds == pytest.approx(3.0)
    assert result.peak == 4


def test_threads_are_a_bound_of_all_moves_together() -> None:
    moves = [Move(8, MB, cap=8), Move(8, MB, cap=8)]

    result = Simulation(World(1, 4, FREE, timing=SECOND), moves).run()

    assert result.seconds == pytest.approx(4.0)
    assert (result.parts, result.peak, result.saturated) == (16, 4, "threads")


def test_a_broker_that_is_busy_all_the_time_is_named() -> None:
    world = World(8, 100, Costs(worker=0.0, redis=0.1), timing=SECOND)

    result = Simulation(world, [Move(200, MB, cap=800)]).run()

    assert result.seconds == pytest.approx(20, rel=0.1)
    assert result.saturated == "Redis"


def test_cores_are_shared_by_workers() -> None:
    world = World(4, 8, Costs(worker=1.0, redis=0.0), timing=Timing(1e15, 0, 0), cores=2)

    result = Simulation(world, [Move(100, MB, cap=32)]).run()

    assert result.seconds == pytest.approx(50, rel=0.05)


def test_a_prefix_takes_no_more_than_its_rate_and_every_part_is_there_in_the_end() -> None:
    world = World(10, 100, FREE, timing=Timing(1e15, 0.01, 0.01), rate=100)

    result = Simulation(world, [Move(5_000, MB, cap=1_000)]).run()

    assert result.seconds >= 49  # a second's worth was saved up
    assert result.throttled > 0
    assert result.saturated == "S3's rate a prefix"


def test_what_a_dead_worker_held_is_copied_by_another_after_the_visibility() -> None:
    world = World(2, 2, FREE, timing=SECOND, visibility=10, kills=((0.5, 1),))

    result = Simulation(world, [Move(4, MB, cap=4)]).run()

    assert result.redelivered == 2
    assert result.seconds == pytest.approx(11.0)


def test_the_same_world_is_the_same_twice() -> None:
    def once() -> object:
        world = World(10, 10, Costs(0.001, 0.001), rate=50)
        return Simulation(world, [Move(500, MB, cap=100)]).run()

    assert once() == once()


def test_it_agrees_with_what_was_measured() -> None:
    if not check.MEASURED.exists():
        pytest.skip("nothing was recorded yet: make bench ARGS='simulate --record'")
    data = json.loads(check.MEASURED.read_text())
    ratios = {
        (case.work, case.workers): check.simulated(case, data["cores"]) / case.seconds
        for case in check.cases(data)
    }

    assert ratios
    assert {
        case: ratio for case, ratio in ratios.items() if abs(ratio - 1) > data["tolerance"]
    } == {}
