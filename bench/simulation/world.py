"""What a simulation is told: machines, costs, S3 and the moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.model import Timing


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of one part or small object, as they were measured on one machine."""

    worker: float
    """Of a worker's one interpreter: half before its copy, half after it."""

    redis: float
    """Of the broker's one thread, likewise."""

    store: float = 0.0
    """Of a store that shares the machine: of the modelled S3, none of Amazon's."""


@dataclass(frozen=True, slots=True)
class World:
    """A deployment and its store."""

    workers: int
    threads: int
    costs: Costs
    timing: Timing = field(default_factory=Timing)
    cores: int | None = None
    """Cores that all processes share; None: each process has one to itself."""

    rate: float = float("inf")
    """Writes a second that S3 takes below one prefix; more are answered by 503."""

    visibility: float = 60.0
    kills: tuple[tuple[float, int], ...] = ()
    """When so many workers die, for good."""


@dataclass(frozen=True, slots=True)
class Move:
    """So many equal parts, or small objects of a prefix, at most `cap` of them at once."""

    parts: int
    size: int
    cap: int
    prefix: int = 0
    requests: int = 4
    """Requests one after the other besides its copies: two before them, the rest after."""


@dataclass(frozen=True, slots=True)
class Result:
    seconds: float
    parts: int
    copied: int
    """Bytes."""

    redis: float
    """The share of the time in which the broker's thread was busy."""

    workers: float
    """The same of the workers' interpreters, in the mean."""

    throttled: int
    redelivered: int
    peak: int
    """Copies that ran at once."""

    saturated: str
    """What there was least left of."""
