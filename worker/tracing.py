"""
One trace a move: from the request that asked for it, over its tasks, to the calls of S3.

On when OpenTelemetry's own variables name a collector: `OTEL_EXPORTER_OTLP_ENDPOINT`. Parts and
verdicts follow the span that has planned their move, however late and by whom they are published.
"""

from __future__ import annotations

import logging
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from celery.signals import task_prerun, worker_init, worker_process_shutdown

from worker import subject

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_INSTRUMENTORS = (
    ("opentelemetry.instrumentation.celery", "CeleryInstrumentor"),
    ("opentelemetry.instrumentation.botocore", "BotocoreInstrumentor"),
)
NAME = "s3mover-worker"


def connect() -> None:
    """Have a worker trace from its start; processes that are forked from it go on with that."""
    worker_init.connect(start)


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Tell whether OpenTelemetry's variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp") == "none":
        return False
    return any(environment.get(name) for name in _ENDPOINTS)


def start(**_: Any) -> None:
    """Trace, if that is wanted and OpenTelemetry is there; the worker goes on in any case."""
    if not is_wanted(os.environ):
        return
    try:
        _provide()
        for module, name in _INSTRUMENTORS:
            instrumentor = getattr(import_module(module), name)()
            if not instrumentor.is_instrumented_by_opentelemetry:
                instrumentor.instrument()
    except ImportError as error:
        log.error(  # noqa: TRY400  # the trace tells an operator nothing
            "no traces, though OTEL_EXPORTER_OTLP_ENDPOINT is set: %s: pip install 's3mover[otel]'",
            error,
        )
        return
    task_prerun.connect(describe)  # after Celery's instrumentor, which begins the span
    worker_process_shutdown.connect(flush)


def describe(**_: Any) -> None:
    """Name the move and its part in the span of the task, to search for them."""
    about = subject.current()
    if about is None:
        return
    names = "move", "generation", "part", "page"
    found = {name: getattr(about, name) for name in names}
    span = import_module("opentelemetry.trace").get_current_span()
    span.set_attributes({f"s3mover.{k}": v for k, v in found.items() if v is not None})


def flush(**_: Any) -> None:
    """Send what a process of a pool still has: it ends without the interpreter's exit."""
    import_module("opentelemetry.trace").get_tracer_provider().force_flush()


def _provide() -> None:
    """Send spans to the collector, unless somebody has seen to that: `opentelemetry-instrument`."""
    trace = import_module("opentelemetry.trace")
    sdk = import_module("opentelemetry.sdk.trace")
    if isinstance(trace.get_tracer_provider(), sdk.TracerProvider):
        return
    export = import_module("opentelemetry.sdk.trace.export")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resources = import_module("opentelemetry.sdk.resources")
    named = resources.Resource({"service.name": NAME})
    # What the environment says goes before the name of ours.
    provider = sdk.TracerProvider(resource=named.merge(_from_environment(resources)))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def _from_environment(resources: Any) -> Any:
    return resources.OTELResourceDetector().detect()
