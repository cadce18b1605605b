"""What a worker logs: a line a move, from `tasks.ending`, instead of two a part."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import after_setup_logger

# "Task … received" and "Task … succeeded"; failures are logged above this level.
_EACH_TASK = ("celery.worker.strategy", "celery.app.trace")


def connect() -> None:
    """Have Celery quieten these loggers, unless it was asked for DEBUG."""
    after_setup_logger.connect(quieten)


def quieten(loglevel: int = logging.INFO, **_: Any) -> None:
    if loglevel > logging.DEBUG:
        for name in _EACH_TASK:
            logging.getLogger(name).setLevel(logging.WARNING)
