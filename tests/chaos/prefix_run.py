"""One run of prefix moves through a fleet that is struck, and what the promises say of it."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.chaos.faults import Faults
from tests.chaos.invariants import Violation, of_bucket, of_redis, of_uploads
from tests.chaos.plan import Options
from tests.chaos.prefix_check import FoundPrefix, is_exception, lines_of, of_prefix
from tests.chaos.prefix_customer import PrefixCustomer
from tests.chaos.prefix_doubler import PartialDoubler
from tests.chaos.prefix_memory import Memory
from tests.chaos.prefix_plan import PrefixPlan, draw_prefixes
from tests.chaos.prefix_report import PrefixReport
from tests.chaos.prefix_stock import PrefixStock
from tests.chaos.stage import Stage
from tests.chaos.striker import Striker
from tests.process.queues import messages
from tests.process.rig import until
from tests.process.s3_request import S3Request
from tests.process.s3_rule import Rule

if TYPE_CHECKING:
    from s3mover import PrefixRecord

PATIENCE = 300.0
"""Seconds that 10,000 objects may take, and that the sweeper has at the end."""

EACH = 0.03  # seconds more for each object
LOOK = 1.0

Tick = Callable[[int], object]


def run_prefixes(
    options: Options, *, keep: bool = False, tick: Tick = lambda _: None
) -> PrefixReport:
    """Carry out one run; `tick` is told how many objects have ended."""
    begun = time.monotonic()
    plan = draw_prefixes(options)
    watch = Watch(options)
    with Stage(options.workers, watch, keep=keep, is_modelled=options.model) as stage:
        play = PrefixPlay(plan, stage, watch)
        play.moves(tick)
        # What dead workers have asked for may still arrive, and must do no harm either.
        until(lambda: all(each.end for each in stage.gateway.seen()), options.stall + 30)
        left = play.leftovers()
        found = play.look()
        return PrefixReport(
            options=options,
            seconds=time.monotonic() - begun,
            kept=str(stage.directory) if keep else None,
            violations=(
                *play.striker.violations(),
                *play.memory_violations(),
                *left,
                *(broken for each in found for broken in of_prefix(each)),
            ),
            **play.figures(found),
        )


class Watch:
    """Counts requests by operation, and copies by prefix; has them spoiled as the plan says."""

    def __init__(self, options: Options) -> None:
        self.counts: Counter[str] = Counter()
        self.copies: Counter[str] = Counter()
        self.faults = Faults(options, ())

    def __call__(self, request: S3Request) -> Rule | None:
        self.counts[request.operation] += 1
        if request.operation == "CopyObject":
            self.copies[request.key.partition("/")[0]] += 1
        return self.faults(request)


class PrefixPlay:
    """The prefix moves of one run, on their way and at their end."""

    def __init__(self, plan: PrefixPlan, stage: Stage, watch: Watch) -> None:
        options = plan.options
        self.striker = Striker(stage, plan.strikes)
        self._plan = plan
        self._stage = stage
        self._watch = watch
        self._stock = PrefixStock(stage.s3, stage.seaweedfs.bucket, options.seed, stage.model)
        self._memory = Memory(stage.valkey.url)
        self._doubler = PartialDoubler(stage.valkey.url, options.doubled, options.seed)
        self._customers = [
            PrefixCustomer(stage.mover, stage.seaweedfs.bucket, watch.copies, case)
            for case in plan.cases
        ]
        self._records: list[list[PrefixRecord]] = []

    def moves(self, tick: Tick) -> None:
        """Move all prefixes at once, while the striker strikes."""
        for case in self._plan.cases:
            self._stock.put(case)
        options = self._plan.options
        deadline = time.monotonic() + PATIENCE + EACH * options.objects * options.prefixes
        over = threading.Event()
        watcher = threading.Thread(target=self._progress, args=(tick, over), name="progress")
        helpers = (self._memory, self._doubler, self.striker, watcher)
        for each in helpers:
            each.start()
        try:
            with ThreadPoolExecutor(len(self._customers)) as pool:
                ended = pool.map(lambda each: each.move(deadline), self._customers)
                self._records = list(ended)
        finally:
            over.set()
            watcher.join()
            for helper in (self.striker, self._doubler, self._memory):
                helper.end()

    def look(self) -> list[FoundPrefix]:
        """Look at both ends of every prefix, and at its moves as they are now."""
        status = self._stage.mover.prefixes.status
        return [
            self._stock.found(case, [status(each.id) for each in records])
            for case, records in zip(self._plan.cases, self._records, strict=True)
        ]

    def leftovers(self) -> list[Violation]:
        """Return what is left in Redis and in the bucket after the sweeper's time."""
        deadline = time.monotonic() + PATIENCE / 3
        while (left := self._left()) and time.monotonic() < deadline:
            self._stage.mover.sweep()
            time.sleep(2)
        return left

    def memory_violations(self) -> list[Violation]:
        too_much = [each for each in self._memory.samples if not each.is_bounded]
        return [Violation("Redis' memory is bounded", "", str(each)) for each in too_much[:3]]

    def figures(self, found: list[FoundPrefix]) -> dict[str, Any]:
        records = [told.record for each in found for told in each.moves]
        ends: Counter[str] = Counter()
        troubles: Counter[str] = Counter()
        for record in records:
            ends.update(
                moved=record.moved, skipped=record.skipped, failed=record.failed, left=record.left
            )
            troubles.update({each.code: each.count for each in record.troubles})
        return {
            "moves": len(records),
            "states": dict(Counter(str(record.state) for record in records)),
            "ends": dict(ends),
            "troubles": dict(troubles),
            "asked": dict(sum((each.asked for each in self._customers), Counter())),
            "exceptions": sum(map(_exceptions, found)),
            "kills": len(self.striker.kills),
            "restarts": self.striker.restarts,
            "doubled": self._doubler.doubled,
            "requests": dict(self._watch.counts),
            "faults": dict(self._watch.faults.counts),
            "memory": self._memory_figures(),
        }

    def _memory_figures(self) -> dict[str, float]:
        worst, used = self._memory.worst, self._memory.used
        third = max(1, len(used) // 3)
        return {
            "worst bytes an object in flight": round(worst.used / worst.objects, 1) if worst else 0,
            "most objects in flight": max(
                (each.objects for each in self._memory.samples), default=0
            ),
            "Redis' MB, first third": round(median(used[:third]) / 1e6, 2) if used else 0,
            "Redis' MB, last third": round(median(used[-third:]) / 1e6, 2) if used else 0,
        }

    def _progress(self, tick: Tick, over: threading.Event) -> None:
        while not over.wait(LOOK):
            done = sum(self._watch.copies.values())
            self.striker.reached(done)
            tick(done)
            self._stage.gateway.forget_ended()

    def _left(self) -> list[Violation]:
        redis = self._stage.redis
        tops = tuple(f"{case.name}/" for case in self._plan.cases)
        reports = tuple(
            f"~s3mover/reports/{name}/" for each in self._customers for name in each.ids
        )
        strange = (
            key for key in self._stock.all_keys() if not key.startswith((*tops, *reports, "."))
        )
        return [
            *of_redis(redis.scan_iter(count=1000), messages(redis)),
            *of_uploads(self._stock.uploads()),
            *of_bucket(strange, ()),
        ]


def _exceptions(found: FoundPrefix) -> int:
    """Count the objects that are at both ends, as documented of those that failed."""
    both = [name for name in found.source if name in found.destination]
    return sum(is_exception(found.destination[name], lines_of(found, name)) for name in both)
