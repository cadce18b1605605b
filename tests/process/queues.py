"""What Celery's messages are doing in Redis."""

from typing import cast

from redis import Redis

from s3mover.contract import CONTROL_QUEUE, PARTS_QUEUE


def messages(redis: Redis) -> list[str]:
    """Return the messages that are queued or not acknowledged, at one moment."""
    pipe = redis.pipeline()
    for queue in (CONTROL_QUEUE, PARTS_QUEUE):
        pipe.lrange(queue, 0, -1)
    pipe.hvals("unacked")
    return [text for found in pipe.execute() for text in cast("list[str]", found)]
