"""`make bench ARGS="simulate"`: check it against what was measured, then 1,000 workers and 1 PB."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bench.peers import plots
from bench.simulation import check
from bench.simulation.scenarios import PB, scenarios
from bench.simulation.world import Costs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = (
    "| 1 PB, 1,000 workers of 32 threads | hours | copies a second | GB/s | Redis busy "
    "| workers busy | 503 a copy | saturated first |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n"
)

PAGE = """\
# Simulation

Made by `make bench ARGS="simulate"` (`bench/simulation`); what it means: [scale](../scale.md).

## Fleets that were measured

The same works in virtual time, on {cores} shared cores, with the CPU that was measured.

{checked}
## A petabyte

Each process has a core to itself; S3 takes 3,500 writes a second below each prefix, and a stream
has 35 MB/s.
A part costs a worker {part.worker:.2e} s of CPU, the broker {part.redis:.2e} s; a small object
{small.worker:.2e} s and {small.redis:.2e} s. "503 a copy": refused requests for each that was done.

{text}
![hours](petabyte.svg)
"""


def costs_of(data: dict[str, Any], work: str) -> Costs:
    """Return the costs of a part or object that were measured with two workers."""
    case = next(c for c in check.cases(data) if (c.work, c.workers) == (work, 2))
    return Costs(case.worker, case.redis)


def simulate(into: Path) -> Iterator[str]:
    """Yield the tables, and draw the picture."""
    data = json.loads(check.MEASURED.read_text())
    checked = check.table(data)
    yield checked
    part, small = costs_of(data, "5-tib"), costs_of(data, "10k-small")
    hours: dict[str, float] = {}
    found, text = [], HEAD
    for scenario in scenarios(part, small):
        result = scenario.run()
        seconds = result.seconds * scenario.share
        hours[scenario.name] = seconds / 3600
        found.append({"name": scenario.name, "share": scenario.share} | asdict(result))
        text += (
            f"| {scenario.name} | {seconds / 3600:.2f} | {result.parts / result.seconds:,.0f} "
            f"| {PB / seconds / 1e9:,.0f} | {100 * result.redis:.0f} % "
            f"| {100 * result.workers:.0f} % | {result.throttled / result.parts:.3f} "
            f"| {result.saturated} |\n"
        )
    yield text
    into.mkdir(parents=True, exist_ok=True)
    page = PAGE.format(checked=checked, text=text, part=part, small=small, cores=data["cores"])
    (into / "simulation.md").write_text(page)
    (into / "simulation.json").write_text(json.dumps(found, indent=1) + "\n")
    plots.hours(hours, into / "petabyte.svg")
