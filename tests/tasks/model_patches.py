"""What stands between the tasks' real code and the model: the clock, the queue and the chords."""

import importlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from celery import Celery
from redis import Redis

from s3mover.contract import COPY_PART_TASK
from s3mover.scripts import Script
from tasks import chord, deployment
from tests.tasks.model_process import point, running
from tests.tasks.model_world import CLOCK, Agent, Message

NOW = """
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1e6
"""

_registered: dict[Script, Any] = {}
_drop = chord.drop


@contextmanager
def patched(app: Celery) -> Iterator[None]:
    """Let the tasks run in the world of whichever process is running."""
    sweep = importlib.import_module("tasks.sweep")
    multipart = importlib.import_module("driver.multipart")
    together = importlib.import_module("driver.together")
    with ExitStack() as patches:
        for target, name, value in (
            (Script, "__call__", run_on_the_models_clock),
            (chord, "current_app", app),  # Celery's own is another in each thread
            (chord, "start", start),
            (chord, "publish", publish),
            (chord, "message", lambda _: ""),  # so that the queue is the model's
            (chord, "drop", drop),
            (deployment, "current", lambda: agent().here),
            (sweep, "current_app", SimpleNamespace(send_task=send_task)),
            (multipart, "ABORT_PAUSES", (0.0, 0.0)),
            (together, "ThreadPoolExecutor", Inline),  # the model halts one thread a process
        ):
            patches.enter_context(patch.object(target, name, value))
        clock = SimpleNamespace(time=lambda: agent().world.now)
        for name in ("uploads", "plan", "janitor"):
            module = importlib.import_module(f"tasks.{name}")
            patches.enter_context(patch.object(module, "time", clock))
        yield


class Inline(Executor):
    """Does at once what it is given: the second of two requests comes before the first."""

    def __init__(self, *_: Any) -> None:
        pass

    def submit(self, call: Any, /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(call(*args, **named))
        except Exception as error:  # noqa: BLE001  # its caller is told
            done.set_exception(error)
        return done


def agent() -> Agent:
    process = running()
    assert process is not None
    assert isinstance(process.owner, Agent)
    return process.owner


def run_on_the_models_clock(script: Script, redis: Redis, *args: Any) -> Any:
    point(f"script {script._names[-1]}")
    if script not in _registered:
        text = script._read()
        assert NOW in text
        text = text.replace(NOW, f" return tonumber(redis.call('GET', '{CLOCK}')) ")
        _registered[script] = redis.register_script(text)
    return _registered[script](args=args, client=redis)


def start(group: str, size: int, parts: Iterable[int]) -> None:
    point("size of chord")
    agent().world.open_chord(group, size)
    for part in parts:
        publish(group, part)


def publish(group: str, part: int, producer: Any = None) -> None:
    move_id, _, generation = group.rpartition(".")
    send_task(COPY_PART_TASK, (move_id, int(generation), part), task_id=f"{group}.{part}")


def drop(redis: Redis, group: str) -> None:
    point("drop chord")
    _drop(redis, group)
    agent().world.chords.pop(group, None)


def send_task(task: str, args: tuple[Any, ...], task_id: str = "", **_: Any) -> None:
    point(f"publish {task}")
    agent().world.queue.append(Message(task, args, task_id))
