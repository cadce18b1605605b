"""What the tests of the deployment share: compose.yaml as it is written."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def services() -> dict[str, dict[str, Any]]:
    """Return the services of compose.yaml, its anchors resolved and its variables not."""
    compose: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services: dict[str, dict[str, Any]] = compose["services"]
    return services
