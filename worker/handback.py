"""
A worker that stops gives back at once what it holds and will not begin.

Celery's warm shutdown keeps such messages until the last running task has ended, as long as a part
takes: those that wait for their time, and those received while all threads were taken
(celery/worker/consumer/consumer.py `on_close`, 5.7, read 2026-11).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from celery.worker.state import (  # type: ignore[attr-defined]  # the first is new in 5.7
    active_requests,
    reserved_requests,
    scheduled_requests,
)
from kombu.exceptions import MessageStateError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def hand_back(consumer: Any) -> None:
    """
    Give waiting messages back to their queues; what runs already is ended and acknowledged.

    One that begins at this very moment is delivered twice, which does no harm.
    """
    if consumer.task_consumer is None:  # Redis is away
        return
    try:
        consumer.task_consumer.channel.stop_polling()
        for request in {*scheduled_requests, *reserved_requests} - {*active_requests}:
            with suppress(MessageStateError):  # it has begun and ended meanwhile
                request.message.requeue()
                request.acknowledged = True
    except (RedisError, OSError) as error:
        log.warning("waiting messages stay in Redis until their visibility ends: %s", error)
