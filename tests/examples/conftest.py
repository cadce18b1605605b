"""A fleet that may call the examples, and the examples themselves; all real processes."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from types_boto3_s3 import S3Client

from tests.examples.apps import EXAMPLES, App, CeleryWorker
from worker.fleet import Fleet
from worker.fleet.ports import free_ports
from worker.fleet.server import clean_environment

SECRET = f"whsec_{base64.b64encode(os.urandom(32)).decode()}"
NAMES = ("fastapi", "flask", "django")
Start = Callable[[str], App]


@pytest.fixture(scope="session")
def ports() -> dict[str, int]:
    return dict(zip(NAMES, free_ports(len(NAMES)), strict=True))


@pytest.fixture(scope="session")
def fleet(ports: dict[str, int]) -> Iterator[Fleet]:
    settings = {
        "callback_queues": "films",
        "webhook_hosts": ",".join(f"127.0.0.1:{port}" for port in ports.values()),
        "webhook_private": "true",
        "webhook_secret": SECRET,
    }
    with Fleet(workers=1, threads=8, beat=False, settings=settings) as fleet:
        yield fleet


@pytest.fixture(scope="session")
def s3(fleet: Fleet) -> Iterator[S3Client]:
    store = fleet.seaweedfs
    client = boto3.client(
        "s3",
        endpoint_url=store.endpoint,
        region_name=store.region,
        aws_access_key_id=store.access_key,
        aws_secret_access_key=store.secret_key,
        config=Config(s3={"addressing_style": "path"}),
    )
    yield client
    client.close()


@pytest.fixture
def start(fleet: Fleet, ports: dict[str, int], tmp_path: Path) -> Iterator[Start]:
    """Start an example as its README says."""
    with ExitStack() as ends:

        def start(name: str) -> App:
            port = ports[name]
            environment = clean_environment() | {
                "S3MOVER_BROKER_URL": fleet.valkey.url,
                "S3MOVER_WEBHOOK_SECRET": SECRET,
                "BUCKET": fleet.seaweedfs.bucket,
                "HOOK_URL": f"http://127.0.0.1:{port}/hooks/s3mover",
                "DATABASE": str(tmp_path / "films.sqlite3"),
            }
            app = App(name, _words(name, port), port, tmp_path, environment)
            ends.callback(app.kill)
            app.start()
            if name == "django":
                worker = CeleryWorker("films", tmp_path, app.environment)
                ends.callback(worker.kill)
                worker.start()
            return app

        yield start


def _words(name: str, port: int) -> list[str]:
    path = EXAMPLES / name
    return {
        "fastapi": ["-m", "uvicorn", "--app-dir", str(path), "app:app", "--port", str(port)],
        "flask": ["-m", "flask", "--app", str(path / "app.py"), "run", "--port", str(port)],
        "django": [str(path / "app.py"), "runserver", "--noreload", f"127.0.0.1:{port}"],
    }[name]
