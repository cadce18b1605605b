"""Where anybody else listens to a client or wraps its calls, boto3 makes the copies."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient

from driver import hand_throttles_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.driver.lean.conftest import Clients, Store

COPY: dict[str, Any] = {"Bucket": "bucket", "Key": "a", "CopySource": "bucket/source"}
COPIED = b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"


@pytest.fixture
def lean(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each request that was sent lean."""
    from driver.lean.wire import Wire  # noqa: PLC0415

    sent, send = [], Wire.send

    def note(self: Wire, route: Any, request: Any) -> Any:
        sent.append(request.url)
        return send(self, route, request)

    monkeypatch.setattr(Wire, "send", note)
    return sent


@pytest.mark.parametrize(
    "event",
    [
        "provide-client-params",
        "before-parameter-build",
        "before-call",
        "request-created",
        "before-sign",
        "before-send",
        "before-parse",
        "response-received",
        "needs-retry",
        "after-call",
    ],
)
def test_a_hook_of_somebody_else_hears_every_copy(
    store: "Store",
    clients: "Clients",
    answer: "Callable[..., bytes]",
    *,
    lean: list[str],
    event: str,
) -> None:
    client, heard = clients.make("lean"), []

    def hear(**told: Any) -> None:
        heard.append(told["event_name"])

    store.then(answer(COPIED))
    client.copy_object(**COPY)
    client.meta.events.register(f"{event}.s3", hear)
    client.copy_object(**COPY)
    client.meta.events.unregister(f"{event}.s3", hear)
    client.copy_object(**COPY)

    assert heard == [f"{event}.s3.CopyObject"]
    assert len(lean) == 2
    assert len(store.asked) == 3


def test_a_tracer_that_wraps_calls_sees_every_copy(
    store: "Store",
    clients: "Clients",
    answer: "Callable[..., bytes]",
    *,
    lean: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, called = clients.make("lean"), []
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def trace(self: BaseClient, name: str, params: Any) -> Any:
        called.append(name)
        return call(self, name, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", trace)
    store.then(answer(COPIED))

    client.copy_object(**COPY)

    assert called == ["CopyObject"]
    assert lean == []


def test_our_own_hooks_leave_copies_lean(
    store: "Store", clients: "Clients", answer: "Callable[..., bytes]", lean: list[str]
) -> None:
    client = clients.make("lean")
    hand_throttles_on(client)
    store.then(answer(COPIED))

    client.copy_object(**COPY)

    assert len(lean) == 1


def test_behind_a_proxy_copies_are_boto3s(
    store: "Store",
    clients: "Clients",
    answer: "Callable[..., bytes]",
    *,
    lean: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", store.endpoint)
    monkeypatch.setenv("NO_PROXY", "")
    client = clients.make("lean", regionendpoint="http://s3.invalid")
    store.then(answer(COPIED))

    client.copy_object(**COPY)

    assert [each.line for each in store.asked] == ["PUT http://s3.invalid/bucket/a HTTP/1.1"]
    assert lean == []


def test_without_credentials_boto3_says_so(
    clients: "Clients", lean: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    client = clients.make("lean", accesskey="")

    with pytest.raises(Exception, match="credentials"):
        client.copy_object(**COPY)

    assert lean == []


def test_a_request_to_which_botocore_adds_something_is_boto3s(
    store: "Store",
    clients: "Clients",
    answer: "Callable[..., bytes]",
    *,
    lean: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Here what a function of AWS Lambda is traced by; a newer botocore may add what it likes."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "mover")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-2-3")
    client = clients.make("lean")
    store.then(answer(COPIED))

    client.copy_object(**COPY)

    assert [each.headers["x-amzn-trace-id"] for each in store.asked] == ["Root=1-2-3"]
    assert lean == []
