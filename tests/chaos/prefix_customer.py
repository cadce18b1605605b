"""An honest client of prefix moves: it steers, asks again, and moves what is left."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeVar

from s3mover import BrokerUnavailable, Mover, PrefixRecord, UnknownMove
from tests.chaos.prefix_plan import Act, PrefixCase

PAUSE = 0.3  # seconds between two looks
RETRIES = 4

T = TypeVar("T")


class PrefixCustomer:
    """Moves one prefix to its end; `copies` tell how far all are, a page is too coarse."""

    def __init__(
        self, mover: Mover, bucket: str, copies: Mapping[str, int], case: PrefixCase
    ) -> None:
        self.asked: Counter[str] = Counter()
        self.ids: list[str] = []
        self._mover = mover
        self._case = case
        self._top = f"s3://{bucket}/"
        self._copies = copies
        self._acts = list(case.acts)

    def move(self, deadline: float) -> list[PrefixRecord]:
        """Move it, and again what was left; return the records as they were at each end."""
        ids = self.ids
        ids.append(self._patiently(self._submit, deadline))
        records = [self._wait(ids[0], deadline)]
        while records[-1].state in {"failed", "cancelled"} and len(ids) <= RETRIES:
            last = ids[-1]
            again = self._patiently(lambda: self._mover.prefixes.retry_failed(last), deadline)  # noqa: B023
            self.asked["retry-failed"] += 1
            ids.append(again)
            records.append(self._wait(again, deadline))
        return records

    def _submit(self) -> str:
        case = self._case
        return self._mover.move_prefix(
            self._top + case.source,
            self._top + case.destination,
            overwrite=case.overwrite,
            idempotency_key=case.name,
        )

    def _wait(self, prefix_id: str, deadline: float) -> PrefixRecord:
        """Steer a move as the plan says until it has ended, or until the deadline."""
        while True:
            record = self._patiently(lambda: self._look(prefix_id), deadline)
            if record.state.final or time.monotonic() > deadline:
                return record
            if self._acts and self._share() >= self._acts[0].share:
                self._act(self._acts.pop(0), prefix_id, deadline)
            time.sleep(PAUSE)

    def _share(self) -> float:
        return self._copies[self._case.name] / self._case.objects

    def _look(self, prefix_id: str) -> PrefixRecord:
        try:
            return self._mover.prefixes.status(prefix_id)
        except UnknownMove:  # a crash of Redis may take the last second with it
            self.asked["again, as it was forgotten"] += 1
            if prefix_id == self.ids[0]:
                self._submit()
            else:
                self._mover.prefixes.retry_failed(self.ids[-2])
            return self._mover.prefixes.status(prefix_id)

    def _act(self, act: Act, prefix_id: str, deadline: float) -> None:
        prefixes = self._mover.prefixes
        self.asked[act.what] += 1
        if act.what == "cancel":
            self._patiently(lambda: prefixes.cancel(prefix_id), deadline)
            return
        self._patiently(lambda: prefixes.pause(prefix_id), deadline)
        time.sleep(act.rest)
        self._patiently(lambda: prefixes.resume(prefix_id), deadline)

    def _patiently(self, ask: Callable[[], T], deadline: float) -> T:
        while True:
            try:
                return ask()
            except BrokerUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
