"""What a worker logs: a line a move, from `tasks.ending`, instead of two a part."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import after_setup_logger, after_setup_task_logger, celeryd_init

from tasks import deployment
from worker import subject
from worker.log_formats import JsonFormatter, TextFormatter

# "Task … received" and "Task … succeeded"; failures are logged above this level.
_EACH_TASK = ("celery.worker.strategy", "celery.app.trace")

_worker = ""


def connect() -> None:
    """Have Celery's loggers write as the settings say, and be quiet unless asked for DEBUG."""
    subject.connect()
    celeryd_init.connect(name_worker)
    for signal in (after_setup_logger, after_setup_task_logger):
        signal.connect(reformat)
    after_setup_logger.connect(quieten)


def quieten(loglevel: int = logging.INFO, **_: Any) -> None:
    if loglevel > logging.DEBUG:
        for name in _EACH_TASK:
            logging.getLogger(name).setLevel(logging.WARNING)


def name_worker(sender: str = "", instance: Any = None, **_: Any) -> None:
    """Keep the name of this worker for its lines; what Celery says before them is JSON too."""
    global _worker  # noqa: PLW0603  # a process has one name, told once
    _worker = sender
    if instance is not None and deployment.settings().log_format == "json":
        instance.quiet = True  # its banner is no JSON
        early = logging.StreamHandler()
        early.setFormatter(JsonFormatter(_worker))
        logging.getLogger().addHandler(early)  # until Celery puts its own there
        logging.captureWarnings(capture=True)


def reformat(logger: logging.Logger, **_: Any) -> None:
    """Give each handler of a logger that Celery has set up the format of the settings."""
    as_json = deployment.settings().log_format == "json"
    for handler in logger.handlers:
        inner = handler.formatter or logging.Formatter()
        handler.setFormatter(JsonFormatter(_worker) if as_json else TextFormatter(inner))
