"""What the pages tell an operator to type exists: commands, options, settings, names."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from redis import Redis

from config.names import VARIABLES
from s3mover.cli import main
from tests.deploy.test_commands import parse
from tests.deploy.test_kubernetes import DEPLOYMENTS
from worker.fleet import Valkey

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()

# Read by the programs themselves, not by `config`.
OTHERS = {"S3MOVER_CONFIG", "S3MOVER_SECRETS_DIR", "S3MOVER_WEB_TOKEN"}
PROGRAMS = ("s3mover", "celery", "redis-cli", "kubectl", "docker")


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of a page: lines of its `sh` blocks, and what stands between backticks."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    for each in [*lines, *spans]:
        if each.startswith(tuple(f"{program} " for program in PROGRAMS)):
            yield shlex.split(each.partition("  #")[0].rstrip("…"))


ALL = list(commands(OPERATIONS))


def of(program: str) -> list[list[str]]:
    return [words for words in ALL if words[0] == program]


def test_the_page_has_commands_of_every_kind() -> None:
    assert {words[0] for words in ALL} == set(PROGRAMS)
    assert len(re.findall("^### ", OPERATIONS, re.MULTILINE)) >= 10


@pytest.mark.parametrize("words", of("s3mover"), ids=" ".join)
def test_a_command_of_ours_parses(words: list[str]) -> None:
    _, name, *rest = words

    with main.commands[name].make_context(name, rest, parent=click.Context(main)):
        pass


@pytest.mark.parametrize("words", of("celery"), ids=" ".join)
def test_a_command_of_celery_parses(words: list[str]) -> None:
    assert parse(words)[0] == "worker"


def test_redis_knows_its_commands() -> None:
    with Valkey() as valkey, Redis.from_url(valkey.url) as redis:
        for words in of("redis-cli"):
            if not words[1].startswith("--"):
                assert redis.execute_command("COMMAND", "INFO", words[1]) != [None], words


def test_what_kubectl_is_told_is_in_the_manifests() -> None:
    named = re.findall(r"deployment/([\w-]+)", " ".join(word for words in ALL for word in words))

    assert named
    assert set(named) <= DEPLOYMENTS.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"S3MOVER_[A-Z0-9_]*[A-Z0-9]\b(?![…*<])", page.read_text()))

    assert named <= VARIABLES.keys() | OTHERS | sections()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    named = {words[1] for words in commands(page.read_text()) if words[0] == "s3mover"}

    assert {name for name in named if name.isalpha()} <= main.commands.keys()


def sections() -> set[str]:
    """Return what begins the names of settings, which pages write as `S3MOVER_S3_…`."""
    return {"S3MOVER_S3", "S3MOVER_CLOUDFRONT"}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", OPERATIONS))))
def test_a_link_leads_somewhere(link: str) -> None:
    assert link.startswith("https:") or (ROOT / "docs" / link).exists()
