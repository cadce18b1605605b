"""Putting the tab into Flower, and leaving Flower alone when it is another than was read."""

import importlib
import logging
import os
import runpy
from pathlib import Path
from typing import Any

import flower.urls  # type: ignore[import-untyped]
import prometheus_client
import pytest
from celery import Celery

from s3mover.flower import install, loader
from s3mover.flower.broker import broker_url

CONFIG = Path(__file__).parents[3] / "deploy" / "flowerconfig.py"
module = importlib.import_module("s3mover.flower.install")


@pytest.fixture(autouse=True)
def urls(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lend Flower's tables, and the registry of its metrics, for one test."""
    monkeypatch.setattr(flower.urls, "handlers", list(flower.urls.handlers))
    monkeypatch.setattr(flower.urls, "settings", dict(flower.urls.settings))
    monkeypatch.setattr(prometheus_client, "REGISTRY", prometheus_client.CollectorRegistry())
    monkeypatch.setenv("S3MOVER_BROKER_URL", "redis://127.0.0.1:1/0")
    return flower.urls


def paths(urls: Any) -> list[str]:
    return [getattr(h, "name", None) or "" for h in urls.handlers]


def test_the_tab_and_the_metrics_are_there(urls: Any, caplog: pytest.LogCaptureFixture) -> None:
    install()

    assert {"moves", "moves-rows", "moves-cancel"} <= set(paths(urls))
    assert urls.handlers[-1][0] == ".*"  # Flower's "not found" stays the last
    assert isinstance(urls.settings["template_loader"], loader.MovesLoader)
    names = {family.name for family in prometheus_client.REGISTRY.collect()}
    assert "s3mover_up" in names
    assert [r for r in caplog.records if r.name == module.log.name] == []


def change_version(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(module, "version", lambda _: "2.3.0")


def change_handlers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(flower.urls, "handlers", tuple(flower.urls.handlers))


def change_settings(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(flower.urls.settings, "template_path")


def test_a_navigation_that_is_another_is_refused() -> None:
    with pytest.raises(ValueError, match="not as it was"):
        loader.with_tab("<nav><ul></ul></nav>")


@pytest.mark.parametrize("change", [change_version, change_handlers, change_settings])
def test_another_flower_stays_as_it_is_and_the_log_says_so(
    urls: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, change: Any
) -> None:
    change(monkeypatch)
    handlers = urls.handlers

    install()

    assert urls.handlers == handlers
    assert "template_loader" not in urls.settings
    [warning] = [r for r in caplog.records if r.name == module.log.name]
    assert warning.levelno == logging.WARNING
    assert warning.getMessage().startswith("Flower runs without the tab Moves: ")


def test_the_columns_of_tasks_are_the_users_if_he_names_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "result" in runpy.run_path(str(CONFIG))["tasks_columns"]

    monkeypatch.setitem(os.environ, "FLOWER_TASKS_COLUMNS", "name")

    assert "tasks_columns" not in runpy.run_path(str(CONFIG))


def test_the_config_sets_no_option_by_accident() -> None:
    """Flower takes each name in it that is one of its options."""
    names = {name for name in runpy.run_path(str(CONFIG)) if not name.startswith("__")}

    assert names == {"os", "install", "tasks_columns"}


def test_the_broker_is_that_of_celery_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with Celery(broker="redis://flowers/1", set_as_current=False) as app:
        assert broker_url(app) == "redis://127.0.0.1:1/0"
        monkeypatch.delenv("S3MOVER_BROKER_URL")
        assert broker_url(app) == "redis://flowers/1"
