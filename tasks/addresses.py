"""Which addresses a webhook may be sent to; no I/O."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Of IPv6, what carries an IPv4 address in its last four bytes: IPv4-compatible, NAT64 (RFC 6052).
_CARRIERS = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))

# Where clouds give credentials away beside the link-local addresses: AWS (its instances and pods)
# and GCP by IPv6, Alibaba, and the host of an Azure VM (their documentation, 2026-11).
_METADATA = tuple(
    map(ip_network, ("fd00:ec2::/32", "fd20:ce::254", "100.100.100.200", "168.63.129.16"))
)


def trouble(address: str, *, private: bool) -> str:
    """Say why nothing may be sent to an address; '' if it may. With `private`, to those too."""
    outer = ip_address(address.partition("%")[0])
    for each in (outer, *_carried(outer)):
        # Never: clouds give their credentials away at link-local addresses, and nobody has a
        # web app at the others.
        if each.is_link_local or each.is_multicast or each.is_unspecified:
            return "a link-local, multicast or unspecified address"
        if any(each in network for network in _METADATA):
            return "an address of a cloud's metadata"
        if not (private or _is_global(each)):
            return "a private address"
    return ""


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global
    if _carried(address):  # looked at by itself
        return True
    return address.is_global and not (address.is_reserved or address.is_site_local)


def _carried(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address) or address in {IPv6Address("::"), IPv6Address("::1")}:
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _CARRIERS):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
