"""A private SeaweedFS that speaks S3, with a bucket and keys of its own."""

import base64
import hmac
import http.client
import secrets
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from worker.fleet.ports import GRPC_OFFSET, HOST
from worker.fleet.server import BinaryNotFoundError, Server


class SeaweedFS(Server):
    """`weed mini`: an S3 with one bucket and keys of its own, for tests, demo and bench."""

    port_count = 6
    region = "us-east-1"

    def __init__(self, directory: Path | None = None, bucket: str = "s3mover") -> None:
        self._binary = _binary()
        super().__init__("seaweedfs", directory)
        self.bucket = bucket
        self.access_key = secrets.token_hex(10)
        self.secret_key = secrets.token_hex(20)
        self.environment |= {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "S3_BUCKET": bucket,
        }

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        services = ("s3", "master", "volume", "filer", "admin", "webdav")
        ports = [f"-{name}.port={port}" for name, port in zip(services, self._ports, strict=True)]
        grpc = [
            f"-{name}.port.grpc={port + GRPC_OFFSET}"
            for name, port in zip(services[:-1], self._ports, strict=False)
        ]
        place = [f"-ip={HOST}", f"-ip.bind={HOST}", f"-dir={self.directory}"]
        off = ["-s3.port.iceberg=0", "-s3.port.lance=0", "-admin.ui=false", "-webdav=false"]
        # Each bucket takes a volume; by default there are as many as GiB are free (4.48, 2026-11).
        rest = ["-volume.max=1000", "-master.telemetry=false"]
        # A restarted master that resumes its state finds no volume for 5 to 15 s, 1 time in 5.
        rest += ["-master.resumeState=false"]
        logs = f"-logdir={self.directory}"  # else in the folder for temporary files, for good
        return [self._binary, logs, "mini", *place, *ports, *grpc, *off, *rest]

    def is_ready(self) -> bool:
        """Whether an object can be written, read and deleted with this server's keys."""
        expected = {"PUT": 200, "GET": 200, "DELETE": 204}
        return all(self._request(method) == status for method, status in expected.items())

    def stop(self) -> None:
        """End it at once: it holds nothing back that a slow end (1.3 s) would save."""
        self.kill()

    def kill(self) -> None:
        super().kill()
        # A killed `weed` leaves its Unix sockets, named by port (4.48, 2026-11).
        for port in (p + offset for p in self._ports for offset in (0, GRPC_OFFSET)):
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108  its choice
                left.unlink(missing_ok=True)

    def _request(self, method: str) -> int:
        """Ask for a probe object, presigned (V2 is short); return the status, 0 without one."""
        path = f"/{self.bucket}/.s3mover-ready"
        expires = int(time.time()) + 60
        signed = hmac.digest(
            self.secret_key.encode(), f"{method}\n\n\n{expires}\n{path}".encode(), "sha1"
        )
        query = {
            "AWSAccessKeyId": self.access_key,
            "Expires": expires,
            "Signature": base64.b64encode(signed),
        }
        connection = http.client.HTTPConnection(HOST, self.port, timeout=1)
        try:
            body = b"ready" if method == "PUT" else None  # an empty object needs no volume
            connection.request(method, f"{path}?{urlencode(query)}", body)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def _binary() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise BinaryNotFoundError("no SeaweedFS: run `uv sync`, or put `weed` on PATH")
    return found
