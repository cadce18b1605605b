"""What is left when all moves have ended, after the time that the sweeper is given."""

import time

from redis import Redis

from tests.chaos.invariants import Violation, of_bucket, of_redis, of_uploads
from tests.chaos.plan import Plan
from tests.chaos.stage import Stage
from tests.chaos.stock import Stock
from tests.process.queues import messages

POLL = 2.0


def of_run(plan: Plan, stock: Stock, stage: Stage, patience: float) -> list[Violation]:
    """
    Return what is still left in Redis and in the bucket after `patience` seconds.

    The janitor comes once an hour by itself; here it is asked to come, for marks that are left.
    """
    deadline = time.monotonic() + patience
    while (left := _left(plan, stock, stage.redis)) and time.monotonic() < deadline:
        stage.mover.sweep()
        time.sleep(POLL)
    return left


def _left(plan: Plan, stock: Stock, redis: Redis) -> list[Violation]:
    expected = {key for case in plan.cases for key in (case.source, case.destination)}
    ours = (key for key in stock.all_keys() if not key.startswith(("seed/", ".")))
    return [
        *of_redis(redis.scan_iter(count=1000), messages(redis)),
        *of_uploads(stock.uploads()),
        *of_bucket(ours, expected),
    ]
