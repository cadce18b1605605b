"""What a run of prefix moves has shown, for people and for programs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.chaos.invariants import Violation
from tests.chaos.plan import Options

MOST = 50  # violations that a person reads


@dataclass(frozen=True)
class PrefixReport:
    """The figures of one run."""

    options: Options
    seconds: float
    moves: int
    states: dict[str, int]
    ends: dict[str, int]
    troubles: dict[str, int]
    asked: dict[str, int]
    exceptions: int
    kills: int
    restarts: int
    doubled: int
    requests: dict[str, int]
    faults: dict[str, int]
    memory: dict[str, float]
    violations: tuple[Violation, ...]
    kept: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report as a person reads it."""
        options = self.options
        total = options.prefixes * options.objects
        lines = [
            f"seed {options.seed}: {total} objects below {options.prefixes} prefixes",
            f"took          {self.seconds:.0f} s, {self.moves} moves",
            *(
                f"{name:13} {_pairs(getattr(self, name))}"
                for name in ("states", "ends", "troubles")
            ),
            f"asked         {_pairs(self.asked)}",
            f"SIGKILLs      {self.kills} of workers, {self.restarts} of Valkey",
            f"doubled       {self.doubled} messages",
            f"S3            {sum(self.requests.values())}: {_pairs(self.requests)}",
            f"faults        {sum(self.faults.values())}: {_pairs(self.faults)}",
            f"memory        {_pairs(self.memory)}",
            f"exceptions    {self.exceptions} objects that failed after their copy",
            f"violations    {len(self.violations)}",
        ]
        lines += [f"  {v.promise}: {v.move}: {v.detail}" for v in self.violations[:MOST]]
        return lines + ([f"left in       {self.kept}"] if self.kept else [])


def _pairs(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "-"
