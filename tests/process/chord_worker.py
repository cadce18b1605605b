"""Stand-ins for the two tasks of a move's chord, in a worker configured as the project's own.

A test says in Redis what each part does: `fail:GROUP` is the set of those that raise,
`next:GROUP` the part that each publishes, and `gate:GROUP` has one entry for each part of
`hold:GROUP` that may end.
"""

from typing import Any, cast

from celery import Celery

from s3mover.contract import COPY_PART_TASK, SETTLE_TASK
from tasks import chord, deployment
from worker.app import configuration

app = Celery("chord", set_as_current=True)


@app.add_defaults
def _defaults() -> dict[str, Any]:
    return configuration(deployment.settings())


# Not lazy: they are there before the project's own tasks of these names.
@app.task(name=COPY_PART_TASK, lazy=False)
def copy_part(move_id: str, generation: int, part: int) -> str:
    redis = deployment.current().redis
    group = chord.group_id(move_id, generation)
    redis.rpush(f"begun:{group}", part)
    if redis.sismember(f"hold:{group}", str(part)):
        redis.blpop([f"gate:{group}"], timeout=30)
    following = cast("str | None", redis.hget(f"next:{group}", str(part)))
    if following:
        chord.publish(group, int(following))
    redis.rpush(f"ended:{group}", part)
    if redis.sismember(f"fail:{group}", str(part)):
        raise RuntimeError(part)
    return "copied"


@app.task(name=SETTLE_TASK, lazy=False)
def settle(key: str) -> str:
    """Note how many parts had ended when the chord fired."""
    redis = deployment.current().redis
    redis.rpush(f"settled:{key}", redis.llen(f"ended:{key}"))
    return "settled"
