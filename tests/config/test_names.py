"""An unknown name is refused, with the name that was likely meant."""

from collections.abc import Callable

import pytest

from config.names import VARIABLES

Faults = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BROKR_URL", "BROKER_URL"),
        ("S3_CHUNK_SIZE", "S3_CHUNKSIZE"),
        ("CHUNKSIZE", "S3_CHUNKSIZE"),
        ("S3_SECRET_KEY", "S3_SECRETKEY"),
        ("SECRET_DIR", "SECRETS_DIR"),
        ("CONFIG_FILE", "CONFIG"),
        ("s3_chunksize", "S3_CHUNKSIZE"),
    ],
)
def test_an_unknown_variable_is_told_what_was_meant(faults: Faults, name: str, meant: str) -> None:
    assert faults(**{name: "hunter2"}) == [
        f"S3MOVER_{name}: unknown setting, did you mean S3MOVER_{meant}?"
    ]


def test_a_variable_like_no_other_is_to_be_removed(faults: Faults) -> None:
    assert faults(QQQ="1") == ["S3MOVER_QQQ: unknown setting, remove it"]


def test_every_setting_has_one_variable() -> None:
    assert VARIABLES["S3MOVER_S3_MULTIPARTCOPYCHUNKSIZE"] == "s3.multipartcopychunksize"
    assert VARIABLES["S3MOVER_BROKER_URL"] == "broker_url"
    assert len(set(VARIABLES.values())) == len(VARIABLES)


def test_what_belongs_to_the_web_application_may_be_there_too(faults: Faults) -> None:
    assert faults(WEB_TOKEN="hunter2", QQQ="1") == ["S3MOVER_QQQ: unknown setting, remove it"]
