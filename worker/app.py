"""The Celery application: how tasks run, from settings that are read when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Celery
from kombu import Exchange, Queue

from config.broker import with_certificate_check
from s3mover.broker import read_broker
from s3mover.contract import CONTROL_QUEUE, COPY_PART_TASK, PARTS_QUEUE, SWEEP_TASK
from s3mover.prefix_contract import BATCH_QUEUE, MOVE_BATCH_TASK
from s3mover.sentinels import transport_options
from tasks import deployment
from worker import events, health, liveness, logs, metrics, tracing

if TYPE_CHECKING:
    from config import Settings

# Seconds for one Sentinel: there are others.
_PATIENCE = {"socket_connect_timeout": 2, "socket_timeout": 2}

app = Celery("s3mover", include=["tasks"], set_as_current=True)


def queue(name: str) -> Queue:
    # Without an exchange and a routing key of its own a queue is bound to the default queue's.
    return Queue(name, Exchange(name), routing_key=name)


def configuration(settings: Settings) -> dict[str, Any]:
    """Return Celery's configuration, in the names of Celery 5.7 and kombu 5.7."""
    broker = read_broker(with_certificate_check(settings.broker_url.get_secret_value()))
    sentinels = transport_options(broker, _PATIENCE)
    kind = "SentinelTransport" if sentinels else "Transport"
    return {
        "broker_url": broker.url,
        "broker_transport": f"worker.transport:{kind}",
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_pool_limit": settings.concurrency + 10,
        "broker_transport_options": {**_transport(settings), **sentinels},
        "result_backend": broker.backend,
        "result_backend_always_retry": True,
        "result_backend_transport_options": {"result_chord_ordered": False, **sentinels},
        "redis_socket_connect_timeout": 5,
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_default_queue": CONTROL_QUEUE,
        "task_default_exchange": CONTROL_QUEUE,
        "task_default_routing_key": CONTROL_QUEUE,
        "task_queues": [queue(CONTROL_QUEUE), queue(PARTS_QUEUE)],
        "task_routes": {
            COPY_PART_TASK: {"queue": PARTS_QUEUE},
            MOVE_BATCH_TASK: {"queue": BATCH_QUEUE},
        },
        "worker_consumer": "worker.consumer:Consumer",
        "worker_pool": "threads",
        "worker_concurrency": settings.concurrency,
        "worker_prefetch_multiplier": 1,
        # A redelivered part whose result is stored would be dropped uncounted by its chord.
        "worker_deduplicate_successful_tasks": False,
        # Threads cannot be cancelled, and a part copied while Redis was away still counts.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "beat_schedule": _schedule(settings),
    }


def _transport(settings: Settings) -> dict[str, Any]:
    restore = max(1, min(10, settings.visibility_timeout // 4))
    return {
        "visibility_timeout": settings.visibility_timeout,
        "unacked_restore_interval": restore,
        "unacked_restore_throttle": 1,
        # A worker killed while it restores blocks all others for this long.
        "unacked_mutex_expire": 3 * restore,
        "queue_order_strategy": "round_robin",
        "socket_keepalive": True,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "max_connections": settings.concurrency + 100,
    }


def _schedule(settings: Settings) -> dict[str, Any]:
    return {
        "sweep": {
            "task": SWEEP_TASK,
            "schedule": settings.sweep_interval,
            "options": {"queue": CONTROL_QUEUE, "expires": settings.sweep_interval},
        }
    }


@app.add_defaults
def _defaults() -> dict[str, Any]:
    """Read the settings when Celery first needs them: an import needs no environment."""
    return configuration(deployment.settings())


events.connect()
health.connect()
liveness.connect()
logs.connect()
metrics.connect()
tracing.connect()
