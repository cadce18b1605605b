"""
A worker that stops gives back at once what it holds and will not begin.

Celery's warm shutdown keeps the messages that wait for their time until the last running task has
ended (celery/worker/consumer/consumer.py `on_close`, 5.7, read 2026-11): as long as a part takes.
"""

from __future__ import annotations

import logging
from typing import Any

from celery.worker.state import scheduled_requests  # type: ignore[attr-defined]  # new in 5.7
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def hand_back(consumer: Any) -> None:
    """Give waiting messages back to their queues; what runs already is ended and acknowledged."""
    if consumer.task_consumer is None:  # Redis is away
        return
    try:
        consumer.task_consumer.channel.stop_polling()
        for request in tuple(scheduled_requests):
            request.message.requeue()
    except (RedisError, OSError) as error:
        log.warning("waiting messages stay in Redis until their visibility ends: %s", error)
