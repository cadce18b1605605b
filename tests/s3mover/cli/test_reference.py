"""docs/cli.md and docs/top.svg are what the command itself says."""

from pathlib import Path

import pytest

from s3mover.cli.commands import main
from s3mover.cli.exits import Exit
from s3mover.cli.reference import SCHEMAS, pages
from s3mover.schemas import texts

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", ["cli.md", "top.svg"])
def test_the_page_is_what_the_command_gives(name: str) -> None:
    committed = DOCS.joinpath(name).read_text()

    assert committed == pages(DOCS)[name], "run `python -m s3mover.cli.reference docs`"


def test_every_command_and_every_option_is_there() -> None:
    page = DOCS.joinpath("cli.md").read_text()

    for name, command in main.commands.items():
        section = page.partition(f"## s3mover {name}\n")[2].partition("\n## ")[0]
        options = [each for each in command.params if each.param_type_name == "option"]
        assert all(option in section for each in options for option in each.opts)
        assert f"$ s3mover {name}" in section


def test_every_schema_that_is_named_is_committed() -> None:
    assert {f"{name}.json" for name in SCHEMAS.values()} <= set(texts())


def test_every_exit_code_is_in_the_help() -> None:
    assert main.epilog
    found = [int(line.split()[0]) for line in main.epilog.splitlines()[2:]]
    assert found == [code.value for code in Exit]
