"""What is left when all moves have ended, after the time that the sweeper is given."""

import time
from collections.abc import Callable

from redis import Redis

from tests.chaos.invariants import Violation, of_bucket, of_redis, of_uploads
from tests.chaos.plan import Plan
from tests.chaos.stock import Stock
from tests.process.queues import messages

POLL = 0.5


def of_run(plan: Plan, stock: Stock, redis: Redis, patience: float) -> list[Violation]:
    """Return what is still left in Redis and in the bucket after `patience` seconds."""
    expected = {key for case in plan.cases for key in (case.source, case.destination)}
    waited_for = _left_after(
        patience,
        lambda: (
            of_redis(redis.scan_iter(count=1000), messages(redis)) + of_uploads(stock.uploads())
        ),
    )
    ours = (key for key in stock.all_keys() if not key.startswith(("seed/", ".")))
    return waited_for + of_bucket(ours, expected)


def _left_after(patience: float, look: Callable[[], list[Violation]]) -> list[Violation]:
    deadline = time.monotonic() + patience
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(POLL)
    return left
