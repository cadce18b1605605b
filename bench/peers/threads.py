"""A prefix by a bare boto3 thread pool in one process: what there is to lose to a fleet."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig

from bench.bare import Run, client, cpu

if TYPE_CHECKING:
    from concurrent.futures import Future

    from types_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Job:
    """One prefix and where it goes; objects above `part` are copied in parts of it."""

    endpoint: str
    bucket: str
    source: str
    target: str
    threads: int
    part: int = 0


def move(job: Job) -> Run:
    """List, copy each object in a thread as soon as it is listed, delete page by page."""
    s3, before, begun = client(job.endpoint, 2 * job.threads), cpu(), time.monotonic()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=job.bucket, Prefix=job.source)
    with ThreadPoolExecutor(job.threads) as pool:
        copying = [
            [(found, pool.submit(copy, s3, job, found)) for found in page.get("Contents", ())]
            for page in pages
        ]
        for page in copying:
            delete(s3, job, page)
    return Run(time.monotonic() - begun, cpu() - before)


def copy(s3: S3Client, job: Job, found: Any) -> None:
    """Copy one object, held to the ETag that was listed."""
    source: Any = {"Bucket": job.bucket, "Key": found["Key"]}
    target = job.target + found["Key"].removeprefix(job.source)
    if job.part and found["Size"] > job.part:
        parts = TransferConfig(job.part, job.threads, job.part)
        s3.copy(source, job.bucket, target, Config=parts)
        return
    s3.copy_object(
        Bucket=job.bucket, Key=target, CopySource=source, CopySourceIfMatch=found["ETag"]
    )


def delete(s3: S3Client, job: Job, page: list[tuple[Any, Future[None]]]) -> None:
    """Delete what a page has listed, once all of it is copied."""
    for _, copied in page:
        copied.result()
    named: Any = [{"Key": found["Key"], "ETag": found["ETag"]} for found, _ in page]
    s3.delete_objects(Bucket=job.bucket, Delete={"Objects": named, "Quiet": True})


if __name__ == "__main__":
    print(json.dumps(asdict(move(Job(**json.loads(sys.argv[1]))))))
