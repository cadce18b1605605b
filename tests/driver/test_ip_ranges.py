import itertools
import json
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driver.ip_ranges import IpRanges, read_ranges


def document(*v4: str, v6: tuple[str, ...] = (), region: str = "eu-west-1") -> dict[str, Any]:
    """Return an ip-ranges.json as Amazon makes them."""
    return {
        "syncToken": "1",
        "createDate": "2026-11-01-00-00-00",
        "prefixes": [{"ip_prefix": text, "region": region, "service": "S3"} for text in v4],
        "ipv6_prefixes": [{"ipv6_prefix": text, "region": region, "service": "S3"} for text in v6],
    }


def ranges(content: object, *regions: str) -> IpRanges:
    return read_ranges(json.dumps(content).encode(), regions)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.1.255", False),
        ("192.0.2.0", True),
        ("192.0.2.255", True),
        ("192.0.3.0", False),
        ("::ffff:192.0.2.1", True),
        ("::c000:201", False),
        ("0.0.0.1", False),
        ("255.255.255.255", False),
        ("2001:db8::", True),
        ("2001:db8:0:ffff:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1::", False),
        ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", False),
        ("nonsense", False),
        ("", False),
        (None, False),
    ],
)
def test_an_address_is_in_from_a_networks_first_to_its_last(
    address: str | None, *, inside: bool
) -> None:
    found = ranges(document("192.0.2.0/24", v6=("2001:db8::/48",)))

    assert (address in found) is inside


NETWORKS = st.builds("{}/{}".format, st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 32))


def edges_of(network: IPv4Network) -> list[IPv4Address]:
    """Return the first and the last address, and those right before and behind, if any."""
    first, last = int(network.network_address), int(network.broadcast_address)
    return [IPv4Address(n) for n in (first - 1, first, last, last + 1) if 0 <= n < 2**32]


@given(st.lists(NETWORKS, min_size=1, max_size=30))
def test_merged_networks_hold_what_the_networks_hold(texts: list[str]) -> None:
    networks = [IPv4Network(text, strict=False) for text in texts]

    found = ranges(document(*texts))

    for address in itertools.chain.from_iterable(map(edges_of, networks)):
        assert (str(address) in found) is any(address in network for network in networks)


def test_ten_thousand_networks_are_all_found() -> None:
    texts = [f"10.{high}.{low}.0/25" for high in range(40) for low in range(250)]

    found = ranges(document(*texts))

    assert len(found.v4.firsts) == 10_000
    assert all(text.replace(".0/25", ".127") in found for text in texts)
    assert not any(text.replace(".0/25", ".128") in found for text in texts)


def test_with_regions_only_their_networks_count() -> None:
    content = document("192.0.2.0/24", v6=("2001:db8::/48",), region="EU-West-1")
    other = document("198.51.100.0/24", v6=("2001:db9::/48",), region="us-east-1")
    content = {name: content[name] + other[name] for name in ("prefixes", "ipv6_prefixes")}

    one, both, every = ranges(content, "eu-west-1"), ranges(content, *TWO), ranges(content)

    for inside, outside in (("192.0.2.1", "198.51.100.1"), ("2001:db8::1", "2001:db9::1")):
        assert inside in one
        assert outside not in one
        assert inside in both
        assert outside in both
        assert outside in every


TWO = ("eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    "item",
    [
        {"ip_prefix": "nonsense"},
        {"ip_prefix": "192.0.2.0"},
        {"ip_prefix": "192.0.2.0/33"},
        {"ip_prefix": "192.0.2/24"},
        {"ip_prefix": 3221225984},
        {"ip_prefix": None},
        {},
        "192.0.2.0/24",
        None,
    ],
)
def test_an_item_that_is_no_network_is_skipped(item: object) -> None:
    content = document("198.51.100.0/24")
    content["prefixes"].insert(0, item)

    found = ranges(content)

    assert "198.51.100.1" in found
    assert "192.0.2.1" not in found


def test_a_network_without_a_region_is_in_no_region() -> None:
    assert not ranges({"prefixes": [{"ip_prefix": "192.0.2.0/24"}]}, "eu-west-1")


def test_a_network_may_be_written_by_any_of_its_addresses() -> None:
    assert "192.0.2.1" in ranges(document("192.0.2.77/24"))


@pytest.mark.parametrize("missing", ["prefixes", "ipv6_prefixes"])
def test_one_list_is_enough(missing: str) -> None:
    content = document("192.0.2.0/24", v6=("2001:db8::/48",))
    del content[missing]

    assert ranges(content)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"{}", b'{"message": "no"}', b'{"prefixes": 1}', b"\xff"]
)
def test_another_document_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_ranges(content)


@pytest.mark.parametrize("content", [document(), document("nonsense")])
def test_no_networks_hold_no_address(content: object) -> None:
    found = ranges(content)

    assert not found
    assert "192.0.2.1" not in found
