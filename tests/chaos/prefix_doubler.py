"""Some messages come twice, whatever happens to Redis meanwhile."""

import threading
import time
from random import Random

from redis import Redis, RedisError

from s3mover.contract import CONTROL_QUEUE, PARTS_QUEUE
from tests.process.doubler import words_of


class PartialDoubler(threading.Thread):
    """
    Sends a share of the messages once more until `end`.

    Not those of retries: each of their doubles would have doubles of its own.
    """

    def __init__(self, url: str, share: float, seed: int) -> None:
        super().__init__(name="doubler", daemon=True)
        self.doubled = 0
        self._redis: Redis = Redis.from_url(url, decode_responses=True)
        self._share = share
        self._chance = Random(seed)  # noqa: S311  no secret
        self._sent: set[int] = set()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._watch()
            except (RedisError, OSError):
                time.sleep(0.2)

    def end(self) -> None:
        self._over.set()
        while self.is_alive():  # MONITOR sees it only while it listens
            try:
                self._redis.echo("over")
            except RedisError:
                time.sleep(0.2)
            self.join(0.2)
        self._redis.close()

    def _watch(self) -> None:
        with self._redis.monitor() as monitor:  # type: ignore[no-untyped-call]  # its stub has no types
            while not self._over.is_set():
                line = str(monitor.connection.read_response())
                if '"LPUSH" "' not in line[:80]:  # to undo the escapes of all is work
                    continue
                words = words_of(line)
                if words[0] == "LPUSH" and words[1] in {CONTROL_QUEUE, PARTS_QUEUE}:
                    self._see(*words[1:3])

    def _see(self, queue: str, message: str) -> None:
        found = hash(message)
        if found in self._sent:  # it is the double
            self._sent.discard(found)
        elif '"retries": 0' in message and self._chance.random() < self._share:
            self._sent.add(found)
            self.doubled += 1
            self._redis.lpush(queue, message)
