"""An honest client: it asks until it is answered, and again when Redis has forgotten its move."""

import threading
import time
from collections import Counter

from s3mover import BrokerUnavailable, Mover, MoveRecord, UnknownMove
from tests.chaos.plan import Case

PAUSE = 0.3  # seconds between two looks


class Customer:
    """Submits moves under idempotency keys and waits for their ends; `resent` were forgotten."""

    def __init__(self, mover: Mover, bucket: str, run: str) -> None:
        self.resent = 0
        self.cancels: Counter[str] = Counter()
        self._mover = mover
        self._place = f"s3://{bucket}/"
        self._run = run
        self._lock = threading.Lock()

    def submit(self, case: Case, deadline: float) -> str:
        """Have a move accepted; repeated, it is the same move."""
        while True:
            try:
                return self._mover.move(
                    self._place + case.source,
                    self._place + case.destination,
                    idempotency_key=f"{self._run}/{case.name}",
                )
            except BrokerUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)

    def wait(self, case: Case, move_id: str, deadline: float) -> MoveRecord | None:
        """Return the record of a move that has ended, or of the deadline; cancel on the way."""
        record = None
        cancel_at = None if case.cancel_after is None else time.monotonic() + case.cancel_after
        while time.monotonic() < deadline:
            record = self._look(case, move_id, deadline) or record
            if record and record.state.final:
                break
            if cancel_at is not None and time.monotonic() >= cancel_at and self._cancel(move_id):
                cancel_at = None
            time.sleep(PAUSE)
        return record

    def _look(self, case: Case, move_id: str, deadline: float) -> MoveRecord | None:
        try:
            return self._mover.status(move_id)
        except BrokerUnavailable:
            return None
        except UnknownMove:  # a crash of Redis may take the last second with it
            self.submit(case, deadline)
            with self._lock:
                self.resent += 1
            return None

    def _cancel(self, move_id: str) -> bool:
        try:
            answer = self._mover.cancel(move_id)
        except (BrokerUnavailable, UnknownMove):
            return False
        with self._lock:
            self.cancels["asked"] += 1
            self.cancels["in time"] += answer.stopping == "cancelled" or answer.state == "cancelled"
        return True
