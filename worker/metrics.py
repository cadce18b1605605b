"""
The metrics that a worker shows to Prometheus: those of all moves, and of its own process.

With the pool of processes the parent shows them, of itself.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery.signals import worker_ready
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)

from s3mover.metrics import MovesCollector
from tasks import deployment

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

    from config import Settings

log = logging.getLogger(__name__)


def connect() -> None:
    """Have a worker show its metrics once it is ready: the processes of a pool exist by then."""
    worker_ready.connect(serve)


def serve(**_: Any) -> WSGIServer | None:
    """Listen, in daemon threads; a worker whose port is taken goes on without."""
    settings = deployment.settings()
    address = settings.metrics_address
    if address is None:
        return None
    try:
        server, _thread = start_http_server(address.port, address.host, registry(settings))
    except OSError as error:
        log.error(  # noqa: TRY400  # the trace tells an operator nothing
            "S3MOVER_METRICS_ADDRESS: cannot listen at %s: %s; this worker shows no metrics",
            address,
            error.strerror or error,
        )
        return None
    log.info("metrics at http://%s/metrics", address)
    return server


def registry(settings: Settings) -> CollectorRegistry:
    """Return a registry of all moves and of this process."""
    own = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=own)
    own.register(MovesCollector(settings.broker_url.get_secret_value()))
    return own
