"""`make bench`: fleets beside their peers on a modelled S3, and what they cost."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from bench import broker as broker_load
from bench import costs as cost
from bench import recovery, requests
from bench import workers as scaling
from bench.driver import report
from bench.peers import page as peer_page
from bench.peers import report as peer_report
from bench.peers.measure import measure, movers
from bench.peers.work import WORKS
from bench.simulation import check, command

MIB = 1024**2


@click.group(invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure what the page of benchmarks is made of: peers, more workers, what a part costs."""
    if ctx.invoked_subcommand is None:
        for command in (peers, twice_the_workers, costs):
            ctx.invoke(command)


@main.command("requests")
@click.option("--rounds", default=5, show_default=True)
@click.option("--count", default=500, show_default=True, help="Calls a round.")
def cpu_of_requests(rounds: int, count: int) -> None:
    """CPU of a request for a copy, lean and by boto3, with 1 thread and with 32."""
    for each in requests.measure(rounds, count):
        click.echo(each)


@main.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--count", default=300, show_default=True, help="Calls a round on small objects.")
@click.option("--size", default=1024, show_default=True, help="MiB written and read a round.")
@click.option("--stream", default=5 * 1024, show_default=True, help="MiB, for memory; 0: none.")
def driver(rounds: int, count: int, size: int, stream: int) -> None:
    """Each operation of the storage driver and its streams beside boto3 and s3fs."""
    report.measure(rounds=rounds, count=count, size=size * MIB, stream=stream * MIB)


INTO = click.option(
    "--into",
    default="docs/benchmarks",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the runs are kept, and the page and the pictures that are made of them.",
)


@main.command()
@click.argument("names", nargs=-1, metavar="[WORK]...", type=click.Choice(list(WORKS)))
@click.option("--runs", default=5, show_default=True)
@click.option("--workers", default="1,2,4", show_default=True, help="Sizes of our own fleet.")
@click.option("--budget", default=100.0, show_default=True, help="Seconds a mover and work.")
@click.option("--only", default="", help="Movers whose name has this in it, such as s3mover.")
@click.option("--missing", is_flag=True, help="Movers of which there are no runs yet.")
@INTO
def peers(  # noqa: PLR0917  # click gives them by name
    names: tuple[str, ...],
    runs: int,
    workers: str,
    budget: float,
    only: str,
    missing: bool,  # noqa: FBT001  # click's way to give a flag
    into: Path,
) -> None:
    """Move the same WORK with aws s3 mv, s5cmd, rclone, boto3 and fleets; by default all works."""
    fleets = tuple(int(count) for count in workers.split(","))
    file = into / "runs.jsonl"
    for name in names or WORKS:
        there = {run.mover for run in peer_report.of_work(peer_report.load(file), name)}
        all_movers = movers(fleets, WORKS[name])
        wanted = [m for m in all_movers if only in m and not (missing and m in there)]
        peer_report.forget(file, name, wanted)
        skipped = set(all_movers) - set(wanted)
        for run in measure(name, runs=runs, workers=fleets, budget=budget, skipped=skipped):
            click.echo(f"{name}: {run.mover} {run.seconds:.2f} s, CPU {run.cpu:.2f} s", err=True)
            peer_report.append(run, file)
        found = peer_report.of_work(peer_report.load(file), name)
        click.echo(f"\n{WORKS[name].name}\n\n{peer_report.table(found, WORKS[name])}")
    peer_page.write(into)


@main.command()
@click.argument("kinds", nargs=-1, metavar="[part|object]...", type=click.Choice(list(cost.COUNTS)))
@click.option("--runs", default=3, show_default=True)
@click.option("--most", default=100_000, show_default=True, help="No larger counts than this.")
@INTO
def costs(kinds: tuple[str, ...], runs: int, most: int, into: Path) -> None:
    """CPU a part from 10 to 10,000, and a small object from 1,000 to 100,000, beside boto3's."""
    for what in kinds or cost.COUNTS:
        found = list(cost.measure(what, runs, most))
        cost.keep(found, into / "costs.jsonl")
        click.echo(cost.table(found))
    peer_page.write(into)


@main.command("workers")
@click.option("--runs", default=3, show_default=True)
@INTO
def twice_the_workers(runs: int, into: Path) -> None:
    """Time of a move whose copies wait for S3, by 1, 2 and 4 workers."""
    times = list(scaling.measure(runs))
    scaling.keep(times, into / "workers.jsonl")
    click.echo(scaling.table(times))
    peer_page.write(into)


@main.command()
@click.option("--parts", "part_count", default=1_000, show_default=True)
@click.option("--objects", default=10_000, show_default=True)
def broker(part_count: int, objects: int) -> None:
    """Commands, bytes, CPU and memory of Valkey, a part and a small object."""
    for load in broker_load.measure(part_count, objects):
        click.echo(json.dumps(asdict(load)))


@main.command()
@click.option("--record", is_flag=True, help="Take what was measured from the kept runs anew.")
@click.option("--tolerance", default=0.3, show_default=True, help="Recorded with it.")
@INTO
def simulate(record: bool, tolerance: float, into: Path) -> None:  # noqa: FBT001  # as above
    """Simulate fleets that were measured, then 1,000 workers that move 1 PB."""
    if record:
        check.from_runs(into / "runs.jsonl", os.cpu_count() or 1, tolerance)
    for table in command.simulate(into):
        click.echo(table)


@main.command()
@INTO
def page(into: Path) -> None:
    """Make the page and its pictures again, of the runs that are kept."""
    peer_page.write(into)


@main.command()
@click.option("--defaults", is_flag=True, help="With the default lease, visibility and grace.")
def recover(defaults: bool) -> None:  # noqa: FBT001  # click's way to give a flag
    """Seconds that a SIGKILLed worker adds to a move."""
    click.echo(recovery.measure(defaults=defaults))


if __name__ == "__main__":
    main()
