"""`make demo`: a private Redis, a private S3 and two workers move real objects, and show it."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

import config
import driver
from s3mover import Mover
from worker.fleet import Fleet
from worker.staying import pages, stay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_s3 import S3Client

    from s3mover import MoveRecord

MIB = 1024**2
SIZES = (256 * MIB, *(1024 * (n + 1) for n in range(20)))
SETTINGS = {
    "s3_multipartcopychunksize": 8 * MIB,
    "s3_multipartcopymaxconcurrency": 8,
    # A worker that is killed is got over in seconds; the defaults suit requests of minutes.
    "part_lease": 3,
    "visibility_timeout": 6,
    "sweep_grace": 9,
    "sweep_interval": 3,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """An object to move: where from, where to, and what its bytes hash to."""

    key: str
    target: str
    size: int
    sha256: str


def main() -> int:
    """Run the demo; returns its exit code."""
    console = Console()
    console.print("[bold]s3mover[/bold]: starting Valkey, SeaweedFS (S3) and two workers …")
    try:
        if os.environ.get("KEEP", "0") in {"", "0"}:
            with Fleet(workers=2, settings=SETTINGS) as fleet:
                return show(console, fleet)
        with Fleet(workers=2, events=True, settings=SETTINGS) as fleet, pages(console, fleet):
            show(console, fleet)
            stay(console)
            return 0
    except KeyboardInterrupt:
        console.print("\nstopped; everything that was started has ended")
        return 130


def show(console: Console, fleet: Fleet) -> int:
    """Create objects, move them and prove where they are."""
    settings = config.load(fleet.environment)
    s3, bucket = driver.make_client(settings.s3), settings.s3.bucket
    console.print(f"creating {len(SIZES)} objects of random bytes, one of 256 MiB …")
    samples = [create(s3, bucket, number, size) for number, size in enumerate(SIZES)]
    mover = Mover(fleet.valkey.url)
    begun = time.monotonic()
    ids = [
        mover.move(f"s3://{bucket}/{sample.key}", f"s3://{bucket}/{sample.target}")
        for sample in samples
    ]
    records = watch(console, mover, ids)
    seconds = time.monotonic() - begun
    wrong = [sample for sample in samples if not is_moved(s3, bucket, sample)]
    report(console, records, seconds, wrong)
    return 1 if wrong else 0


def create(s3: S3Client, bucket: str, number: int, size: int) -> Sample:
    """Put an object of random bytes."""
    body = os.urandom(size)
    key = f"inbox/object-{number:02}"
    s3.put_object(Bucket=bucket, Key=key, Body=body, ChecksumAlgorithm="CRC32")
    return Sample(key, f"archive/object-{number:02}", size, hashlib.sha256(body).hexdigest())


def watch(console: Console, mover: Mover, ids: Sequence[str]) -> list[MoveRecord]:
    """Show live progress until every move has ended; return their records."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(40),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        large = progress.add_task("256 MiB in parts", total=SIZES[0])
        small = progress.add_task("20 small objects", total=sum(SIZES[1:]))
        while True:
            records = [mover.status(move_id) for move_id in ids]
            progress.update(large, completed=records[0].bytes_done)
            progress.update(small, completed=sum(record.bytes_done for record in records[1:]))
            if all(record.state.final for record in records):
                return records
            time.sleep(0.1)


def is_moved(s3: S3Client, bucket: str, sample: Sample) -> bool:
    """Read the destination back and compare its SHA-256; the source has to be gone."""
    digest = hashlib.sha256()
    try:
        for block in s3.get_object(Bucket=bucket, Key=sample.target)["Body"].iter_chunks(MIB):
            digest.update(block)
    except s3.exceptions.NoSuchKey:
        return False
    left = s3.list_objects_v2(Bucket=bucket, Prefix=sample.key)["KeyCount"]
    return digest.hexdigest() == sample.sha256 and not left


def report(
    console: Console, records: Sequence[MoveRecord], seconds: float, wrong: Sequence[Sample]
) -> None:
    """Say what happened."""
    large = records[0]
    verified = sorted({record.evidence.kind for record in records if record.evidence})
    table = Table(show_header=False, box=None)
    table.add_row("moves", f"{sum(r.state == 'done' for r in records)} of {len(records)} done")
    table.add_row("seconds", f"{seconds:.1f}, from the first enqueue to the last record")
    table.add_row(
        "parts", f"{large.parts_done} of {large.part_size or 0:,} bytes, at most 8 at once"
    )
    carried = ", ".join(f"{name} {count}" for name, count in sorted(large.workers.items()))
    table.add_row("carried by", carried)
    table.add_row("verified by", f"{', '.join(verified)} before each delete")
    if large.evidence:
        table.add_row("", f"256 MiB: {large.evidence.detail}")
    table.add_row("sources", f"deleted: {large.deletion}")
    table.add_row("read back", f"{len(records) - len(wrong)} of {len(records)} SHA-256 equal")
    console.print(table)
    for record in records:
        if record.error:
            console.print(f"[red]{record.source}: {record.error.message}")
    for sample in wrong:
        console.print(f"[red]not moved, or changed: {sample.key}")


if __name__ == "__main__":
    sys.exit(main())
