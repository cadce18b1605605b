"""`make bench`: a fleet beside a bare boto3 thread pool on a modelled S3, as ratios in one run."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from statistics import median

import click

from bench import bare, fleet, recovery, requests
from bench import broker as broker_load
from bench import costs as cost
from bench.driver import report
from bench.model import ModelS3
from bench.peers import page as peer_page
from bench.peers import report as peer_report
from bench.peers.measure import measure, movers
from bench.peers.ours import bare_run
from bench.peers.work import WORKS
from bench.simulation import check, command

MIB = 1024**2
GIB = 1024**3


@click.group(invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure everything but the recovery, which takes minutes by its nature."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(one_gib)
        ctx.invoke(cpu_of_requests)
        ctx.invoke(parts)
        ctx.invoke(driver)


@main.command()
@click.option("--runs", default=5, show_default=True)
def one_gib(runs: int) -> None:
    """1 GiB in 32 parts at 35 MB/s a stream: two workers of 32 threads, bare boto3, the limit."""
    size, part = GIB, 32 * MIB
    with ModelS3() as model, fleet.warm(model) as two:
        limit = model.timing.of_copy(part) + 4 * model.timing.latency
        pairs = [
            (
                fleet.move(two, model, size=size, multipartcopychunksize=part).seconds,
                by_bare(model, size, part, threads=32).seconds,
            )
            for _ in range(runs)
        ]
    ours, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    click.echo(f"1 GiB, 32 parts, medians of {runs}: limit {limit:.2f} s")
    click.echo(f"  fleet {ours:.2f} s = {ours / limit:.2f} x the limit")
    click.echo(f"  boto3 {theirs:.2f} s = {theirs / limit:.2f} x the limit")
    click.echo(f"  fleet / boto3, pair by pair: {ratio:.2f}")


@main.command("requests")
@click.option("--rounds", default=5, show_default=True)
@click.option("--count", default=500, show_default=True, help="Calls a round.")
def cpu_of_requests(rounds: int, count: int) -> None:
    """CPU of a request for a copy, lean and by boto3, with 1 thread and with 32."""
    for each in requests.measure(rounds, count):
        click.echo(each)


@main.command()
@click.option("--runs", default=3, show_default=True)
def parts(runs: int) -> None:
    """Cost of a part: worker CPU beside boto3's own, and Redis' memory, from 100 to 10,000."""
    part = 5 * MIB
    with ModelS3(cost.FREE) as model, fleet.warm(model) as two:
        for count in (100, 1_000, 10_000):
            ours = [
                fleet.move(two, model, size=count * part, multipartcopychunksize=part)
                for _ in range(runs)
            ]
            theirs = [by_bare(model, count * part, part, threads=32) for _ in range(runs)]
            fleet_cpu = 1000 * median(run.cpu for run in ours) / count
            bare_cpu = 1000 * median(run.cpu for run in theirs) / count
            peak = max(run.redis_peak for run in ours) / MIB
            click.echo(
                f"{count:6} parts: worker CPU {fleet_cpu:.2f} ms a part, boto3 {bare_cpu:.2f}, "
                f"above it {fleet_cpu - bare_cpu:.2f}; Redis peak {peak:.2f} MiB; "
                f"{median(run.seconds for run in ours):.1f} s"
            )


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


def by_bare(model: ModelS3, size: int, part_size: int, threads: int) -> bare.Run:
    """Run the bare thread pool in a process of its own."""
    model.put("bench/bare", size)
    ends = "bench/bare", "bench/copy"
    return bare_run(bare.Job(model.endpoint, model.bucket, *ends, size, part_size, threads))


if __name__ == "__main__":
    main()
