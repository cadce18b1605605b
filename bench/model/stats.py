"""What the model counts, so that a benchmark can say what its clients did."""

import time
from collections import Counter
from typing import Any


class Stats:
    """Counts since the start or the last reset."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()  # part copies in flight, by upload
        self._running_now = 0
        self.reset()

    def reset(self) -> None:
        """Count from now on; copies in flight stay in flight."""
        self._requests: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._copied = 0
        self._peak = self._running_now
        self._peaks = dict(self._running)
        self._late_total = self._late_worst = 0.0
        self._cpu = time.process_time()

    def asked(self, operation: str, seconds: float) -> None:
        """Count a request that is to be answered after so many seconds."""
        self._requests[operation] += 1
        self._seconds[operation] += seconds  # type: ignore[assignment]  # Counter takes floats

    def failed(self, code: str) -> None:
        self._errors[code] += 1

    def part_began(self, upload: str) -> None:
        self._running_now += 1
        self._running[upload] += 1
        self._peak = max(self._peak, self._running_now)
        self._peaks[upload] = max(self._peaks.get(upload, 0), self._running[upload])

    def part_ended(self, upload: str) -> None:
        self._running_now -= 1
        self._running[upload] -= 1
        if not self._running[upload]:
            del self._running[upload]

    def copied(self, size: int) -> None:
        self._copied += size

    def late(self, seconds: float) -> None:
        """Record how long after its time an answer left."""
        self._late_total += seconds
        self._late_worst = max(self._late_worst, seconds)

    def as_json(self) -> dict[str, Any]:
        """Return the counts; seconds are modelled, except `late` and `cpu_seconds`."""
        requests = self._requests.total()
        return {
            "requests": self._requests,
            "seconds": self._seconds,
            "errors": self._errors,
            "bytes_copied": self._copied,
            "parts_in_flight": self._running_now,
            "peak_parts": self._peak,
            "peak_parts_by_upload": self._peaks,
            "late": {"mean": self._late_total / max(requests, 1), "worst": self._late_worst},
            "cpu_seconds": time.process_time() - self._cpu,
        }
