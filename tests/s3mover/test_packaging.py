"""The wheel carries `s3mover` alone; nobody else owns the names of our folders."""

import configparser
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {"config", "driver", "tasks", "worker", "tests", "bench"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """Build the wheel, as a release would."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  # our own command
    (built,) = out.glob("*.whl")
    return zipfile.Path(built)


def test_the_wheel_has_one_package(wheel: zipfile.Path) -> None:
    tops = {entry.name for entry in wheel.iterdir()}

    assert {name for name in tops if not name.endswith(".dist-info")} == {"s3mover"}


def test_the_wheel_has_every_file_of_the_package(wheel: zipfile.Path) -> None:
    packed = {name for name in wheel.root.namelist() if not name.endswith("/")}

    ours = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.joinpath("s3mover").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in packed if name.startswith("s3mover/")} == ours
    assert {
        "s3mover/py.typed",
        "s3mover/lua/accept.lua",
        "s3mover/schemas/MoveRequest.json",
        "s3mover/schemas/MoveRecord.json",
        "s3mover/web/static/page.css",
        "s3mover/web/static/page.js",
        "s3mover/web/templates/moves.html",
    } <= ours


def test_the_wheel_installs_the_command_twice(wheel: zipfile.Path) -> None:
    (information,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    parser = configparser.ConfigParser()
    parser.read_string(information.joinpath("entry_points.txt").read_text())

    assert parser["console_scripts"]["s3mover"] == "s3mover.cli:run"
    assert parser["celery.commands"]["s3mover"] == "s3mover.cli:main"


def test_no_installed_distribution_owns_the_name_of_a_folder_of_ours() -> None:
    assert FOLDERS & set(packages_distributions()) == set()
