"""`s3mover web`, as a process: with what it starts, with what not, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.process.rig import until
from worker.fleet import Valkey

TOKEN = "a-token-that-nobody-guesses"
S3MOVER = Path(sys.executable).with_name("s3mover")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def web(
    server: Valkey, *words: str, token: str | None = TOKEN
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yields its process and its address."""
    port = free_port()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("S3MOVER_")}
    secret = {} if token is None else {"S3MOVER_WEB_TOKEN": token}
    command = [str(S3MOVER), "web", "--port", str(port), *words]
    process = subprocess.Popen(  # noqa: S603  # our own command
        command,
        env={**plain, **secret, "S3MOVER_BROKER_URL": server.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def test_it_serves_whoever_has_the_token(server: Valkey, redis: Redis) -> None:
    with web(server) as (_, address):
        until(lambda: answers(address))

        with_token = httpx2.get(f"{address}/moves", headers={"Authorization": f"Bearer {TOKEN}"})

        assert set(with_token.json()) == {"moves"}
        assert httpx2.get(f"{address}/moves").status_code == 401


def test_tokens_may_be_in_a_file(server: Valkey, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"an-older-token-of-ours\n{TOKEN}\n")

    with web(server, "--token-file", str(file), token=None) as (_, address):
        until(lambda: answers(address))

        for token in ("an-older-token-of-ours", TOKEN):
            headers = {"Authorization": f"Bearer {token}"}
            assert httpx2.get(f"{address}/moves", headers=headers).status_code == 200


@pytest.mark.parametrize("token", [None, "", "short"])
def test_without_a_token_it_does_not_start_and_says_what_to_do(
    server: Valkey, token: str | None
) -> None:
    with web(server, token=token) as (process, _):
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "S3MOVER_WEB_TOKEN" in said
    assert "Traceback" not in said


def test_ctrl_c_ends_it_at_once_though_somebody_watches(server: Valkey) -> None:
    with web(server) as (process, address):
        until(lambda: answers(address))
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx2.stream("GET", f"{address}/live", headers=headers, timeout=30) as stream:
            next(stream.iter_lines())
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)

    assert time.monotonic() - begun < 20
    assert "ERROR" not in said
    assert "Traceback" not in said


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    tmp_path.joinpath("uvicorn.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'uvicorn'\", name='uvicorn')"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "S3MOVER_WEB_TOKEN": TOKEN}

    done = subprocess.run(  # noqa: S603  # our own command
        [str(S3MOVER), "web"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "pip install 's3mover[web]'" in done.stderr
