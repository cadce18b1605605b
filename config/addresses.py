"""How an address to listen at is written."""

from typing import NamedTuple

from config.values import ParameterError

_LAST_PORT = 65_535


class Address(NamedTuple):
    """A host of this machine, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(value: object) -> Address | None:
    """Accept `host:port`, with IPv6 in brackets; an empty text is none."""
    if isinstance(value, Address) or value == "":
        return value if isinstance(value, Address) else None
    host, colon, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    is_bare = ":" in host and not (host.startswith("[") and host.endswith("]"))
    if not host or not colon or is_bare or not (port.isascii() and port.isdecimal()):
        raise ParameterError(
            f"invalid address: {value!s:.100}; it should be host:port, such as 127.0.0.1:9540, "
            "0.0.0.0:9540 or [::1]:9540"
        )
    if not 1 <= int(port) <= _LAST_PORT:
        raise ParameterError(f"invalid address: {value}; a port is 1 to {_LAST_PORT}")
    return Address(host.strip("[]"), int(port))
