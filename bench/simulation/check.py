"""The simulation beside what was measured: `measured.json` holds both's terms and a tolerance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.peers.ours import label
from bench.peers.report import by_mover, load, middle, of_work
from bench.peers.work import PAGE, WORKS
from bench.simulation.run import Simulation
from bench.simulation.world import Costs, Move, World

if TYPE_CHECKING:
    from bench.peers.run import Run

MEASURED = Path(__file__).with_name("measured.json")
KEYS = ("1-gib", "100-gib", "5-tib", "10k-small")
WORKERS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Case:
    """One work and fleet that was measured; costs are CPU seconds a part or object."""

    work: str
    workers: int
    seconds: float
    worker: float
    redis: float
    store: float


def cases(data: dict[str, Any]) -> list[Case]:
    return [Case(**case) for case in data["cases"]]


def simulated(case: Case, cores: int) -> float:
    """Return the seconds that the simulation gives for a case."""
    work = WORKS[case.work]
    requests = 2 + (-(-work.count // PAGE) > 1) if work.is_prefix else 4
    costs = Costs(case.worker, case.redis, case.store)
    world = World(
        case.workers,
        -(-work.cap // case.workers),
        costs,
        timing=work.timing,
        cores=cores,
    )
    size = min(work.part or work.size, work.size)
    return Simulation(world, [Move(work.each, size, work.cap, requests=requests)]).run().seconds


def record(runs: list[Run], cores: int, tolerance: float) -> dict[str, Any]:
    """Return what was measured, from the runs of the benchmark."""
    found = []
    for key in KEYS:
        movers = by_mover(of_work(runs, key))
        for workers in WORKERS:
            if label(workers) in movers:
                those = movers[label(workers)]
                each = WORKS[key].each

                def share(name: str, those: list[Run] = those, each: int = each) -> float:
                    return float(f"{median(getattr(run, name) for run in those) / each:.3g}")

                costs = (share("cpu"), share("valkey"), share("model"))
                found.append(
                    {"work": key, "workers": workers, "seconds": round(middle(those), 3)}
                    | dict(zip(("worker", "redis", "store"), costs, strict=True))
                )
    return {"cores": cores, "tolerance": tolerance, "cases": found}


def from_runs(file: Path, cores: int, tolerance: float) -> None:
    """Write `measured.json`."""
    data = record(load(file), cores, tolerance)
    MEASURED.write_text(json.dumps(data, indent=1) + "\n")


def table(data: dict[str, Any]) -> str:
    """Return measured and simulated seconds as Markdown."""
    text = "| work | workers | measured, s | simulated, s | ratio |\n"
    text += "| --- | ---: | ---: | ---: | ---: |\n"
    for case in cases(data):
        seconds = simulated(case, data["cores"])
        text += f"| {WORKS[case.work].name} | {case.workers} | {case.seconds:.2f} | {seconds:.2f} "
        text += f"| {seconds / case.seconds:.2f} |\n"
    return text
