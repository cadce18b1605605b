"""What there is to move: one object, or many below a prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.model import ModelS3, Timing

KIB, MIB, GIB, TIB = 1024, 1024**2, 1024**3, 1024**4
SOURCE, TARGET = "bench/source", "bench/target"


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

    @property
    def is_prefix(self) -> bool:
        return sum(count for count, _ in self.sizes) > 1

    @property
    def size(self) -> int:
        """Bytes of the only object."""
        return self.sizes[0][1]

    def put(self, model: ModelS3, name: str) -> None:
        """Create the objects of one run; `name` tells runs apart."""
        if not self.is_prefix:
            model.put(f"{SOURCE}/{name}", self.size)
            return
        first = 0
        for count, size in self.sizes:
            model.fill(f"{SOURCE}/{name}/", count, size, first)
            first += count

    def limit(self, timing: Timing) -> float:
        """Return the seconds below which no mover of one object comes with these parts."""
        parts = -(-self.size // self.part)
        waves = -(-parts // self.cap)
        return waves * timing.of_copy(min(self.part, self.size)) + 4 * timing.latency


WORKS = {
    "1-gib": Work("1 GiB", ((1, GIB),), part=16 * MIB, cap=64),
    "100-gib": Work("100 GiB", ((1, 100 * GIB),), part=64 * MIB, cap=100),
    "5-tib": Work("5 TiB", ((1, 5 * TIB),), part=-(-5 * TIB // 10_000), cap=500),
    "10k-small": Work("10,000 objects of 4 KiB", ((10_000, 4 * KIB),), cap=64),
    "100k-small": Work("100,000 objects of 4 KiB", ((100_000, 4 * KIB),), cap=64),
    "mix": Work("a mix", ((5_000, 4 * KIB), (200, 5 * MIB), (10, GIB)), part=16 * MIB, cap=64),
}
