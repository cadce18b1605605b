"""One small run of the harness; `make chaos` is the large one."""

import pytest

from tests.chaos.plan import Options
from tests.chaos.run import run

SMALL = Options(
    seed=11, moves=20, kills=3, restarts=1, faults=0.05, stall=2, most_parts=7, cancels=0.05
)


@pytest.mark.timeout(400)  # half a minute, on a machine that does nothing else
def test_a_fleet_that_is_struck_keeps_its_promises() -> None:
    report = run(SMALL)

    assert report.violations == ()
    assert sum(report.states.values()) == 20
    assert report.restarts == 1
    assert 1 <= report.kills <= 3  # one that came when all moves had ended struck nobody
    assert sum(report.faults.values()) > 0
    assert report.deletions > 0
