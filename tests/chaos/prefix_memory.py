"""What prefix moves take of Redis' memory while they run."""

import threading
from contextlib import suppress
from dataclasses import dataclass

from redis import Redis, RedisError

LOOK = 0.5
PAGE = 1500  # bytes of a page's hash besides its objects
BOUND = 100  # bytes an object in flight


@dataclass(frozen=True)
class Sample:
    """The hashes of pages at one moment."""

    pages: int
    objects: int
    used: int

    @property
    def is_bounded(self) -> bool:
        return self.used <= self.objects * BOUND + self.pages * PAGE


class Memory(threading.Thread):
    """Looks at Redis until `end`; `samples` are of pages, `used` of all of Redis."""

    def __init__(self, url: str) -> None:
        super().__init__(name="memory", daemon=True)
        self.samples: list[Sample] = []
        self.used: list[int] = []
        self._redis: Redis = Redis.from_url(url, decode_responses=True)
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(LOOK):
            with suppress(RedisError):
                self._look()

    def end(self) -> None:
        self._over.set()
        self.join()
        self._redis.close()

    @property
    def worst(self) -> Sample | None:
        """Return the sample with the most bytes an object, of those with many objects."""
        many = [each for each in self.samples if each.objects >= 1000]
        return max(many, key=lambda each: each.used / each.objects, default=None)

    def _look(self) -> None:
        keys = list(self._redis.scan_iter("s3mover:page:*", count=1000))
        pipe = self._redis.pipeline(transaction=False)
        for key in keys:
            pipe.hget(key, "count")
            pipe.memory_usage(key)
        answers = pipe.execute()
        pairs = zip(answers[::2], answers[1::2], strict=True)
        found = [(int(count or 0), used) for count, used in pairs if used]
        self.used.append(int(self._redis.info("memory")["used_memory"]))
        if found:
            counts, used = zip(*found, strict=True)
            self.samples.append(Sample(len(found), sum(counts), sum(used)))
