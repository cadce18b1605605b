"""A proxy in front of an S3 that watches every request and spoils those a test names.

Bytes are passed on as they come; the Host header too, since SigV4 signs it.
"""

import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from tests.process.s3_connection import Connection
from tests.process.s3_request import S3Request
from tests.process.s3_rule import Rule
from tests.process.serving import Serving


class S3Gateway(Serving):
    """
    A context in which `endpoint` is the S3 at `target`, seen through the gateway.

    `spoil` chooses what happens to the requests that no rule names, one after another.
    """

    def __init__(
        self, target: str, spoil: Callable[[S3Request], Rule | None] = lambda _: None
    ) -> None:
        url = urlsplit(target)
        self.target = (url.hostname or "", url.port or 80)
        self._lock = threading.RLock()  # a rule's condition looks at the requests
        self._serials = itertools.count()
        self._requests: dict[int, S3Request] = {}
        self._rules: list[Rule] = []
        self._spoil = spoil
        super().__init__(functools.partial(Connection, self))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def seen(self, operation: str | None = None, *, key: str | None = None) -> list[S3Request]:
        """All requests so far, in the order of their arrival, or those of one kind."""
        with self._lock:
            requests = list(self._requests.values())
        of_operation = [r for r in requests if operation in (None, r.operation)]
        return [r for r in of_operation if key in (None, r.key)]

    def peak(self, operation: str | None = None, *, key: str | None = None) -> int:
        """How many requests of that kind were in flight at once, at most."""
        return peak_in_flight(self.seen(operation, key=key))

    def in_flight(self, operation: str | None = None, *, key: str | None = None) -> int:
        """How many requests of that kind are in flight now, one that just came included."""
        return sum(request.end is None for request in self.seen(operation, key=key))

    def when(
        self,
        operation: str | None = None,
        *,
        key: str | None = None,
        part: int | None = None,
        times: int | None = None,
    ) -> Rule:
        """Name requests (all of them, or the first `times`); then say what happens to them."""
        rule = Rule(operation, key, part, times)
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Forget all rules and all requests."""
        with self._lock:
            self._rules.clear()
            self._requests.clear()

    def forget_ended(self) -> int:
        """Forget the requests that have ended, of a run of very many; count them."""
        with self._lock:
            ended = [serial for serial, request in self._requests.items() if request.end]
            for serial in ended:
                del self._requests[serial]
        return len(ended)

    def begin(self, request: S3Request) -> tuple[int, Rule]:
        """Record a request, and choose the first rule that matches it."""
        with self._lock:
            serial = next(self._serials)
            self._requests[serial] = request
            named = next((r for r in self._rules if r.matches(request)), None)
            rule = named or self._spoil(request) or Rule()
            rule.hit()
            return serial, rule

    def end(self, serial: int, status: int | None) -> None:
        """Record how a request ended; the first word on it counts."""
        with self._lock:
            request = self._requests.get(serial)
            if request is not None and request.end is None:
                ended = replace(request, end=time.monotonic(), status=status)
                self._requests[serial] = ended


def peak_in_flight(requests: Iterable[S3Request]) -> int:
    """Count the most requests at one moment; those without an end are still running."""
    starts = [(r.start, 1) for r in requests]
    ends = [(r.end, -1) for r in requests if r.end is not None]
    return max(itertools.accumulate(step for _, step in sorted(starts + ends)), default=0)
