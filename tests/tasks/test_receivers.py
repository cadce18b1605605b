"""What a deployment allows: the queues and hosts that its operator has named, and no more."""

from typing import Any

import pytest
from pydantic import SecretStr

from config import S3Settings, Settings
from s3mover import MoveRequest
from tasks.receivers import CallbackRefused, check

SECRET = SecretStr("whsec_" + "c2VjcmV0" * 4)
HOSTS = {
    *("hooks.example.com", "web:8000", "[::1]", "127.0.0.1", "169.254.169.254", "2130706433"),
    *("[::ffff:127.0.0.1]", "xn--bcher-kva.example"),
}


def settings(**given: Any) -> Settings:
    own: dict[str, Any] = {
        "callback_queues": {"web"},
        "webhook_hosts": HOSTS,
        "webhook_secret": SECRET,
    }
    return Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"), **own | given)


def asking(**fields: Any) -> MoveRequest:
    return MoveRequest(source="s3://bbb/a", destination="s3://bbb/b", **fields)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://HOOKS.example.com:443/x?y",
        "http://hooks.example.com./x",
        "http://web:8000/x",
        "http://2130706433/",  # a name like any other, until it is looked up
    ],
)
def test_a_host_that_was_named_may_be_called(url: str) -> None:
    check(settings(), asking(webhook=url))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "https://hooks.example.com.evil.example/",
        "https://evil-hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:80/",
        "http://web/",
        "http://[::2]/",
    ],
)
def test_any_other_host_or_port_is_refused(url: str) -> None:
    with pytest.raises(CallbackRefused, match=r"S3MOVER_WEBHOOK_HOSTS allows .*web:8000"):
        check(settings(), asking(webhook=url))


def test_by_default_nothing_is_allowed_and_the_error_says_what_to_set() -> None:
    nothing = settings(callback_queues=None, webhook_hosts=None, webhook_secret=None)

    with pytest.raises(CallbackRefused, match="S3MOVER_WEBHOOK_HOSTS allows none"):
        check(nothing, asking(webhook="https://hooks.example.com"))
    with pytest.raises(CallbackRefused, match="S3MOVER_CALLBACK_QUEUES allows none"):
        check(nothing, asking(on_end={"task": "t", "queue": "web"}))
    check(nothing, asking())


def test_no_webhook_goes_unsigned() -> None:
    with pytest.raises(CallbackRefused, match="set S3MOVER_WEBHOOK_SECRET"):
        check(settings(webhook_secret=""), asking(webhook="https://hooks.example.com"))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_refused_at_once_unless_it_is_allowed(host: str) -> None:
    asked = asking(webhook=f"http://{host}/")

    with pytest.raises(CallbackRefused, match="S3MOVER_WEBHOOK_PRIVATE=true allows"):
        check(settings(), asked)
    check(settings(webhook_private=True), asked)


def test_an_address_of_metadata_is_refused_even_then() -> None:
    with pytest.raises(CallbackRefused, match="link-local"):
        check(settings(webhook_private=True), asking(webhook="http://169.254.169.254/latest"))


def test_the_queue_of_another_program_is_refused() -> None:
    with pytest.raises(CallbackRefused, match=r"queue billing: S3MOVER_CALLBACK_QUEUES allows web"):
        check(settings(), asking(on_end={"task": "t", "queue": "billing"}))
