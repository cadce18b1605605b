from bench.driver.jobs import MIB
from bench.driver.memory import Growth


def test_growth_is_the_peak_since_its_beginning_even_if_it_was_freed() -> None:
    bytearray(200 * MIB)
    growth = Growth()
    growth.begin()

    bytearray(b"x" * (50 * MIB))

    assert 90 * MIB < growth.peak < 150 * MIB


def test_growth_that_never_began_is_none() -> None:
    assert Growth().peak == 0
