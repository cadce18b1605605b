"""What is done to the prefixes of a run, all of it drawn from its seed; no I/O."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.chaos.plan import Options, Strike

NAMES = "{:07}"
OLD_SHARE, MOST_OLDS = 0.1, 500  # each costs a request before the run
What = Literal["pause", "cancel"]


@dataclass(frozen=True)
class Act:
    """What is asked for when that share of the objects has ended; a pause ends after `rest`."""

    share: float
    what: What
    rest: float


@dataclass(frozen=True)
class PrefixCase:
    """One prefix, and what befalls its move."""

    index: int
    objects: int
    overwrite: Literal["always", "never"]
    large: frozenset[int]
    olds: frozenset[int]
    """Objects whose destination holds something else before."""

    acts: tuple[Act, ...]

    @property
    def name(self) -> str:
        return f"p{self.index:03}"

    @property
    def source(self) -> str:
        return f"{self.name}/from/"

    @property
    def destination(self) -> str:
        return f"{self.name}/to/"


@dataclass(frozen=True)
class PrefixPlan:
    """All that one seed and its options mean."""

    options: Options
    cases: tuple[PrefixCase, ...]
    strikes: tuple[Strike, ...]


def draw_prefixes(options: Options) -> PrefixPlan:
    """Draw the prefixes of a run; the same options give the same ones."""
    chance = Random(f"{options.seed}/prefixes")  # noqa: S311  to be repeated, not to be secret
    cases = tuple(_case(options, chance, index) for index in range(options.prefixes))
    return PrefixPlan(options, cases, _strikes(options, chance))


def _case(options: Options, chance: Random, index: int) -> PrefixCase:
    numbers = range(options.objects)
    is_steered = chance.random() < options.steered
    return PrefixCase(
        index=index,
        objects=options.objects,
        overwrite="never" if index % 3 == 2 else "always",
        large=frozenset(chance.sample(numbers, round(options.objects * options.large_objects))),
        olds=frozenset(chance.sample(numbers, min(MOST_OLDS, round(options.objects * OLD_SHARE)))),
        acts=_acts(chance) if is_steered else (),
    )


def _acts(chance: Random) -> tuple[Act, ...]:
    kinds: list[What] = [chance.choice(("pause", "pause", "cancel")) for _ in range(3)]
    return tuple(
        Act(share, what, chance.uniform(0.2, 3))
        for share, what in zip(sorted(chance.uniform(0, 0.9) for _ in kinds), kinds, strict=True)
    )


def _strikes(options: Options, chance: Random) -> tuple[Strike, ...]:
    """Spread the strikes over the first nine tenths of all objects."""
    last = options.prefixes * options.objects * 9 // 10

    def strike(worker: int | None) -> Strike:
        return Strike(chance.randint(0, last), worker, chance.uniform(0, 2))

    kills = [strike(chance.randrange(options.workers)) for _ in range(options.kills)]
    restarts = [strike(None) for _ in range(options.restarts)]
    return tuple(sorted(kills + restarts, key=lambda each: each.after))
