"""What this worker's credentials and network allow in the buckets."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

import driver
from s3mover.contract import DoctorReport, Finding

if TYPE_CHECKING:
    from config import Settings

ATTEMPTS = 2
READ_TIMEOUT = 5.0
"""Seconds: the requests are small, and somebody waits for the answer."""

LONGEST = 30.0
"""Seconds for a bucket, and for what is removed then: the command line waits for 60."""

AT_ONCE = 8
"""Buckets: one that does not answer keeps none waiting."""


def examine(settings: Settings, worker: str) -> DoctorReport:
    """Examine each bucket by harmless requests."""
    until = time.monotonic() + LONGEST
    client = driver.make_client(
        settings.s3,
        attempts=ATTEMPTS,
        read_timeout=READ_TIMEOUT,
        owners=settings.bucket_owners,
        request_path=settings.request_path,
    )

    def findings(bucket: str) -> list[Finding]:
        found = []
        for each in driver.examine(client, settings.s3, bucket):
            found.append(Finding(**asdict(each)))
            if time.monotonic() > until:
                late = "the store answers too slowly"
                others = Finding(check="all others", bucket=bucket, status="skipped", detail=late)
                return [*found, others]
        return found

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(findings, sorted(settings.buckets)))
    finally:
        client.close()
    return DoctorReport(worker=worker, findings=[each for of_one in found for each in of_one])
