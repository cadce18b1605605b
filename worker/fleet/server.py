"""A server of the fleet: a child with ports and data of its own."""

import http.client
import os
import re
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.fleet.child import Child, StartError
from worker.fleet.ports import HOST, free_ports

PORT_TAKEN = re.compile("not available|in use")
OTHERS_SETTINGS = ("S3MOVER_", "AWS_", "REGISTRY_", "CELERY_", "OTEL_")


class BinaryNotFoundError(RuntimeError):
    """A server's program is not installed; the text says how to get it."""


def answers(port: int, path: str) -> bool:
    """Tell whether a server of HTTP at this port is there, and well."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def clean_environment() -> dict[str, str]:
    """Copy this process's environment, without settings that would reach into the fleet."""
    return {k: v for k, v in os.environ.items() if not k.startswith(OTHERS_SETTINGS)}


class Server(Child):
    """A child with ports and data, in `directory` or in a temporary one removed on exit."""

    port_count = 1

    def __init__(self, name: str, directory: Path | None) -> None:
        self._temporary = directory is None
        directory = directory or Path(tempfile.mkdtemp(prefix=f"s3mover-{name}-"))
        super().__init__(name, directory.resolve(), clean_environment())
        self._ports: list[int] = []

    @property
    def port(self) -> int:
        """The port clients use; RuntimeError before the first start."""
        if not self._ports:
            raise RuntimeError(f"{self.name} has no port yet: call start()")
        return self._ports[0]

    def start(self) -> None:
        """Start until ready, on free ports; a later start keeps them: clients know them."""
        if self._ports:
            super().start()
            return
        for attempts_left in (4, 3, 2, 1, 0):
            self._ports = free_ports(self.port_count)
            try:
                super().start()
            except StartError as error:
                self._ports = []
                # Between our look and its bind, someone else may have taken a port.
                if not attempts_left or not PORT_TAKEN.search(str(error)):
                    raise
            else:
                return

    def stop(self) -> None:
        """End it; its data stays until the context is left."""
        self.terminate()

    def restart(self) -> None:
        """Stop it if it runs, and start it on the same ports with the same data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._remove()

    def _remove(self) -> None:
        if self._temporary:
            shutil.rmtree(self.directory)
