"""What a worker reports of buckets that do not answer."""

import socket

import pytest

from config import S3Settings, Settings
from tasks import examination


def test_stores_that_never_answer_are_reported_while_somebody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examination, "READ_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        s3 = S3Settings(
            regionendpoint=f"http://127.0.0.1:{mute.getsockname()[1]}",
            accesskey="fake",
            secretkey="fake",
            bucket="one",
        )
        settings = Settings(s3=s3, buckets=["one", "other"])

        report = examination.examine(settings, "celery@here")

    assert [(each.bucket, each.status) for each in report.findings] == [
        ("one", "failed"),
        ("one", "skipped"),
        ("other", "failed"),
        ("other", "skipped"),
    ]
