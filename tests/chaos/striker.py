"""Who kills workers and Valkey, as the plan says, and starts them again."""

import threading
import time
from contextlib import suppress

from tests.chaos.invariants import Violation
from tests.chaos.plan import Strike
from tests.chaos.recovery import Kill
from tests.chaos.stage import Stage, agent
from worker.fleet import StartError

PAUSE = 0.2  # seconds, at least, between two strikes
STARTS = 4


class Striker:
    """
    Strikes from a thread of its own while moves end; `end` has all of it alive again.

    A worker that was not killed and does not run has ended by itself: `fallen` names it.
    """

    def __init__(self, stage: Stage, strikes: tuple[Strike, ...]) -> None:
        self.kills: list[Kill] = []
        self.restarts = 0
        self.fallen: list[str] = []
        self._stage = stage
        self._strikes = strikes
        self._ended = 0
        self._progress = threading.Condition()
        self._revivers: list[threading.Thread] = []
        self._down: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="striker")

    def start(self) -> None:
        self._thread.start()

    def move_ended(self) -> None:
        """Count one more; the next strike may be due."""
        with self._progress:
            self._ended += 1
            self._progress.notify_all()

    def reached(self, ended: int) -> None:
        """Say how many have ended so far."""
        with self._progress:
            self._ended = ended
            self._progress.notify_all()

    def end(self) -> None:
        """Strike no more, and wait until all is alive."""
        self._over.set()
        with self._progress:
            self._progress.notify_all()
        self._thread.join()
        for reviver in self._revivers:
            reviver.join()
        self._look_for_fallen()

    def violations(self) -> list[Violation]:
        """Name the workers that have ended by themselves."""
        return [Violation("no worker ends by itself", "", name) for name in self.fallen]

    def _run(self) -> None:
        for strike in self._strikes:
            with self._progress:
                while self._ended < strike.after and not self._over.is_set():
                    self._progress.wait()
            if self._over.is_set():
                return
            self._strike(strike)
            time.sleep(PAUSE)

    def _strike(self, strike: Strike) -> None:
        if strike.worker is None:
            self._stage.valkey.kill()
            time.sleep(strike.down)
            self._stage.valkey.start()
            self.restarts += 1
            return
        self._look_for_fallen()
        number = self._standing(strike.worker)
        self._down.add(number)
        self.kills.append(Kill(time.monotonic(), agent(number)))
        self._stage.workers[number].kill()
        reviver = threading.Thread(target=self._revive, args=(number, strike.down))
        self._revivers.append(reviver)
        reviver.start()

    def _standing(self, wanted: int) -> int:
        """Return the worker that was meant, or the next one that is up; wait for one."""
        while True:
            for step in range(len(self._stage.workers)):
                number = (wanted + step) % len(self._stage.workers)
                if number not in self._down:
                    return number
            time.sleep(PAUSE)

    def _revive(self, number: int, down: float) -> None:
        time.sleep(down)
        worker = self._stage.workers[number]
        try:
            for _ in range(STARTS - 1):
                with suppress(StartError):  # a busy machine may need longer than it is given
                    worker.start()
                    return
            worker.start()
        finally:
            self._down.discard(number)

    def _look_for_fallen(self) -> None:
        for number, worker in enumerate(self._stage.workers):
            if number not in self._down and not worker.running:
                self.fallen.append(worker.name)
                worker.start()
