import subprocess
import sys

from bench.driver.jobs import MIB
from bench.driver.memory import Growth

# In a process of its own: of a large one the kernel may take cold pages back meanwhile.
GROW = """
from bench.driver.jobs import MIB
from bench.driver.memory import Growth

bytearray(200 * MIB)
growth = Growth()
growth.begin()
bytearray(b"x" * (50 * MIB))
print(growth.peak)
"""


def test_growth_is_the_peak_since_its_beginning_even_if_it_was_freed() -> None:
    ended = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-c", GROW], check=True, capture_output=True, timeout=60
    )

    assert 90 * MIB < int(ended.stdout) < 150 * MIB


def test_growth_that_never_began_is_none() -> None:
    assert Growth().peak == 0
