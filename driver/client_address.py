"""Whose request it is: a client's IP address from a request's headers and its peer."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

PROXIED = ("x-forwarded-for", "x-real-ip")
"""Headers of proxies, in the registry's order (requestutil.RemoteAddr, 2026-08)."""


def client_address(headers: Mapping[str, str], peer: str | None) -> str:
    """
    Return the first value of X-Forwarded-For, else X-Real-Ip, else the peer's address.

    Without a port and brackets; empty where there is none. A header that holds no address is
    passed over. Anyone can send these headers: what they say is as true as the proxy in front
    makes it.
    """
    values: dict[str, str] = {}
    for name, value in headers.items():  # of a framework: one that was sent twice is here twice
        values.setdefault(name.lower(), value)
    for name in PROXIED:
        host = _host(values.get(name, "").partition(",")[0])
        if read_address(host) is not None:
            return host
    return _host(peer or "")


def read_address(text: str | None) -> IPv4Address | IPv6Address | None:
    """Return the address, an IPv4 one for ::ffff:192.0.2.1; None for what is none."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _host(text: str) -> str:
    """Return `192.0.2.1` of `192.0.2.1:80`, and `2001:db8::1` of `[2001:db8::1]:80`."""
    text = text.strip()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
