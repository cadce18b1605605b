"""
A second file, `<S3MOVER_HEALTH_FILE>.alive`: old only when to start the worker anew would help.

The first one goes stale while Redis is away, and a fleet that is restarted then loses all that it
is copying. This one is touched by a thread of its own, through any outage; it is left alone when
the process is stopped, or when the worker is silent for long while Redis does answer.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from celery.signals import heartbeat_sent, worker_init, worker_shutdown, worker_shutting_down
from redis.exceptions import RedisError

from s3mover import journal
from tasks import deployment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Seconds: between two touches, and of a silence that has no excuse. A worker that reconnects is
# silent for half a minute at most (celery/worker/consumer `conn_errors`, 5.7, read 2026-11).
EVERY, LONGEST = 2.0, 180.0


@dataclass
class Pulse:
    """Decides whether the worker lives, from its heartbeats and from whether Redis answers."""

    answers: Callable[[], bool]
    """Whether Redis is there; asked when the worker is silent."""

    excused: float = field(default_factory=time.monotonic)
    """When the worker was last heard of, or could not be because Redis was away."""

    stopping: bool = False

    def heard(self) -> None:
        self.excused = time.monotonic()

    def is_alive(self) -> bool:
        now = time.monotonic()
        if self.stopping:  # it hears no more messages, and its last copies may take long
            return True
        if now - self.excused > LONGEST / 3 and not self.answers():
            self.excused = now
        return now - self.excused < LONGEST


class Watch:
    """Touches the file from a thread of its own, as long as there is a pulse."""

    def __init__(self, path: Path, pulse: Pulse) -> None:
        self.path, self.pulse = path, pulse
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alive", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(EVERY)
        self.path.unlink(missing_ok=True)

    def _run(self) -> None:
        while True:
            if self.pulse.is_alive():
                with suppress(OSError):  # a full disk, say; the thread outlives it
                    self.path.touch()
            if self._over.wait(EVERY):
                return


_watches: list[Watch] = []  # one at most: a worker is a process


def connect() -> None:
    """Have Celery's signals start and end the watch."""
    worker_init.connect(start)
    heartbeat_sent.connect(hear)
    worker_shutting_down.connect(let_stop)
    worker_shutdown.connect(stop)


def start(**_: Any) -> None:
    path = deployment.settings().health_file
    if path is not None:
        watch = Watch(path.with_name(f"{path.name}.alive"), Pulse(redis_answers))
        _watches[:] = [watch]
        watch.start()


def hear(**_: Any) -> None:
    for watch in _watches:
        watch.pulse.heard()


def let_stop(**_: Any) -> None:
    for watch in _watches:
        watch.pulse.stopping = True


def stop(**_: Any) -> None:
    while _watches:
        _watches.pop().stop()


def redis_answers() -> bool:
    """Ask once, on a connection of its own: the worker's may be what hangs."""
    url = deployment.settings().broker_url.get_secret_value()
    redis = journal.connect(url, socket_connect_timeout=5, socket_timeout=5)
    try:
        return bool(redis.ping())
    except RedisError:
        return False
    finally:
        redis.close()
