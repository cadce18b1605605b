"""Watches each request of the workers as it comes, and has it spoiled as the plan says."""

import threading
from functools import partial
from typing import TYPE_CHECKING

from tests.chaos.faults import Faults
from tests.chaos.invariants import Violation, of_deletion
from tests.chaos.plan import Case, Plan
from tests.process.s3_request import S3Request
from tests.process.s3_rule import Ending, Rule

if TYPE_CHECKING:
    from tests.chaos.stock import Stock


class Witness:
    """
    The moment before a source is deleted is the only one in which its bytes can be lost.

    So each deletion waits until the destination was read; `violations` are what was seen.
    """

    def __init__(self, plan: Plan, faults: Faults) -> None:
        self.violations: list[Violation] = []
        self.deletions = 0
        self.stock: Stock | None = None
        self._faults = faults
        self._cases = {case.name: case for case in plan.cases}
        self._lock = threading.Lock()

    def __call__(self, request: S3Request) -> Rule:
        """Return the rule for a request."""
        rule = self._faults(request) or Rule()
        case = self._cases.get(request.key.partition("/")[0])
        if request.operation != "DeleteObject" or case is None:
            return rule
        if request.key != case.source:
            self._note(Violation("only the source is deleted", case.name, request.key))
        elif rule.ending not in {Ending.RESET, Ending.RESPOND}:
            rule.call(partial(self._check, case))  # behind a stall: just before it is forwarded
        return rule

    def _check(self, case: Case) -> None:
        if self.stock is None:
            raise RuntimeError("the witness does not know the stock yet")
        source = self.stock.before(case).source or ""
        for violation in of_deletion(case.name, source=source, ends=self.stock.now(case)):
            self._note(violation)
        with self._lock:
            self.deletions += 1

    def _note(self, violation: Violation) -> None:
        with self._lock:
            self.violations.append(violation)
