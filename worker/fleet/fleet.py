"""A whole deployment on one machine: Valkey, S3, workers and beat."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.fleet.seaweedfs import SeaweedFS
from worker.fleet.server import Server, clean_environment
from worker.fleet.valkey import Valkey
from worker.fleet.workers import Beat, Worker


class Fleet:
    """A context in which all parts run; leaving it ends them all and removes their data.

    A server that is given must run already, and is left running. `endpoint` is where workers
    reach S3, if not at `seaweedfs` itself (a proxy). `settings` are named as in
    `{"part_lease": 3, "s3_chunksize": 5 << 20}`; `variables` are others of the environment.
    With `events` workers send those that Flower lives on.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        threads: int = 32,
        beat: bool = True,
        events: bool = False,
        valkey: Valkey | None = None,
        seaweedfs: SeaweedFS | None = None,
        endpoint: str | None = None,
        settings: Mapping[str, object] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="s3mover-fleet-"))
        self.valkey = valkey or Valkey(self.directory / "valkey")
        self.seaweedfs = seaweedfs or SeaweedFS(self.directory / "seaweedfs")
        self.workers: list[Worker] = []
        self.beat: Beat | None = None
        self._own_servers: list[Server] = [] if valkey else [self.valkey]
        self._own_servers += [] if seaweedfs else [self.seaweedfs]
        self._plan = workers, beat
        self._threads = threads
        self._events = events
        self._endpoint = endpoint
        self._settings = dict(settings or {})
        self._variables = dict(variables or {})

    @property
    def environment(self) -> dict[str, str]:
        """The `S3MOVER_*` variables that every process of this fleet is given."""
        own: dict[str, object] = {
            "broker_url": self.valkey.url,
            "s3_region": self.seaweedfs.region,
            "s3_regionendpoint": self._endpoint or self.seaweedfs.endpoint,
            "s3_bucket": self.seaweedfs.bucket,
            "s3_accesskey": self.seaweedfs.access_key,
            "s3_secretkey": self.seaweedfs.secret_key,
        }
        return {f"S3MOVER_{k.upper()}": str(v) for k, v in (own | self._settings).items()}

    def add_worker(
        self, *, threads: int | None = None, queues: Sequence[str] | None = None
    ) -> Worker:
        """Start one more worker and wait until it is ready."""
        worker = self._launch_worker(threads, queues)
        worker.wait_until_ready()
        return worker

    def start(self) -> None:
        """Start all parts; when one cannot, end those that did."""
        try:
            for server in self._own_servers:
                server.start()
            workers, beat = self._plan
            launched = [self._launch_worker() for _ in range(workers)]
            for worker in launched:
                worker.wait_until_ready()
            if beat:
                self.beat = Beat(self._child_environment(), log_dir=self.directory)
                self.beat.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all parts at once and remove their data, which nobody will miss."""
        for child in [self.beat, *self.workers, *reversed(self._own_servers)]:
            if child is not None:
                child.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch_worker(
        self, threads: int | None = None, queues: Sequence[str] | None = None
    ) -> Worker:
        worker = Worker(
            f"worker-{len(self.workers) + 1}",
            self._child_environment(),
            log_dir=self.directory,
            threads=threads or self._threads,
            queues=queues,
            events=self._events,
        )
        self.workers.append(worker)
        worker.launch()
        return worker

    def _child_environment(self) -> dict[str, str]:
        # No secrets but its own either: /run/secrets may hold somebody's settings.
        own = {"S3MOVER_SECRETS_DIR": str(self.directory)} | self.environment
        return clean_environment() | self._variables | own
