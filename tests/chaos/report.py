"""What a run has shown, for people and for programs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from tests.chaos.invariants import Violation
from tests.chaos.plan import Options


@dataclass(frozen=True)
class Report:
    """The figures of one run."""

    options: Options
    seconds: float
    states: Mapping[str, int]
    errors: Mapping[str, int]
    """Failed moves by the code of their error."""

    exceptions: tuple[str, ...]
    """Moves that failed after their copy was completed: the old destination is gone."""

    cancels: Mapping[str, int]
    resent: int
    kills: int
    restarts: int
    requests: int
    deletions: int
    faults: Mapping[str, int]
    recoveries: tuple[float, ...]
    violations: tuple[Violation, ...]
    kept: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report as a person reads it."""
        cut = len(self.recoveries)
        times = (
            f"{median(self.recoveries):.1f} median, {self.recoveries[-1]:.1f} max" if cut else "-"
        )
        lines = [
            f"seed {self.options.seed}: {sum(self.states.values())} moves in {self.seconds:.0f} s",
            f"ends          {_pairs(self.states)}",
            f"failed by     {_pairs(self.errors)}",
            f"cancels       {_pairs(self.cancels)}",
            f"SIGKILLs      {self.kills} of workers, {self.restarts} of Valkey",
            f"forgotten     {self.resent} moves, sent again by their client",
            f"S3            {self.requests} requests, {self.deletions} deletions proven before",
            f"faults        {sum(self.faults.values())}: {_pairs(self.faults)}",
            f"recovery      {times} seconds, of {cut} moves that a killed worker had",
            f"exceptions    {len(self.exceptions)} failed after their copy was completed",
            f"violations    {len(self.violations)}",
        ]
        lines += [f"  {v.promise}: {v.move}: {v.detail}" for v in self.violations]
        return lines + ([f"left in       {self.kept}"] if self.kept else [])


def _pairs(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "-"
