"""Hears the events of a fleet, as Flower does."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from celery import Celery
from celery.events import EventReceiver
from celery.events.state import State

from tests.process.rig import until

Heard = dict[str, Any]


class Listener(EventReceiver):
    """What workers have told, in the order it came, and the rows that Flower makes of it."""

    def __init__(self, url: str) -> None:
        self.celery = Celery(broker=url, set_as_current=False)
        super().__init__(
            self.celery.connection_for_read(), handlers={"*": self.hear}, app=self.celery
        )
        self.heard: list[Heard] = []
        self.rows: Any = State()
        self.ready = Event()

    def on_consume_ready(self, *_: Any, **__: Any) -> None:
        self.ready.set()

    def hear(self, event: Heard) -> None:
        self.heard.append(event)
        self.rows.event(event)

    def of(self, task_id: str) -> list[Heard]:
        """Return the events of a task."""
        return [event for event in self.heard if event.get("uuid") == task_id]

    def types(self, task_id: str) -> list[str]:
        return [event["type"] for event in self.of(task_id)]

    def row(self, task_id: str) -> Any:
        return self.rows.tasks[task_id]

    def wait_for(self, task_id: str, state: str) -> list[Heard]:
        """Return the events of a task when its row is in this state."""

        def is_there() -> bool:
            return task_id in self.rows.tasks and self.row(task_id).state == state

        until(is_there, timeout=20)
        return self.of(task_id)


@contextmanager
def listening(url: str) -> Iterator[Listener]:
    """Hear all events from now on."""
    listener = Listener(url)
    thread = Thread(target=listener.capture, kwargs={"wakeup": False})
    thread.start()
    try:
        assert listener.ready.wait(10)
        yield listener
    finally:
        listener.should_stop = True
        thread.join(10)
        listener.connection.release()
        listener.celery.close()
