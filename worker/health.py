"""
A file that says the worker is alive: touched when it is ready and with each heartbeat.

It goes stale while Redis is away, so it fits a readiness check, not a quick restart.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from celery.signals import heartbeat_sent, worker_init, worker_ready, worker_shutdown

from tasks import deployment

if TYPE_CHECKING:
    from pathlib import Path


def connect() -> None:
    """Have Celery's signals keep the file."""
    worker_init.connect(check)
    worker_ready.connect(touch)
    heartbeat_sent.connect(touch)
    worker_shutdown.connect(remove)


def check(**_: Any) -> None:
    """End a worker at its start whose file cannot be written: it would never be ready."""
    path = _path()
    try:
        if path is not None:
            path.touch()
            path.unlink()
    except OSError as error:
        sys.stderr.write(f"S3MOVER_HEALTH_FILE: cannot write {path}: {error.strerror}\n")
        raise SystemExit(2) from None


def touch(**_: Any) -> None:
    path = _path()
    if path is not None:
        path.touch()


def remove(**_: Any) -> None:
    path = _path()
    if path is not None:
        path.unlink(missing_ok=True)


def _path() -> Path | None:
    return deployment.settings().health_file
