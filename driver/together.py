"""Two requests at once, of which neither needs the answer of the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """
    Return what both return; the second runs in a thread of its own, in this one's context.

    Both have ended then, also where one fails. An error of the first goes before the second's,
    as if they ran one after the other.
    """
    with ThreadPoolExecutor(1, "both") as pool:
        later = pool.submit(copy_context().run, second)
        one = first()
        return one, later.result()
