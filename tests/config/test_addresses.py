"""Where a worker shows its metrics."""

from collections.abc import Callable

import pytest

from config import Settings

Loaded = Callable[..., Settings]
Faults = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:9540", "127.0.0.1", 9540),
        ("10.0.0.7:1", "10.0.0.7", 1),
        ("[::1]:65535", "::1", 65535),
        ("localhost:9540", "localhost", 9540),
    ],
)
def test_an_address_is_a_host_and_a_port(loaded: Loaded, text: str, host: str, port: int) -> None:
    address = loaded(METRICS_ADDRESS=text).metrics_address

    assert address == (host, port)
    assert str(address) == text


def test_no_address_is_none(loaded: Loaded) -> None:
    assert loaded().metrics_address is None
    assert loaded(METRICS_ADDRESS="").metrics_address is None


@pytest.mark.parametrize(
    "text", ["9540", ":9540", "127.0.0.1", "127.0.0.1:", "::1:9540", "h:http", "h:0", "h:65536"]
)
def test_what_is_no_address_is_refused(faults: Faults, text: str) -> None:
    [fault] = faults(METRICS_ADDRESS=text)

    assert "METRICS_ADDRESS" in fault
    assert "invalid address" in fault
