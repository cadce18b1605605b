"""Faults of S3, each drawn from the seed and from what is asked for the how-manieth time.

So a run with the same seed spoils the same requests, in whatever order they come.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from random import Random

from tests.chaos.plan import Case, Options
from tests.chaos.prefix_faults import some_keys_fail
from tests.process.s3_request import S3Request
from tests.process.s3_rule import Rule

Spoil = Callable[[Rule], Rule]

DOOMED = "500 for good"
THROTTLE = "503 SlowDown"

# S3 begins to answer these before it has done them (S3 API, 2026-11).
LONG = frozenset({"CopyObject", "UploadPartCopy", "CompleteMultipartUpload"})


class Faults:
    """Chooses the rule of each request; `counts` says how many of each kind there were."""

    def __init__(self, options: Options, cases: Iterable[Case]) -> None:
        self.counts: Counter[str] = Counter()
        self._options = options
        self._dooms = {case.name: case.doom for case in cases if case.doom}
        self._asked: Counter[tuple[str, str, int | None]] = Counter()

    def __call__(self, request: S3Request) -> Rule | None:
        """Return how to spoil a request, None to let it pass; not safe to share between threads."""
        if self._dooms.get(request.key.partition("/")[0]) == request.operation:
            self.counts[DOOMED] += 1
            return Rule().respond(500, "InternalError")
        asked = request.operation, request.key, request.part
        self._asked[asked] += 1
        chance = Random(f"{self._options.seed}/{asked}/{self._asked[asked]}")  # noqa: S311  to be repeated
        if chance.random() >= self._options.faults:
            return None
        kinds = dict(_kinds(request.operation, self._options.stall))
        if request.operation == "DeleteObjects":
            for code in ("InternalError", "SlowDown"):
                kinds[f"{code} of some keys"] = some_keys_fail(f"{self._asked[asked]}", code)
        kind = chance.choice(sorted(kinds))
        if kind == THROTTLE and chance.random() >= self._options.throttles:
            kind = "500"
        self.counts[kind] += 1
        return kinds[kind](Rule())


def _kinds(operation: str, stall: float) -> Mapping[str, Spoil]:
    kinds: dict[str, Spoil] = {
        THROTTLE: lambda rule: rule.respond(503, "SlowDown"),
        "500": lambda rule: rule.respond(500, "InternalError"),
        "500 after the effect": lambda rule: rule.respond_after(500, "InternalError"),
        "reset before the effect": Rule.reset,
        "reset after the effect": Rule.drop_reply,
        "stall": lambda rule: rule.delay(stall),
    }
    if operation in LONG:
        kinds["200 with an error"] = lambda rule: rule.respond(200, "InternalError")
        kinds["200 with an error after the effect"] = lambda rule: rule.respond_after(
            200, "InternalError"
        )
    return kinds
