"""
Putting the tab into Flower before it builds its application.

`flower.urls` is no public interface (2.2.0, read 2026-11): all of it is looked at first, and when
something is not as it was, Flower runs as it is, without the tab.
"""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_KNOWN = "2.2."


def install() -> None:
    """Add the tab *Moves* and the moves' metrics; what cannot be added is a warning in the log."""
    _try("the tab Moves", _add_tab)
    _try("the metrics of the moves", _add_metrics)


def _try(what: str, add: Callable[[], None]) -> None:
    try:
        add()
    except Exception as error:  # noqa: BLE001  # plain Flower is better than none
        reason = str(error) or type(error).__name__
        log.warning("Flower runs without %s: %s", what, reason)


def _add_tab() -> None:
    _check_version()
    urls: Any = import_module("flower.urls")
    handlers = import_module("s3mover.flower.handlers").HANDLERS
    loader = import_module("s3mover.flower.loader").MovesLoader(urls.settings["template_path"])
    loader.check()
    if not isinstance(urls.handlers, list):
        raise TypeError("flower.urls.handlers is no list")
    urls.settings["template_loader"] = loader
    urls.handlers[:0] = handlers  # in place: flower.app has the same list


def _check_version() -> None:
    try:
        found = version("flower")
    except PackageNotFoundError:
        raise ImportError("it needs the extra: pip install 's3mover[flower]'") from None
    if not found.startswith(_KNOWN):
        raise ImportError(f"it was made for Flower {_KNOWN}x, and this is {found}")


def _add_metrics() -> None:
    """Add the collector to what Flower's /metrics shows: prometheus-client's own registry."""
    registry = import_module("prometheus_client").REGISTRY
    collector = import_module("s3mover.metrics").MovesCollector
    app = import_module("celery").current_app
    registry.register(collector(import_module("s3mover.flower.broker").broker_url(app)))
