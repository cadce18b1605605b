"""All races against one private SeaweedFS, printed as they end."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from bench.driver import race, races
from bench.driver.contender import S3FS, Contender, ContenderError, s3fs_python
from bench.driver.jobs import MIB, Job, Place
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from collections.abc import Iterator

PART_SIZE = 10 * MIB
"""The driver's default `chunksize`."""

EXPLAINED = """\
One SeaweedFS, one process a contender, in turn, another first each round: medians of {rounds}.
ours/it: how many times as fast as it we are, the median of the rounds, and their range.
All sign the payload (HTTP), and add checksums only when required. Parts: {parts} MiB."""


def measure(*, rounds: int, count: int, size: int, stream: int) -> None:
    """Print all figures; sizes in bytes, `count` calls a round."""
    with ExitStack() as stack:
        store = stack.enter_context(SeaweedFS())
        place = Place(
            store.endpoint,
            store.bucket,
            store.region,
            store.access_key,
            store.secret_key,
            PART_SIZE,
        )
        contenders = dict(_contenders(stack, place))
        click.echo(EXPLAINED.format(rounds=rounds, parts=PART_SIZE // MIB))
        click.echo("; ".join(contender.version for contender in contenders.values()))
        _fill(contenders["boto3"], size)
        for threads in (1, 8):
            for one in races.small(count, threads):
                _print(one, contenders, rounds)
        if _fits((rounds + 1) * races.WRITERS * size):
            for one in races.streams(size):
                _print(one, contenders, rounds)
        if stream and _fits(stream):
            click.echo(_memory(place, stream))


def _contenders(stack: ExitStack, place: Place) -> Iterator[tuple[str, Contender]]:
    for name in ("s3mover", "boto3"):
        yield name, stack.enter_context(Contender(name, place))
    try:
        yield "s3fs", stack.enter_context(Contender("s3fs", place, s3fs_python()))
    except ContenderError as error:
        click.echo(f"Without s3fs: {S3FS} could not be installed or did not start ({error})")


def _fill(boto3: Contender, size: int) -> None:
    """Write what is listed and what is read."""
    boto3.take(Job("put", races.FILLED, threads=8))
    boto3.take(Job("write_parts", (races.STREAMED,), size=size))


def _print(one: race.Race, contenders: dict[str, Contender], rounds: int) -> None:
    click.echo()
    for line in race.table(one, race.run(one, contenders, rounds)):
        click.echo(line)


def _fits(wanted: int) -> bool:
    """Tell whether the store can take so many bytes, and say so if not."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < wanted:
        click.echo(f"\nLeft out: it writes {wanted / MIB:,.0f} MiB, {free / MIB:,.0f} are free")
    return free > wanted


def _memory(place: Place, size: int) -> str:
    """Write and read one object, each in a new process; tell its growth beside the bound."""
    grown = {}
    for call in ("write", "read"):
        with Contender("s3mover", place) as contender:
            grown[call] = contender.take(Job(call, ("/memory",), size=size)).grown / MIB
    return (
        f"\nMemory of a stream of {size / MIB:,.0f} MiB, peak above what there was after 1 MiB: "
        f"write {grown['write']:.1f} MiB, read {grown['read']:.1f} MiB; "
        f"the bound, two chunks: {2 * PART_SIZE / MIB:.0f} MiB"
    )
