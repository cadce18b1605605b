"""
The current trace of OpenTelemetry, for messages, journal and logs.

Nothing is loaded for it: where no part of a process has loaded OpenTelemetry, there is no trace.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def headers() -> dict[str, str]:
    """Return the headers by which a message carries the current trace on."""
    carrier: dict[str, str] = {}
    if _is_there():
        import_module("opentelemetry.propagate").inject(carrier)
    return carrier


def parent() -> str:
    """Return the current span as W3C's `traceparent`; '' if there is none."""
    if not _is_there():
        return ""
    carrier: dict[str, str] = {}
    _w3c().inject(carrier)
    return carrier.get("traceparent", "")


@contextmanager
def continuing(traceparent: str) -> Iterator[None]:
    """Have what the block publishes follow this span, instead of the one that is current."""
    if not traceparent or not _is_there():
        yield
        return
    context = import_module("opentelemetry.context")
    token = context.attach(_w3c().extract({"traceparent": traceparent}))
    try:
        yield
    finally:
        context.detach(token)


def trace_id() -> str | None:
    """Return the id of the current trace, in hexadecimal."""
    return parent()[3:35] or None


def _is_there() -> bool:
    return "opentelemetry.trace" in sys.modules


def _w3c() -> Any:
    return import_module(
        "opentelemetry.trace.propagation.tracecontext"
    ).TraceContextTextMapPropagator()
