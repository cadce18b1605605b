"""Asking what may not answer: for a bounded time, and one question at a time."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Limited(Generic[T]):
    """
    Calls a function in a thread of its own; whoever asks meanwhile shares the answer.

    A timeout of sockets does not bound the search for a name, and an asker may not hang for that.
    """

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._answer: Future[T] | None = None

    def __call__(self) -> T:
        """Return the answer, or raise what was raised; TimeoutError when there is none in time."""
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                args = (self._answer,)
                threading.Thread(target=self._run, args=args, name="metrics", daemon=True).start()
            answer = self._answer
        return answer.result(self._seconds)

    def _run(self, answer: Future[T]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:  # noqa: BLE001  # it is raised where the question was asked
            answer.set_exception(error)
