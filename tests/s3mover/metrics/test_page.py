"""`docs/metrics.md` has the table of today: `python -m s3mover.metrics.page` writes it."""

from pathlib import Path

import yaml

from s3mover.metrics import page

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_has_the_table_of_today() -> None:
    text = page.PAGE.read_text()

    assert page.filled(text) == text


def test_the_page_has_every_alert() -> None:
    alerts = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text())
    names = {rule["alert"] for group in alerts["groups"] for rule in group["rules"]}
    text = page.PAGE.read_text()

    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
