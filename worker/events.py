"""
Through what the tasks of this process send events: the dispatcher of Celery's consumer.

A child of a forking pool has none, and publishes each of its few events by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from celery import current_app
from celery.signals import worker_init, worker_process_init

from tasks import events


@dataclass(slots=True)
class Direct:
    """What a forked child has instead of a dispatcher; it knows of no change since its start."""

    enabled: bool = False
    hostname: str = ""
    groups: tuple[str, ...] = ()

    def send(self, kind: str, **fields: Any) -> None:
        """Publish an event, on a connection of the pool."""
        with current_app.events.default_dispatcher(hostname=self.hostname) as dispatcher:
            dispatcher.send(kind, **fields)


_of_child = Direct()


def follow(consumer: Any) -> None:
    """Have tasks send events as this consumer does; its dispatcher is another after a reconnect."""
    events.connect(lambda: consumer.event_dispatcher)


def connect() -> None:
    """Have Celery's signals tell what a forked child needs to know."""
    worker_init.connect(_begin)
    worker_process_init.connect(_begin_child)


def _begin(sender: Any, **_: Any) -> None:
    _of_child.enabled = bool(sender.task_events)


def _begin_child(sender: Any, **_: Any) -> None:
    _of_child.hostname = str(sender)
    events.connect(lambda: _of_child)
