"""The size of a part that suits its object: `multipartcopychunksize` auto; no I/O."""

from math import sqrt
from typing import Literal

from driver.parts import MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE, part_size

AUTO: Literal["auto"] = "auto"

BANDWIDTH = 35e6
"""Bytes a second of one copy: 1 GB took 30 s (measured on Amazon S3 for this project, 2026)."""

LATENCY = 0.05
"""Seconds that a copy takes besides its bytes (an order of magnitude, 2026-11)."""

CPU = 0.0025
"""Seconds of a worker's CPU that the task of a part takes (measured, 2026-11)."""


def chosen_part_size(size: int, chunksize: int | Literal["auto"], cap: int) -> int:
    """Return the size of every part but the last of a copy of which `cap` run at once."""
    if chunksize == AUTO:
        chunksize = auto_part_size(size, cap)
    return part_size(size, chunksize)


def auto_part_size(size: int, cap: int) -> int:
    """
    Return the size by which the parts are some full waves of `cap` copies at once.

    A copy that ends late, a killed one, or a fleet of fewer threads than `cap` leaves about one
    part's time of the others idle; so parts should be many. A wave costs a latency, and CPU for
    each of its parts; so they should be few. The sum of both losses is least where they are equal.
    """
    at_once = min(cap, MAX_PARTS)
    ideal = size / (at_once * BANDWIDTH)
    wave = LATENCY + at_once * CPU
    waves = min(max(int(sqrt(ideal / wave)), 1), MAX_PARTS // at_once)
    return min(max(-(-size // (waves * at_once)), MIN_PART_SIZE), MAX_PART_SIZE)
