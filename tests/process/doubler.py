"""Delivers every message of the queues twice."""

import ast
import re
import threading
import uuid
from types import TracebackType
from typing import Self

from redis import Redis

from s3mover.contract import CONTROL_QUEUE, PARTS_QUEUE

WORD = re.compile(r'"(?:[^"\\]|\\.)*"')  # how MONITOR quotes


class Doubler:
    """A context in which each message that enters a queue enters it once more."""

    def __init__(self, redis: Redis) -> None:
        self.doubled: set[str] = set()
        self._redis = redis
        self._end = uuid.uuid4().hex
        self._watching = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="doubler")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._watching.wait(10), "Redis does not answer MONITOR"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._redis.echo(self._end)
        self._thread.join()

    def _watch(self) -> None:
        with self._redis.monitor() as monitor:  # type: ignore[no-untyped-call]  # its stub has no types
            self._watching.set()
            while (words := words_of(str(monitor.connection.read_response())))[-1] != self._end:
                self._see(words)

    def _see(self, words: list[str]) -> None:
        if words[0] != "LPUSH" or words[1] not in {CONTROL_QUEUE, PARTS_QUEUE}:
            return
        _, queue, *messages = words
        for message in messages:
            if message not in self.doubled:  # else it is the double
                self.doubled.add(message)
                self._redis.lpush(queue, message)


def words_of(line: str) -> list[str]:
    """Return the words of a command as MONITOR shows it; redis-py does not undo its escapes."""
    return [ast.literal_eval(word) for word in WORD.findall(line)]
