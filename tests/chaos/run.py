"""One run: moves through a fleet that is struck, and then what the promises say of it."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from s3mover import MoveRecord, State, UnknownMove
from s3mover.journal import move_key
from tests.chaos import leftovers
from tests.chaos.customer import Customer
from tests.chaos.faults import Faults
from tests.chaos.invariants import Found, is_exception, of_moves
from tests.chaos.plan import Case, Options, Plan, draw
from tests.chaos.recovery import recoveries
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.stock import Stock
from tests.chaos.striker import Striker
from tests.chaos.witness import Witness
from tests.process.rig import until

PATIENCE = 300.0
"""Seconds that a move may take, and that the sweeper has at the end, before it counts as stuck."""

READERS = 6

Tick = Callable[[], object]


def run(options: Options, *, keep: bool = False, tick: Tick = lambda: None) -> Report:
    """Carry out one run; `tick` is called for each move that has ended."""
    begun = time.monotonic()
    plan = draw(options)
    faults = Faults(options, plan.cases)
    witness = Witness(plan, faults)
    with Stage(options.workers, witness, keep=keep) as stage:
        play = Play(plan, stage, witness)
        play.moves(tick)
        # What dead workers have asked for may still arrive, and must do no harm either.
        until(lambda: all(request.end for request in stage.gateway.seen()), options.stall + 30)
        left = leftovers.of_run(plan, play.stock, stage, PATIENCE / 3)
        found = play.look()
        requests = stage.gateway.seen()
    return Report(
        options=options,
        seconds=time.monotonic() - begun,
        states=Counter(str(each.state) for each in found),
        errors=play.errors,
        exceptions=tuple(each.move for each in found if is_exception(each)),
        cancels=play.customer.cancels,
        resent=play.customer.resent,
        kills=len(play.striker.kills),
        restarts=play.striker.restarts,
        requests=len(requests),
        deletions=witness.deletions,
        faults=faults.counts,
        recoveries=tuple(recoveries(requests, play.striker.kills)),
        violations=(*witness.violations, *play.striker.violations(), *of_moves(found), *left),
        kept=str(stage.directory) if keep else None,
    )


class Play:
    """The moves of one run, on their way and at their end."""

    def __init__(self, plan: Plan, stage: Stage, witness: Witness) -> None:
        self.errors: Counter[str] = Counter()
        self.stock = witness.stock = Stock(stage.s3, stage.seaweedfs.bucket, plan)
        self.customer = Customer(stage.mover, stage.seaweedfs.bucket, str(plan.options.seed))
        self.striker = Striker(stage, plan.strikes)
        self._plan = plan
        self._stage = stage
        self._ids: dict[str, str] = {}
        self._first_ends: dict[str, State] = {}
        self._lock = threading.Lock()

    def moves(self, tick: Tick) -> None:
        """Move everything, some at a time, while the striker strikes."""
        self.stock.put_seeds()
        self.striker.start()
        try:
            with ThreadPoolExecutor(self._plan.options.at_once) as pool:
                for _ in pool.map(lambda case: self._move(case, tick), self._plan.cases):
                    pass
        finally:
            self.striker.end()

    def look(self) -> list[Found]:
        """Look at both ends of every move, and at its record."""
        with ThreadPoolExecutor(READERS) as pool:
            return list(pool.map(self._look, self._plan.cases))

    def _move(self, case: Case, tick: Tick) -> None:
        self.stock.put(case)
        deadline = time.monotonic() + PATIENCE
        move_id = self.customer.submit(case, deadline)
        record = self.customer.wait(case, move_id, deadline)
        with self._lock:
            self._ids[case.name] = move_id
            if record and record.state.final:
                self._first_ends[case.name] = record.state
        self.striker.move_ended()
        tick()

    def _look(self, case: Case) -> Found:
        move_id = self._ids[case.name]
        record = self._record(move_id)
        if record and record.error:
            with self._lock:
                self.errors[record.error.code] += 1
        return Found(
            move=f"{case.name} {move_id}",
            state=record.state if record else None,
            first_end=self._first_ends.get(case.name),
            committed=bool(self._stage.redis.hget(move_key(move_id), "committed")),
            before=self.stock.before(case),
            now=self.stock.now(case),
        )

    def _record(self, move_id: str) -> MoveRecord | None:
        try:
            return self._stage.mover.status(move_id)
        except UnknownMove:
            return None
