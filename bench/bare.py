"""The same parts by a bare boto3 thread pool in one process: what there is to lose to a fleet."""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Job:
    """One move, as its parts."""

    endpoint: str
    bucket: str
    key: str
    target: str
    size: int
    part_size: int
    threads: int


@dataclass(frozen=True, slots=True)
class Run:
    """What it took: seconds on the clock, and of this process' CPU for the parts alone."""

    seconds: float
    cpu: float


def move(job: Job) -> Run:
    """Copy the parts with threads, complete, and delete the source."""
    s3 = client(job.endpoint, job.threads)
    where: dict[str, Any] = {"Bucket": job.bucket, "Key": job.target}
    warm_up(s3, job)
    begun = time.monotonic()
    etag = s3.head_object(Bucket=job.bucket, Key=job.key)["ETag"]
    where["UploadId"] = s3.create_multipart_upload(**where)["UploadId"]
    numbers = range(1, -(-job.size // job.part_size) + 1)

    def copy(number: int) -> Any:
        first = (number - 1) * job.part_size
        last = min(first + job.part_size, job.size) - 1
        answer = s3.upload_part_copy(
            **where,
            PartNumber=number,
            CopySource={"Bucket": job.bucket, "Key": job.key},
            CopySourceIfMatch=etag,
            CopySourceRange=f"bytes={first}-{last}",
        )
        return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}

    with ThreadPoolExecutor(job.threads) as pool:
        before = cpu()
        parts = list(pool.map(copy, numbers))
        used = cpu() - before
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    s3.delete_object(Bucket=job.bucket, Key=job.key)
    return Run(time.monotonic() - begun, used)


def client(endpoint: str, connections: int) -> S3Client:
    made: S3Client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",  # noqa: S106  # the model checks none
        config=Config(max_pool_connections=connections, s3={"addressing_style": "path"}),
    )
    return made


def warm_up(s3: S3Client, job: Job) -> None:
    """Open the connections, as a fleet that has worked before has them open."""
    with ThreadPoolExecutor(job.threads) as pool:
        list(pool.map(lambda _: s3.head_bucket(Bucket=job.bucket), range(job.threads)))


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(move(Job(**json.loads(sys.argv[1]))))))
