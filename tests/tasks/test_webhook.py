"""A webhook goes to the address that was looked at, and holds nobody up; real sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config import S3Settings, Settings
from s3mover import MoveRecord, State
from tasks import pinned, webhook
from tasks.receivers import CallbackRefused
from tasks.webhook import NotDelivered, ReceiverGone
from tests.process.hooks import Hooks, answering
from tests.process.tls import TlsRelay, certify

SECRET = "whsec_" + "c2VjcmV0" * 4
NAME = "hooks.example.com"
RECORD = MoveRecord(
    id="m",
    source="s3://a/x",
    destination="s3://b/y",
    state=State.DONE,
    callbacks={"webhook": "waiting"},
    created_at=datetime(2026, 11, 24, tzinfo=UTC),
    updated_at=datetime(2026, 11, 24, tzinfo=UTC),
    finished_at=datetime(2026, 11, 24, 1, tzinfo=UTC),
)
Names = Callable[..., list[str]]


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    with Hooks() as hooks:
        yield hooks


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Have a name looked up; each time it has other addresses. Returns what was looked up."""

    def answer(*answers: list[str]) -> list[str]:
        asked: list[str] = []
        left = list(answers)
        real = socket.getaddrinfo

        def look_up(host: str, port: int, *args: Any, **options: Any) -> Any:
            if host != NAME:
                return real(host, port, *args, **options)
            asked.append(host)
            return [entry for each in left.pop(0) for entry in real(each, port, *args, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return answer


def settings(port: int, *, private: bool = True, host: str = NAME) -> Settings:
    return Settings(
        s3=S3Settings(bucket="bbb", region="eu-central-1"),
        webhook_hosts=frozenset({f"{host}:{port}"}),
        webhook_secret=SecretStr(SECRET),
        webhook_private=private,
    )


def test_the_body_is_the_same_at_each_try_and_says_nothing_of_the_tries() -> None:
    tried = RECORD.model_copy(update={"callbacks": {"webhook": "try 1 failed"}})

    assert webhook.payload(RECORD) == webhook.payload(tried)
    assert '"type": "move.done", "timestamp": "2026-11-24T01:00:00+00:00"' in webhook.payload(tried)
    assert "callbacks" not in webhook.payload(tried)


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_called(
    hooks: Hooks, names: Names
) -> None:
    asked = names(["127.0.0.1"], ["8.8.8.8"])

    said = webhook.send(settings(hooks.port), f"http://{NAME}:{hooks.port}/x", RECORD)

    assert (said, asked) == ("sent", [NAME])
    (call,) = hooks.heard.calls
    assert call.headers["Host"] == f"{NAME}:{hooks.port}"


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["10.1.2.3"]]
)
def test_a_name_that_has_a_private_address_is_not_called(
    hooks: Hooks, names: Names, addresses: list[str]
) -> None:
    names(addresses)

    with pytest.raises(CallbackRefused, match="a private address"):
        webhook.send(settings(hooks.port, private=False), f"http://{NAME}:{hooks.port}/x", RECORD)
    assert hooks.heard.calls == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "017700000001"])
def test_a_number_for_an_address_is_looked_at_like_the_address(hooks: Hooks, host: str) -> None:
    own = settings(hooks.port, private=False, host=host)

    with pytest.raises(CallbackRefused, match="a private address"):
        webhook.send(own, f"http://{host}:{hooks.port}/", RECORD)
    assert hooks.heard.calls == []


def test_a_redirect_is_not_followed(hooks: Hooks) -> None:
    hooks.heard.answers = [answering(307, Location=hooks.url("/secret"))]

    with pytest.raises(NotDelivered, match="answered 307, and redirects are not followed"):
        webhook.send(settings(hooks.port, host="localhost"), hooks.url(), RECORD)
    assert [call.path for call in hooks.heard.calls] == ["/hook"]


def test_a_receiver_that_says_gone_is_not_asked_again(hooks: Hooks) -> None:
    hooks.heard.answers = [answering(410)]

    with pytest.raises(ReceiverGone):
        webhook.send(settings(hooks.port, host="localhost"), hooks.url(), RECORD)


def test_the_next_address_is_tried_when_one_does_not_answer(hooks: Hooks, names: Names) -> None:
    names(["::1", "127.0.0.1"])

    assert webhook.send(settings(hooks.port), f"http://{NAME}:{hooks.port}", RECORD) == "sent"
    assert hooks.heard.calls[0].path == "/"


@pytest.mark.parametrize("host", [NAME, "a" * 70 + ".example", ".example"])
def test_a_name_that_cannot_be_found_is_tried_again(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RES_OPTIONS", "timeout:1 attempts:1")

    with pytest.raises(NotDelivered):
        webhook.send(settings(80, host=host), f"http://{host}:80/", RECORD)


@pytest.mark.parametrize("tls", [False, True])
def test_one_who_sends_a_byte_at_a_time_is_cut_off(
    tls: bool,  # noqa: FBT001  # a parameter
    monkeypatch: pytest.MonkeyPatch,
    hooks: Hooks,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(pinned, "TOTAL_TIMEOUT", 0.6)
    certificate, key = certify(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    over = threading.Event()

    def drip(handler: Any) -> None:
        for _ in range(600):
            if over.wait(0.1):
                return
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            handler.wfile.flush()

    hooks.heard.answers = [drip]
    with TlsRelay(hooks.port, certificate, key) as relay:
        port = relay.port if tls else hooks.port
        url = f"http{'s' if tls else ''}://127.0.0.1:{port}"
        begun = time.monotonic()
        with pytest.raises(NotDelivered):
            webhook.send(settings(port, host="127.0.0.1"), url, RECORD)
        over.set()

    assert time.monotonic() - begun < 30


def test_tls_is_checked_for_the_name_and_not_for_the_address(
    hooks: Hooks, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = certify(tmp_path)  # it is 127.0.0.1's
    names(["127.0.0.1"])
    with TlsRelay(hooks.port, certificate, key) as relay:
        own = Settings(
            **settings(relay.port).model_dump()
            | {"webhook_hosts": {f"{NAME}:{relay.port}", f"127.0.0.1:{relay.port}"}}
        )
        with pytest.raises(NotDelivered, match=r"(?i)certificate"):  # nobody vouches for it
            webhook.send(own, f"https://127.0.0.1:{relay.port}", RECORD)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert webhook.send(own, f"https://127.0.0.1:{relay.port}", RECORD) == "sent"
        with pytest.raises(NotDelivered, match=r"(?i)certificate"):
            webhook.send(own, f"https://{NAME}:{relay.port}", RECORD)
    assert len(hooks.heard.calls) == 1


def test_what_answers_without_http_or_without_end_is_a_failure(hooks: Hooks) -> None:
    for nonsense in (b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, b""):
        hooks.heard.answers = [lambda handler, text=nonsense: handler.wfile.write(text) and None]  # type: ignore[misc]
        with pytest.raises(NotDelivered) as caught:
            webhook.send(settings(hooks.port, host="localhost"), hooks.url(), RECORD)
        assert len(str(caught.value)) < 300


def test_no_secret_is_in_an_error_or_a_repr(hooks: Hooks) -> None:
    own = settings(hooks.port, host="localhost")
    hooks.heard.answers = [answering(500)]

    with pytest.raises(NotDelivered) as caught:
        webhook.send(own, hooks.url("/token-4711"), RECORD)

    assert "token-4711" not in str(caught.value)
    assert SECRET not in repr(own)
    assert SECRET not in repr(own.model_dump())
