"""The alerts and the dashboard: each query parses, and asks for what a worker really shows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector

from s3mover.metrics.families import filled
from s3mover.metrics.snapshot import Snapshot

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
DASHBOARD = DEPLOY / "grafana" / "dashboard.json"
# Grafana fills these in before Prometheus sees the query.
VARIABLES = {"$__rate_interval": "5m"}
SCREEN = 24  # columns of a dashboard


def rules() -> list[dict[str, Any]]:
    return [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def queries() -> Iterator[str]:
    for rule in rules():
        yield rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            query = target["expr"]
            for variable, value in VARIABLES.items():
                query = query.replace(variable, value)
            yield query


def selectors(query: str) -> list[promql_parser.VectorSelector]:
    found: list[promql_parser.VectorSelector] = []

    def visit(node: object) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)

    promql_parser.walk(promql_parser.parse(query), visit)
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict[str, str]]]:
    """Return the labels of all samples of a worker, by name."""
    states = ("queued", "copying", "verifying", "deleting")
    snapshot = Snapshot(
        {"throttles:bucket": "1"},
        dict.fromkeys(states, 1),
        dict.fromkeys(states, 1.0),
        {"control": 1, "parts": 1},
        1,
    )
    own = CollectorRegistry()
    ProcessCollector(registry=own)
    samples: dict[str, list[dict[str, str]]] = {}
    for family in (*filled(snapshot), *own.collect()):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append(sample.labels)
    return samples


@pytest.mark.parametrize("query", sorted({*queries()}))
def test_a_query_asks_for_samples_that_a_worker_shows(
    query: str, shown: dict[str, list[dict[str, str]]]
) -> None:
    asked = selectors(query)

    assert asked
    for selector in asked:
        assert selector.name in shown
        wanted = {m.name: m.value for m in selector.matchers.matchers}
        assert any(wanted.keys() <= labels.keys() for labels in shown[str(selector.name)])
        equal = {
            m.name: m.value
            for m in selector.matchers.matchers
            if m.op == promql_parser.MatchOp.Equal
        }
        assert any(equal.items() <= labels.items() for labels in shown[str(selector.name)])


@pytest.mark.parametrize("query", sorted({*queries()}))
def test_the_figures_of_one_fleet_are_not_added_up_over_those_who_show_them(query: str) -> None:
    """Ten workers show the same counts: a plain sum would be ten times what is true."""
    for inside in re.findall(r"\bsum\s*\(\s*(\w+)", query):
        assert inside == "max"


def test_a_rule_has_what_prometheus_and_its_reader_need() -> None:
    names = [rule["alert"] for rule in rules()]

    assert len(names) == len(set(names))
    for rule in rules():
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}


def test_an_alert_compares(shown: dict[str, list[dict[str, str]]]) -> None:
    """A query without a comparison would fire for any value, 0 too."""
    for rule in rules():
        assert re.search(r"[<>=]=?\s*[\d.]|absent\(", rule["expr"]), rule["alert"]


def test_the_text_of_an_alert_names_only_labels_that_its_query_leaves() -> None:
    for rule in rules():
        used = set(re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"])))
        kept = set(re.findall(r"by \((\w+)\)", rule["expr"]))

        assert used <= kept, rule["alert"]


def test_each_panel_has_an_id_and_a_place_of_its_own() -> None:
    ids = [panel["id"] for panel in panels()]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(ids) == len(set(ids))
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < SCREEN


def test_the_dashboard_works_with_any_data_source() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    [variable] = dashboard["templating"]["list"]
    sources = [target["datasource"] for panel in panels() for target in panel["targets"]]

    assert (variable["name"], variable["type"], variable["query"]) == (
        "datasource",
        "datasource",
        "prometheus",
    )
    assert {source["uid"] for source in sources} == {"${datasource}"}
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in panels())
