"""CPU of a copy's request in one process: lean, by boto3 as the driver has it, by bare boto3."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import bare
from bench.model import ModelS3, Timing
from config import S3Settings
from driver import make_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

THREADS = (1, 32)
SIZE = 10 * 1024**2
RANGE = f"bytes=0-{SIZE // 2 - 1}"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of this process' CPU a call, by the way that it takes."""

    operation: str
    threads: int
    of: dict[str, float]

    def __str__(self) -> str:
        each = ", ".join(f"{way} {ms:.3f}" for way, ms in self.of.items())
        ratio = self.of["boto3"] / self.of["lean"]
        where = f"{self.operation}, threads: {self.threads}"
        return f"{where:28} CPU ms a call: {each}; boto3 / lean {ratio:.1f}"


def measure(rounds: int, count: int) -> list[Cost]:
    """Ask in turn, `count` times a round, a store that answers at once."""
    free = Timing(bandwidth=1e15, copy_latency=0.0, latency=0.0)
    with ModelS3(free) as model:
        model.put("requests/source", SIZE)
        ways = _clients(model, max(THREADS))
        return [
            _cost(operation, threads, _calls(operation, ways, model), rounds, count)
            for operation in ("CopyObject", "UploadPartCopy")
            for threads in THREADS
        ]


def _clients(model: ModelS3, connections: int) -> dict[str, S3Client]:
    settings = S3Settings(
        regionendpoint=model.endpoint,
        accesskey=model.access_key,
        secretkey=model.secret_key,
        bucket=model.bucket,
    )
    return {
        "lean": make_client(settings, connections, request_path="lean"),
        "boto3": make_client(settings, connections, request_path="boto3"),
        "bare boto3": bare.client(model.endpoint, connections),
    }


def _calls(
    operation: str, clients: dict[str, S3Client], model: ModelS3
) -> dict[str, Callable[[int], Any]]:
    any_client = clients["boto3"]
    etag = any_client.head_object(Bucket=model.bucket, Key="requests/source")["ETag"]
    source: dict[str, Any] = {
        "Bucket": model.bucket,
        "CopySource": {"Bucket": model.bucket, "Key": "requests/source"},
        "CopySourceIfMatch": etag,
    }
    if operation == "CopyObject":
        return {way: _copying(client, source) for way, client in clients.items()}
    where: dict[str, Any] = {"Bucket": model.bucket, "Key": "requests/parts"}
    upload = {"UploadId": any_client.create_multipart_upload(**where)["UploadId"], **where}
    part: dict[str, Any] = {**source, **upload, "CopySourceRange": RANGE}
    return {way: _copying_parts(client, part) for way, client in clients.items()}


def _copying(client: S3Client, source: dict[str, Any]) -> Callable[[int], Any]:
    return lambda number: client.copy_object(**source, Key=f"requests/{number}")


def _copying_parts(client: S3Client, part: dict[str, Any]) -> Callable[[int], Any]:
    return lambda number: client.upload_part_copy(**part, PartNumber=number + 1)


def _cost(
    operation: str, threads: int, calls: dict[str, Callable[[int], Any]], rounds: int, count: int
) -> Cost:
    found: dict[str, list[float]] = {way: [] for way in calls}
    with ThreadPoolExecutor(threads) as pool:
        run = pool.map if threads > 1 else map  # one thread needs no hand-off
        for call in calls.values():  # opens the connections
            list(run(call, range(2 * threads)))
        for _ in range(rounds):
            for way, call in calls.items():
                before = bare.cpu()
                list(run(call, range(count)))
                found[way].append(1000 * (bare.cpu() - before) / count)
    return Cost(operation, threads, {way: median(every) for way, every in found.items()})
