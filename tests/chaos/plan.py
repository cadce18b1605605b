"""What a run will do, all of it drawn from its seed before it begins; no I/O."""

from dataclasses import dataclass
from random import Random

DOOMS = ("copy", "CompleteMultipartUpload", "DeleteObject", "HeadObject")
"""What a doomed move is never granted; `copy` stands for the copies of its size."""


@dataclass(frozen=True)
class Options:
    """How much of everything; shares are of 1, times are seconds."""

    seed: int
    moves: int = 1000
    kills: int = 50
    restarts: int = 3
    faults: float = 0.05
    stall: float = 30.0
    throttles: float = 1.0
    """Share of the 503s that are kept, the others are 500s: each halves what is copied at once."""

    large: float = 0.3
    most_parts: int = 40
    cancels: float = 0.02
    dooms: float = 0.01
    workers: int = 3
    at_once: int = 48
    """Moves that are on their way at one time."""

    prefixes: int = 0
    objects: int = 1000
    """Of each prefix."""

    large_objects: float = 0.004
    steered: float = 0.5
    """Share of the prefixes that are paused, resumed, cancelled."""

    doubled: float = 0.2
    """Share of the messages that come twice."""

    model: bool = False
    """Whether the prefixes are in the modelled S3 of `bench`, which costs no bytes."""


@dataclass(frozen=True)
class Case:
    """One move: how large, to where, and what befalls it."""

    index: int
    parts: int
    """0 is a small object."""

    has_old: bool
    """Whether the destination holds something else before."""

    cancel_after: float | None
    doom: str | None

    @property
    def name(self) -> str:
        return f"m{self.index:05}"

    @property
    def source(self) -> str:
        return f"{self.name}/source"

    @property
    def destination(self) -> str:
        return f"{self.name}/destination"


@dataclass(frozen=True)
class Strike:
    """A SIGKILL, once so many moves have ended; `worker` None means Valkey."""

    after: int
    worker: int | None
    down: float


@dataclass(frozen=True)
class Plan:
    """All that one seed and its options mean."""

    options: Options
    cases: tuple[Case, ...]
    strikes: tuple[Strike, ...]


def draw(options: Options) -> Plan:
    """Draw a run; the same options give the same one."""
    chance = Random(f"{options.seed}/plan")  # noqa: S311  to be repeated, not to be secret
    large = set(chance.sample(range(options.moves), round(options.moves * options.large)))
    cases = tuple(_case(options, chance, n, large=n in large) for n in range(options.moves))
    return Plan(options, cases, _strikes(options, chance))


def _case(options: Options, chance: Random, index: int, *, large: bool) -> Case:
    parts = chance.randint(5, options.most_parts) if large else 0
    cancelled = chance.random() < options.cancels
    doom = chance.choice(DOOMS) if chance.random() < options.dooms else None
    if doom == "copy" or (doom == "CompleteMultipartUpload" and not large):
        doom = "UploadPartCopy" if large else "CopyObject"
    return Case(
        index=index,
        parts=parts,
        has_old=chance.random() < 0.5,
        cancel_after=chance.uniform(0, 3) if cancelled else None,
        doom=doom,
    )


def _strikes(options: Options, chance: Random) -> tuple[Strike, ...]:
    """Spread the strikes over the first nine tenths of the moves."""

    def moment() -> int:
        return chance.randint(0, options.moves * 9 // 10)

    kills = [
        Strike(moment(), chance.randrange(options.workers), chance.uniform(0, 3))
        for _ in range(options.kills)
    ]
    restarts = [Strike(moment(), None, chance.uniform(0, 2)) for _ in range(options.restarts)]
    return tuple(sorted(kills + restarts, key=lambda strike: strike.after))
