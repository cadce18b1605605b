"""A fleet behind a gateway, and a test's own view of the objects that it moves."""

import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from redis import Redis
from types_boto3_s3 import S3Client

from s3mover import Mover, MoveRecord, State, StillRunning
from tests.process.s3_gateway import S3Gateway
from tests.process.s3_request import S3Request
from worker.fleet import Fleet, SeaweedFS

PART = 5 << 20
OLD = b"what the destination held before"
VERSIONED = "s3mover-versioned"
READS = {"HeadObject", "GetObjectTagging", "ListParts", "ListMultipartUploads"}

# Recovery takes seconds instead of minutes; the smallest parts, and two of them do already.
QUICK: Mapping[str, object] = {
    "part_lease": 2,
    "visibility_timeout": 4,
    "sweep_grace": 6,
    "sweep_interval": 2,
    "s3_multipartcopychunksize": PART,
    "s3_multipartcopythresholdsize": PART,
}


@dataclass(frozen=True)
class Goods:
    """An object to move: its keys, which no other test uses, and its bytes."""

    bucket: str
    source: str
    destination: str
    body: bytes

    @property
    def keys(self) -> tuple[str, str]:
        return self.source, self.destination


class Rig:
    """A context in which a fleet moves objects; `options` are those of `Fleet`."""

    def __init__(
        self,
        seaweedfs: SeaweedFS,
        *,
        settings: Mapping[str, object] | None = None,
        **options: Any,
    ) -> None:
        self._ends = ExitStack()
        self.gateway = S3Gateway(seaweedfs.endpoint)
        self.fleet = Fleet(
            seaweedfs=seaweedfs,
            endpoint=self.gateway.endpoint,
            settings={**QUICK, "buckets": f"{seaweedfs.bucket},{VERSIONED}", **(settings or {})},
            **options,
        )
        self.s3 = _client(seaweedfs)
        self.bucket = seaweedfs.bucket

    def __enter__(self) -> Self:
        with self._ends as ends:
            ends.callback(self.s3.close)
            ends.enter_context(self.gateway)
            ends.enter_context(self.fleet)
            self.mover = Mover(self.fleet.valkey.url)
            self.redis: Redis = Redis.from_url(self.fleet.valkey.url, decode_responses=True)
            ends.callback(self.redis.close)
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def revive(self) -> None:
        """Start the workers that a test has ended."""
        ended = [worker for worker in self.fleet.workers if not worker.running]
        for worker in ended:
            worker.launch()
        for worker in ended:
            worker.wait_until_ready()

    def versioned(self) -> str:
        """Return the bucket that keeps versions; other modules' tests may have made it."""
        if VERSIONED not in {each["Name"] for each in self.s3.list_buckets()["Buckets"]}:
            self.s3.create_bucket(Bucket=VERSIONED)
        kept: Any = {"Status": "Enabled"}
        self.s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration=kept)
        return VERSIONED

    def put(self, parts: int = 0, *, bucket: str | None = None, old: bytes | None = OLD) -> Goods:
        """Write an object of so many parts, the last of one byte; 0 parts is a small one."""
        size = (parts - 1) * PART + 1 if parts else 100
        name = uuid.uuid4().hex
        bucket = bucket or self.bucket
        goods = Goods(bucket, f"{name}/source", f"{name}/destination", os.urandom(size))
        self.s3.put_object(Bucket=bucket, Key=goods.source, Body=goods.body)
        if old is not None:
            self.s3.put_object(Bucket=bucket, Key=goods.destination, Body=old)
        return goods

    def move(self, goods: Goods, **options: Any) -> str:
        place = f"s3://{goods.bucket}/"
        return self.mover.move(place + goods.source, place + goods.destination, **options)

    def wait(self, move_id: str, timeout: float = 40) -> MoveRecord:
        """Return the record of the move when it has ended; the workers' logs when it does not."""
        try:
            return self.mover.wait(move_id, timeout)
        except StillRunning as error:
            error.add_note(f"{self.mover.status(move_id)!r}")
            for worker in self.fleet.workers:
                error.add_note(f"{worker.name}: {worker.log[-6000:]}")
            raise

    def read(self, goods: Goods, key: str) -> bytes | None:
        """Return the bytes under a key, None if there are none."""
        try:
            return self.s3.get_object(Bucket=goods.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None

    def uploads(self, goods: Goods) -> list[str]:
        """Return the ids of the uploads that were neither completed nor aborted."""
        answer = self.s3.list_multipart_uploads(Bucket=goods.bucket, Prefix=goods.destination)
        return [upload["UploadId"] for upload in answer.get("Uploads", [])]

    def copies(self, goods: Goods) -> list[S3Request]:
        """Return the part copies that S3 was asked for."""
        return self.gateway.seen("UploadPartCopy", key=goods.destination)

    def effects(self, goods: Goods) -> Counter[str]:
        """Count the requests of a move that change something."""
        seen = [request for key in goods.keys for request in self.gateway.seen(key=key)]
        return Counter(request.operation for request in seen if request.operation not in READS)

    def assert_moved(self, goods: Goods, record: MoveRecord) -> None:
        """Check that the object is at its destination, and only there, whole and proven."""
        assert (record.state, record.error) == (State.DONE, None)
        assert self.read(goods, goods.destination) == goods.body
        assert self.read(goods, goods.source) is None
        assert self.uploads(goods) == []
        assert record.evidence is not None

    def assert_untouched(self, goods: Goods, *, old: bytes | None = OLD) -> None:
        """Check that all is as it was before the move."""
        assert self.read(goods, goods.source) == goods.body
        assert self.read(goods, goods.destination) == old
        assert self.uploads(goods) == []


def until(condition: Callable[[], object], timeout: float = 60.0) -> None:
    """Block until the condition holds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout:g} s"
        time.sleep(0.02)


def _client(server: SeaweedFS) -> S3Client:
    """Return the test's own way to S3, past the gateway."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=server.region,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(s3={"addressing_style": "path"}),
    )
