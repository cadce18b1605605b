"""A deployment's least settings, and a way to ask for its faults."""

from collections.abc import Callable

import pytest

from config import Settings, SettingsError, load


@pytest.fixture
def needed() -> dict[str, str]:
    return {"S3MOVER_S3_BUCKET": "photos", "S3MOVER_S3_REGION": "eu-central-1"}


@pytest.fixture
def loaded(needed: dict[str, str]) -> Callable[..., Settings]:
    """Load the least settings and what a test adds by `S3MOVER_` names without the prefix."""

    def load_with(**added: str) -> Settings:
        return load(needed | {f"S3MOVER_{name}": text for name, text in added.items()})

    return load_with


@pytest.fixture
def faults(loaded: Callable[..., Settings]) -> Callable[..., list[str]]:
    """Load like `loaded`, and return the faults."""

    def faults_with(**added: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            loaded(**added)
        return caught.value.faults

    return faults_with
