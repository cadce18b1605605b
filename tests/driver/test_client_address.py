from email.message import Message
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driver.client_address import client_address, read_address


@pytest.mark.parametrize(
    ("headers", "peer", "address"),
    [
        ({}, "192.0.2.1:4711", "192.0.2.1"),
        ({}, "192.0.2.1", "192.0.2.1"),
        ({}, "[2001:db8::1]:4711", "2001:db8::1"),
        ({}, "[2001:db8::1]", "2001:db8::1"),
        ({}, "2001:db8::1", "2001:db8::1"),
        ({}, "", ""),
        ({}, None, ""),
        ({}, "unix:", "unix"),
        ({"X-Forwarded-For": "192.0.2.7"}, "192.0.2.1:1", "192.0.2.7"),
        ({"X-Forwarded-For": "192.0.2.7, 10.0.0.1, 10.0.0.2"}, "192.0.2.1:1", "192.0.2.7"),
        ({"X-Forwarded-For": " 192.0.2.7 ,10.0.0.1"}, "192.0.2.1:1", "192.0.2.7"),
        ({"X-Forwarded-For": "[2001:db8::7]:99"}, "192.0.2.1:1", "2001:db8::7"),
        ({"X-Real-Ip": "192.0.2.8"}, "192.0.2.1:1", "192.0.2.8"),
        ({"X-Real-Ip": "192.0.2.8", "X-Forwarded-For": "192.0.2.7"}, "", "192.0.2.7"),
        ({"X-Real-Ip": "192.0.2.8", "X-Forwarded-For": "unknown"}, "", "192.0.2.8"),
        ({"X-Real-Ip": "unknown", "X-Forwarded-For": ""}, "192.0.2.1:1", "192.0.2.1"),
        ({"x-forwarded-for": "192.0.2.7"}, "192.0.2.1:1", "192.0.2.7"),
        ({"X-REAL-IP": "192.0.2.8"}, "192.0.2.1:1", "192.0.2.8"),
        ({"Forwarded": "for=192.0.2.9"}, "192.0.2.1:1", "192.0.2.1"),
    ],
)
def test_the_client_is_who_the_first_usable_header_names_else_the_peer(
    headers: dict[str, str], peer: str | None, address: str
) -> None:
    assert client_address(headers, peer) == address


def test_of_a_header_that_was_sent_twice_the_first_counts() -> None:
    headers: Any = Message()
    headers["X-Forwarded-For"] = "192.0.2.7"
    headers["X-Forwarded-For"] = "198.51.100.1"

    assert client_address(headers, None) == "192.0.2.7"


@given(st.text(), st.text(), st.text())
def test_whatever_the_headers_hold_there_is_an_answer(one: str, other: str, peer: str) -> None:
    address = client_address({"X-Forwarded-For": one, "X-Real-Ip": other}, peer)

    assert read_address(address) is not None or address in peer


@pytest.mark.parametrize("text", [None, "", "nonsense", "192.0.2", "192.0.2.1/32", "1" * 10_000])
def test_what_is_no_address_is_none(text: str | None) -> None:
    assert read_address(text) is None


def test_an_ipv4_address_in_ipv6_form_is_the_ipv4_address() -> None:
    assert str(read_address("::ffff:192.0.2.1")) == "192.0.2.1"
