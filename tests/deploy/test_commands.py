"""The commands of compose.yaml: they parse, and those that are shell scripts are run."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import click
import pytest
from celery import Celery
from celery.bin.base import CLIContext
from celery.bin.celery import celery

from s3mover.cli import main as s3mover

ROOT = Path(__file__).resolve().parents[2]
Services = dict[str, dict[str, Any]]


def parse(command: list[str]) -> tuple[str, str, dict[str, Any]]:
    """Return the app, the sub-command and its parameters, as celery itself parses them."""
    cli = CLIContext(app=Celery(set_as_current=False), no_color=True, workdir=None)
    root = click.Context(celery, info_name="celery", obj=cli)
    options, (name, *rest), _ = celery.make_parser(root).parse_args(command[1:])
    subcommand = celery.get_command(root, name)
    assert subcommand is not None, f"celery has no sub-command {name}"
    with subcommand.make_context(name, rest, parent=root) as context:
        return options["app"], name, context.params


@pytest.mark.parametrize("name", ["worker", "beat", "flower"])
def test_the_celery_command_parses(services: Services, name: str) -> None:
    words = " ".join(services[name]["command"]).split()

    app, subcommand, _ = parse(words[words.index("celery") :])

    assert (app, subcommand) == ("worker", name)


def test_the_page_listens_where_its_port_is_published(services: Services) -> None:
    command = services["web"]["command"]
    web = s3mover.commands[command[1]]

    with web.make_context(command[1], command[2:]) as context:
        options = context.params

    assert options["host"] == "0.0.0.0"  # noqa: S104  # of the container
    (port,) = services["web"]["ports"]
    assert port.endswith(f":{options['port']}")
    assert f":{options['port']}/healthz" in services["web"]["healthcheck"]["test"][-1]


def test_the_worker_sends_the_events_flower_lives_on(services: Services) -> None:
    _, _, options = parse(services["worker"]["command"])

    assert options["task_events"] is True


def test_beat_writes_only_where_it_may(services: Services) -> None:
    _, _, options = parse(services["beat"]["command"])

    assert Path(options["schedule"]).parent == Path("/tmp")  # noqa: S108  # the container's own
    assert options["pidfile"] is None
    assert services["beat"]["tmpfs"] == ["/tmp"]  # noqa: S108  # the container's own


def test_redis_evicts_nothing_and_survives_a_restart(services: Services) -> None:
    redis = services["redis"]

    words = redis["command"][1:]
    options = dict(zip(words[::2], words[1::2], strict=True))

    assert options["--appendonly"] == "yes"
    assert options["--appendfsync"] == "everysec"
    assert options["--maxmemory-policy"] == "noeviction"
    assert redis["volumes"] == ["redis:/data"]


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # the command is this repository's own
        ["/bin/sh", "-c", command],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def as_the_container_sees(text: str) -> str:
    return text.replace("$$", "$")


@pytest.fixture
def flower_command(services: Services, tmp_path: Path) -> str:
    """Flower's command, with a celery on its PATH that only says what it was given."""
    stub = tmp_path / "celery"
    stub.write_text('#!/bin/sh\necho "$@ with $FLOWER_BASIC_AUTH"\n')
    stub.chmod(0o755)
    shell, option, script = services["flower"]["command"]
    assert (shell, option) == ("sh", "-c")
    return f"PATH={tmp_path}:$PATH; {as_the_container_sees(script)}"


@pytest.mark.parametrize("environment", [{}, {"FLOWER_BASIC_AUTH": ""}])
def test_flower_does_not_start_without_a_password(
    flower_command: str, environment: dict[str, str]
) -> None:
    result = run(flower_command, **environment)

    assert result.returncode != 0
    assert "FLOWER_BASIC_AUTH: set it to user:password" in result.stderr
    assert result.stdout == ""


def test_flower_starts_with_a_password(flower_command: str) -> None:
    result = run(flower_command, FLOWER_BASIC_AUTH="anna:secret")

    assert result.stdout == "-A worker flower --conf=/app/deploy/flowerconfig.py with anna:secret\n"


def test_flower_reads_the_file_with_its_tab_of_moves(services: Services) -> None:
    words = " ".join(services["flower"]["command"]).split()
    _, _, options = parse(words[words.index("celery") :])

    conf = dict(option.split("=") for option in options["tornado_argv"])["--conf"]

    assert "COPY deploy/flowerconfig.py deploy/flowerconfig.py" in (ROOT / "Dockerfile").read_text()
    assert (ROOT / Path(conf).relative_to("/app")).is_file()


@pytest.fixture
def health_check(services: Services) -> str:
    kind, script = services["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    return as_the_container_sees(script)


def test_a_worker_whose_file_is_fresh_is_healthy(health_check: str, tmp_path: Path) -> None:
    beat = tmp_path / "health"
    beat.touch()

    assert run(health_check, S3MOVER_HEALTH_FILE=str(beat)).returncode == 0


def test_a_worker_whose_file_is_stale_is_not_healthy(health_check: str, tmp_path: Path) -> None:
    beat = tmp_path / "health"
    beat.touch()
    os.utime(beat, times=(time.time() - 90, time.time() - 90))

    assert run(health_check, S3MOVER_HEALTH_FILE=str(beat)).returncode != 0


def test_a_worker_without_a_file_is_not_healthy(health_check: str, tmp_path: Path) -> None:
    assert run(health_check, S3MOVER_HEALTH_FILE=str(tmp_path / "none")).returncode != 0
