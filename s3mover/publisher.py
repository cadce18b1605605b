"""Publishing tasks by name, to one broker and without a result."""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu import Connection
from kombu.pools import producers

from s3mover import tracing
from s3mover.broker import read_broker
from s3mover.contract import CONTROL_QUEUE
from s3mover.sentinels import transport_options

# Seconds; the journal has answered just before, so that this rarely matters.
_PATIENCE: dict[str, float] = {"socket_connect_timeout": 1, "socket_timeout": 1}


class Publisher:
    """
    Sends tasks to the broker at a URL, whatever other broker or backend the caller's Celery has.

    Safe to share between threads. Raises kombu's OperationalError when the broker is away.
    """

    def __init__(self, broker_url: str) -> None:
        self._app = _App("s3mover.client", set_as_current=False)
        broker = read_broker(broker_url)
        options = {**_PATIENCE, "max_retries": 0, **transport_options(broker, _PATIENCE)}
        self._connection = Connection(broker.alternatives, transport_options=options)

    def send(self, task: str, task_id: str, **options: Any) -> None:
        # A producer of our own: Celery's would go to CELERY_BROKER_URL if it is set (5.7).
        with producers[self._connection].acquire(block=True) as producer:
            self._app.send_task(
                task,
                task_id=task_id,
                queue=CONTROL_QUEUE,
                ignore_result=True,
                add_to_parent=False,
                retry=False,
                producer=producer,
                headers=tracing.headers(),
                **options,
            )


class _App(Celery):
    # Even an ignored result asks for its backend, and CELERY_RESULT_BACKEND would name one.
    backend_cls = "disabled"
