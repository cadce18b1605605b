"""The Dockerfile: the image holds the application's folders, and nothing that must stay outside."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def instructions() -> list[Instruction]:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    told = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return [(name, " ".join(rest.split())) for name, rest in told]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def from_the_context(instructions: list[Instruction]) -> set[str]:
    """Return what is copied or mounted from the checkout."""
    copies = [rest.split()[:-1] for name, rest in instructions if name == "COPY"]
    copied = {source for sources in copies if "--from=" not in sources[0] for source in sources}
    mounts = [word for _, rest in instructions for word in rest.split() if "type=bind" in word]
    return copied | {m.partition("source=")[2].partition(",")[0] for m in mounts}


def test_the_image_holds_every_folder_of_the_application(
    instructions: list[Instruction], project: dict[str, Any]
) -> None:
    folders = set(project["tool"]["importlinter"]["root_packages"])

    copied = {source for source in from_the_context(instructions) if (ROOT / source).is_dir()}

    assert copied == folders


def test_what_is_copied_exists(instructions: list[Instruction]) -> None:
    missing = [s for s in from_the_context(instructions) if not (ROOT / s).exists()]

    assert missing == []


def test_the_build_sees_what_it_copies_and_nothing_else(instructions: list[Instruction]) -> None:
    lines = (ROOT / ".dockerignore").read_text().split("\n")
    first, *rest = [line for line in lines if line and not line.startswith("#")]

    let_in = {line.removeprefix("!") for line in rest if line.startswith("!")}

    assert first == "*"
    assert let_in == from_the_context(instructions)


def test_both_stages_share_one_pinned_base(instructions: list[Instruction]) -> None:
    bases = [rest.split()[0] for name, rest in instructions if name == "FROM"]

    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert bases[0].startswith("python:3.")


def test_the_lock_decides_what_is_installed(
    instructions: list[Instruction], project: dict[str, Any]
) -> None:
    syncs = [rest.split("uv sync ")[1].split() for _, rest in instructions if "uv sync " in rest]

    extras = {word for words in syncs for word in words if not word.startswith("-")}
    shared = set.intersection(*map(set, syncs))

    assert len(syncs) == 2
    assert {"--locked", "--no-dev"} <= shared
    assert extras == set(project["project"]["optional-dependencies"])
    assert "--no-install-project" in syncs[0]
    assert "--no-editable" in syncs[1]


def test_the_folders_are_importable_from_anywhere(instructions: list[Instruction]) -> None:
    words = {word for name, rest in instructions if name == "ENV" for word in rest.split()}

    assert ("WORKDIR", "/app") in instructions
    assert "PYTHONPATH=/app" in words


def test_the_image_runs_a_worker_without_privileges_by_default(
    instructions: list[Instruction], services: dict[str, dict[str, Any]]
) -> None:
    worker = services["worker"]

    ends = dict(instructions[-2:])

    assert ends["USER"] == worker["user"]
    assert json.loads(ends["CMD"]) == worker["command"]


def test_settings_and_health_are_left_to_the_deployment(instructions: list[Instruction]) -> None:
    assert not [rest for _, rest in instructions if "S3MOVER_" in rest]
    assert not [name for name, _ in instructions if name in {"HEALTHCHECK", "ENTRYPOINT"}]
