"""Which addresses a webhook may be sent to."""

import pytest

from tasks.addresses import trouble

PUBLIC = ["8.8.8.8", "::ffff:8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "2002:808:808::"]
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("0.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "fc00::1", "fec0::1", "2001:db8::1", "64:ff9b:1::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
]
NEVER = [
    *("169.254.169.254", "169.254.170.2", "0.0.0.0", "224.0.0.1"),  # noqa: S104  # none is bound
    *("fe80::1", "fe80::1%eth0", "::", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
]

METADATA = [
    *("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "100.100.100.200", "168.63.129.16"),
    *("::ffff:168.63.129.16", "64:ff9b::a83f:8110"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert [trouble(address, private=allowed) for allowed in (False, True)] == ["", ""]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_may_be_called_only_if_that_is_allowed(address: str) -> None:
    assert trouble(address, private=False) == "a private address"
    assert trouble(address, private=True) == ""


@pytest.mark.parametrize("address", NEVER)
def test_where_clouds_give_credentials_away_is_never_called(address: str) -> None:
    assert "link-local" in trouble(address, private=False)
    assert "link-local" in trouble(address, private=True)


@pytest.mark.parametrize("address", METADATA)
def test_nor_are_the_addresses_of_clouds_that_are_not_link_local(address: str) -> None:
    assert "metadata" in trouble(address, private=False)
    assert "metadata" in trouble(address, private=True)
