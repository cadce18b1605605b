"""All the processes of a run: Valkey, SeaweedFS behind a gateway, workers and beat."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import boto3
from botocore.config import Config
from redis import Redis

from bench.model.process import ModelS3
from bench.model.timing import Timing
from s3mover import Mover
from tests.process.rig import QUICK
from tests.process.s3_gateway import S3Gateway
from worker.fleet import Fleet, SeaweedFS, Valkey, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

    from tests.process.s3_request import S3Request
    from tests.process.s3_rule import Rule

THREADS = 16
CAP = 8  # part copies of one move at once, so that windows slide


class Stage:
    """A context in which all of them run; `keep` leaves their directories behind."""

    def __init__(
        self,
        workers: int,
        spoil: "Callable[[S3Request], Rule | None]",
        *,
        keep: bool = False,
        is_modelled: bool = False,
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="s3mover-chaos-"))
        self._workers = workers
        self._spoil = spoil
        self._keep = keep
        self._is_modelled = is_modelled
        self.model: ModelS3 | None = None
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        with self._ends as ends:
            ends.callback(self._remove)
            self.valkey = ends.enter_context(Valkey(self.directory / "valkey"))
            self.seaweedfs = self._serve(ends)
            self.gateway = ends.enter_context(S3Gateway(self.seaweedfs.endpoint, self._spoil))
            self.s3 = _client(self.seaweedfs)
            ends.callback(self.s3.close)
            self.fleet = ends.enter_context(self._fleet())
            ends.callback(self._keep_logs)
            self.mover = Mover(self.valkey.url)
            self.redis: Redis = Redis.from_url(self.valkey.url, decode_responses=True)
            ends.callback(self.redis.close)
            for number in range(self._workers):
                self._hire(number)
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    @property
    def workers(self) -> list[Worker]:
        return self.fleet.workers

    def _serve(self, ends: ExitStack) -> SeaweedFS:
        """Start the S3, or its model, which is a server like it."""
        if not self._is_modelled:
            return ends.enter_context(SeaweedFS(self.directory / "seaweedfs"))
        self.model = ends.enter_context(ModelS3(Timing(bandwidth=500e6)))
        return cast("SeaweedFS", self.model)

    def _fleet(self) -> Fleet:
        return Fleet(
            workers=0,
            valkey=self.valkey,
            seaweedfs=self.seaweedfs,
            endpoint=self.gateway.endpoint,
            settings={**QUICK, "s3_multipartcopymaxconcurrency": CAP},
        )

    def _hire(self, number: int) -> None:
        """Start a worker whose requests the gateway can tell from the others'."""
        named = {"S3MOVER_S3_USERAGENT": agent(number)}
        worker = Worker(
            f"worker-{number}",
            {**self.fleet._child_environment(), **named},
            log_dir=self.fleet.directory,
            threads=THREADS,
        )
        self.workers.append(worker)
        worker.start()

    def _keep_logs(self) -> None:
        if self._keep:
            shutil.copytree(self.fleet.directory, self.directory / "workers")

    def _remove(self) -> None:
        if not self._keep:
            shutil.rmtree(self.directory, ignore_errors=True)


def agent(number: int) -> str:
    """Return what the user agent of a worker holds."""
    return f"chaos-worker-{number};"


def _client(server: SeaweedFS) -> "S3Client":
    """Return the harness's own way to S3, past the gateway."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=server.region,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(s3={"addressing_style": "path"}, max_pool_connections=128),
    )
