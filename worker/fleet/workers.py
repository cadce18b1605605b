"""The Celery processes of the fleet: workers and beat, each as an operator would start it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from worker.fleet.child import Child

ROOT = Path(__file__).parents[2]
CELERY = [sys.executable, "-m", "celery", "-A", "worker"]
# Asking the other workers for their state costs each start a second, and nothing here uses it.
QUICK = ["--without-mingle", "--without-gossip"]


def _importable() -> dict[str, str]:
    # Not started in the checkout: a `.env` there is the user's, and none of this fleet's.
    return {"PYTHONPATH": str(ROOT)}


class Worker(Child):
    """One worker process, ready once it has written its health file."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        *,
        log_dir: Path,
        threads: int = 32,
        queues: Sequence[str] | None = None,
        events: bool = False,
    ) -> None:
        self.health_file = log_dir / f"{name}.health"
        own = {"S3MOVER_CONCURRENCY": str(threads), "S3MOVER_HEALTH_FILE": str(self.health_file)}
        super().__init__(name, log_dir, {**environment, **_importable(), **own})
        self.queues = queues
        self.events = events
        self.cwd = log_dir

    def command(self) -> list[str]:
        more = [f"--queues={','.join(self.queues)}"] if self.queues else []
        more += ["-E"] if self.events else []
        return [*CELERY, "worker", f"--hostname={self.name}@%h", "--loglevel=INFO", *QUICK, *more]

    def launch(self) -> None:
        self.health_file.unlink(missing_ok=True)
        super().launch()

    def is_ready(self) -> bool:
        return self.health_file.exists()


class Beat(Child):
    """The process that sends the periodic tasks."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log_dir: Path,
        name: str = "beat",
    ) -> None:
        super().__init__(name, log_dir, {**environment, **_importable()})
        self.cwd = log_dir

    def command(self) -> list[str]:
        schedule = self.directory / f"{self.name}.schedule"
        return [*CELERY, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO"]

    def is_ready(self) -> bool:
        """Whether it has opened its schedule, whatever ending the `dbm` at hand gives the file."""
        return any(self.directory.glob(f"{self.name}.schedule*"))
