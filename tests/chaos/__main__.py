"""`make chaos`: many moves, a spoiled S3, killed workers, a killed Valkey; what is kept of it."""

import json
import secrets
import sys
from dataclasses import replace

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.chaos.plan import Options
from tests.chaos.prefix_report import PrefixReport
from tests.chaos.prefix_run import run_prefixes
from tests.chaos.report import Report
from tests.chaos.run import run

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)


@click.command()
@click.option("--moves", default=1000, show_default=True)
@click.option("--seed", type=int, help="Replay: the same moves, strikes and faults.")
@click.option(
    "--kills", type=int, help="SIGKILLs of workers.  [default: one in 20 moves, or in 500 objects]"
)
@click.option("--restarts", default=3, show_default=True, help="SIGKILLs of Valkey.")
@click.option("--faults", default=0.05, show_default=True, help="Share of S3's requests.")
@click.option("--stall", default=30.0, show_default=True, help="Seconds that a stall lasts.")
@click.option("--throttles", default=1.0, show_default=True, help="Share of 503s that are kept.")
@click.option("--large", default=0.3, show_default=True, help="Share of moves in parts.")
@click.option("--most-parts", default=40, show_default=True, help="Of a large object, at least 5.")
@click.option("--prefixes", default=0, show_default=True, help="Move so many prefixes instead.")
@click.option("--objects", default=1000, show_default=True, help="Of each prefix.")
@click.option("--large-objects", default=0.004, show_default=True, help="Share of them.")
@click.option("--steered", default=0.5, show_default=True, help="Share of prefixes that are.")
@click.option("--doubled", default=0.2, show_default=True, help="Share of messages that are.")
@click.option("--model", is_flag=True, help="Prefixes in the modelled S3, which costs no bytes.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--keep", is_flag=True, help="Leave the servers' data and the logs behind.")
def main(
    seed: int | None, kills: int | None, *, as_json: bool, keep: bool, **numbers: float
) -> None:
    """Move objects while all of it is disturbed, and exit with 1 if a promise was broken."""
    options = replace(
        Options(seed=secrets.randbelow(1_000_000) if seed is None else seed),
        **numbers,  # type: ignore[arg-type]  # click has checked them
    )
    usual = options.prefixes * options.objects // 500 if options.prefixes else options.moves // 20
    options = replace(options, kills=usual if kills is None else kills)
    report = _watched(options, keep=keep)
    text = json.dumps(report.as_json(), indent=2) if as_json else "\n".join(report.lines())
    click.echo(text)
    sys.exit(1 if report.violations else 0)


def _watched(options: Options, *, keep: bool) -> Report | PrefixReport:
    """Run, with a bar on a terminal."""
    click.echo(f"seed {options.seed}", err=True)
    with Progress(*COLUMNS, console=Console(stderr=True)) as progress:
        if options.prefixes:
            bar = progress.add_task("objects", total=options.prefixes * options.objects)
            return run_prefixes(
                options, keep=keep, tick=lambda done: progress.update(bar, completed=done)
            )
        bar = progress.add_task("moves ended", total=options.moves)
        return run(options, keep=keep, tick=lambda: progress.advance(bar))


if __name__ == "__main__":
    main()
