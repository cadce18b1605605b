"""Amazon's published address ranges, and whether an address is in them; no I/O."""

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Self, TypeVar

from driver.client_address import read_address

Network = TypeVar("Network", IPv4Network, IPv6Network)

FIELDS = {"prefixes": "ip_prefix", "ipv6_prefixes": "ipv6_prefix"}
"""The document's lists, and where each of their items has its network (AWS, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Addresses of one IP version, as numbers: sorted, and apart from one another."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    @classmethod
    def of(cls, networks: Iterable[Network]) -> Self:
        merged = list(collapse_addresses(networks))
        firsts = tuple(int(network.network_address) for network in merged)
        lasts = tuple(int(network.broadcast_address) for network in merged)
        return cls(firsts, lasts)

    def __contains__(self, number: int) -> bool:
        index = bisect_right(self.firsts, number) - 1
        return index >= 0 and number <= self.lasts[index]


@dataclass(frozen=True, slots=True)
class IpRanges:
    """Which addresses are in the ranges; never changes, so that threads may share it."""

    v4: Intervals
    v6: Intervals

    def __contains__(self, address: str | None) -> bool:
        found = read_address(address)
        if found is None:
            return False
        return int(found) in (self.v4 if found.version == 4 else self.v6)  # noqa: PLR2004 - IPv4

    def __bool__(self) -> bool:
        return bool(self.v4.firsts or self.v6.firsts)


def read_ranges(document: bytes, regions: Collection[str] = ()) -> IpRanges:
    """
    Read `ip-ranges.json`; with `regions`, in lower case, only the networks of these.

    An item that is no network is skipped. Raises ValueError if it is another document.
    """
    content = json.loads(document)
    lists = content if isinstance(content, dict) else {}
    if not any(isinstance(lists.get(name), list) for name in FIELDS):
        raise ValueError(f"no JSON object with {' or '.join(FIELDS)}")
    networks = list(_networks(lists, regions))
    return IpRanges(
        v4=Intervals.of(item for item in networks if isinstance(item, IPv4Network)),
        v6=Intervals.of(item for item in networks if isinstance(item, IPv6Network)),
    )


def _networks(
    lists: dict[str, Any], regions: Collection[str]
) -> Iterator[IPv4Network | IPv6Network]:
    for name, field in FIELDS.items():
        for item in lists.get(name) or ():
            network = _network(item, field)
            if network and (not regions or str(item.get("region")).lower() in regions):
                yield network


def _network(item: Any, field: str) -> IPv4Network | IPv6Network | None:
    text = item.get(field) if isinstance(item, dict) else None
    if not isinstance(text, str) or "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
