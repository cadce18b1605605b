import logging
from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import AccessDenied, S3Driver

if TYPE_CHECKING:
    from tests.driver.conftest import Stub


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.message for line in caplog.records if line.name == "driver.request_log"]


def test_each_request_and_its_answer_are_logged(
    stub: "Stub", stub_settings: S3Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code></Error>")
    storage = S3Driver(stub_settings.model_copy(update={"loglevel": "debugwithsigning"}))

    with pytest.raises(AccessDenied):
        storage.put_content("/a", b"content")

    url = f"{stub_settings.regionendpoint}/bucket/a"
    assert said(caplog) == [f"PutObject PUT {url}", "PutObject answered 403"]
    assert "content" not in caplog.text
    assert "Signature" not in caplog.text


def test_nothing_is_logged_by_default(
    stub: "Stub", stub_settings: S3Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(200)

    S3Driver(stub_settings).put_content("/a", b"")

    assert said(caplog) == []
