"""Free TCP ports of this machine."""

import secrets
import socket

HOST = "127.0.0.1"
GRPC_OFFSET = 10_000  # where SeaweedFS expects the gRPC port of an HTTP port
FIRST, LAST = 10_000, 21_999


def free_ports(count: int) -> list[int]:
    """Different ports that are free, as are their gRPC ports.

    All lie below those the kernel gives to clients (32768, Linux): a client that reconnects to
    a dead server could otherwise be given the server's own port, and keep it.
    """
    ports: set[int] = set()
    while len(ports) < count:
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if _is_free(port) and _is_free(port + GRPC_OFFSET):
            ports.add(port)
    return list(ports)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
