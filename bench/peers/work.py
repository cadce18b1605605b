"""What there is to move: one object, or many below a prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.model.timing import Timing

if TYPE_CHECKING:
    from bench.model import ModelS3

KIB, MIB, GIB, TIB = 1024, 1024**2, 1024**3, 1024**4
SOURCE, TARGET = "bench/source", "bench/target"
PAGE = 1000  # keys in an answer of a listing, and in a DeleteObjects


@dataclass(frozen=True, slots=True)
class Work:
    """So many objects of so many bytes; one alone is no prefix."""

    name: str
    sizes: tuple[tuple[int, int], ...]
    """Pairs of a count and the bytes of each."""

    part: int = 0
    """Bytes of a part where a mover may be told."""

    cap: int = 0
    """Parts, or objects, at once where a mover may be told."""

    pace: float = 1.0
    """How many times as fast a stream is as the model's own 35 MB/s; latencies stay."""

    @property
    def is_prefix(self) -> bool:
        return self.count > 1

    @property
    def count(self) -> int:
        return sum(count for count, _ in self.sizes)

    @property
    def size(self) -> int:
        """Bytes of the only object."""
        return self.sizes[0][1]

    @property
    def copies(self) -> int:
        """Copies that it takes with these parts."""
        return sum(count * self._parts(size) for count, size in self.sizes)

    @property
    def each(self) -> int:
        """By what CPU is divided: objects of a prefix, else parts."""
        return self.count if self.is_prefix else self.copies

    @property
    def timing(self) -> Timing:
        return Timing(bandwidth=Timing().bandwidth * self.pace)

    def put(self, model: ModelS3, name: str) -> None:
        """Create the objects of one run; `name` tells runs apart."""
        if not self.is_prefix:
            model.put(f"{SOURCE}/{name}", self.size)
            return
        first = 0
        for count, size in self.sizes:
            model.fill(f"{SOURCE}/{name}/", count, size, first)
            first += count

    def limit(self) -> float:
        """
        Return the seconds below which no mover comes with these parts and `cap` copies at once.

        One object: HEAD, create, waves of parts, complete, delete. A prefix: the first page of
        the listing, the copies, the last DeleteObjects; and the last page cannot be copied before
        all pages before it were answered, nor a large object without create and complete.
        """
        latency = self.timing.latency
        if not self.is_prefix:
            return self._busy() + (4 if self._parts(self.size) > 1 else 2) * latency
        pages = -(-self.count // PAGE)
        last = pages * latency + self._alone(self.sizes[-1][1])
        return max(latency + self._busy(), last) + latency

    def _busy(self) -> float:
        """Return the seconds of `cap` streams that are never idle."""
        if len(self.sizes) == 1:
            waves = -(-self.copies // self.cap)
            return waves * self._of_copy(self.size)
        total = sum(c * self._parts(size) * self._of_copy(size) for c, size in self.sizes)
        return total / self.cap

    def _alone(self, size: int) -> float:
        return self._of_copy(size) + (2 * self.timing.latency if self._parts(size) > 1 else 0)

    def _parts(self, size: int) -> int:
        return max(1, -(-size // self.part)) if self.part else 1

    def _of_copy(self, size: int) -> float:
        return self.timing.of_copy(min(self.part or size, size))


WORKS = {
    "1-gib": Work("1 GiB", ((1, GIB),), part=16 * MIB, cap=64),
    "100-gib": Work("100 GiB", ((1, 100 * GIB),), part=64 * MIB, cap=100),
    "5-tib": Work("5 TiB", ((1, 5 * TIB),), part=-(-5 * TIB // 10_000), cap=500, pace=10),
    "10k-small": Work("10,000 objects of 4 KiB", ((10_000, 4 * KIB),), cap=64),
    "mix": Work(
        "5,000 of 4 KiB, 200 of 5 MiB, 10 of 1 GiB",
        ((5_000, 4 * KIB), (200, 5 * MIB), (10, GIB)),
        part=16 * MIB,
        cap=64,
    ),
    "100k-small": Work("100,000 objects of 4 KiB", ((100_000, 4 * KIB),), cap=64),
}
"""In the order in which they are shown."""
