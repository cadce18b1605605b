"""A program that has Celery and nothing of this project moves an object, as the docs say."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from types_boto3_s3 import S3Client

from s3mover import Mover
from tests.process.rig import until
from worker.fleet import Fleet
from worker.fleet.server import clean_environment

PAGE = Path(__file__).parents[2] / "docs" / "web-apps.md"
UV = Path(sys.executable).with_name("uv")


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Distribution]:
    """Yield a distribution, and all that it needs here."""
    found = distribution(name)
    yield found
    for text in found.requires or []:
        each = Requirement(text)
        marker = each.marker
        if not marker or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            yield from needed(each.name, frozenset(each.extras))


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment that has Celery with Redis, and nothing else."""
    venv = tmp_path_factory.mktemp("stranger") / "venv"
    command = [str(UV), "venv", "--quiet", "--offline", "--python", sys.executable, str(venv)]
    subprocess.run(command, check=True)  # noqa: S603  # our own command
    (site,) = venv.glob("lib/python3*/site-packages")
    for found in needed("celery", frozenset({"redis"})):
        tops = {file.parts[0] for file in found.files or [] if file.parts[0] != ".."}
        for top in tops - {"__pycache__"}:
            if not site.joinpath(top).exists():
                site.joinpath(top).symlink_to(Path(str(found.locate_file(top))))
    return venv / "bin" / "python"


def documented(heading: str) -> str:
    """Return the code of the docs below a heading."""
    found = re.search(
        rf"^## {heading}\n.*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL | re.MULTILINE
    )
    assert found, f"{PAGE} has no code below {heading}"
    return found[1]


def test_a_program_with_celery_alone_moves_an_object_and_knows_its_id(
    python: Path, fleet: Fleet, s3: S3Client, tmp_path: Path
) -> None:
    bucket = fleet.seaweedfs.bucket
    s3.put_object(Bucket=bucket, Key="stranger", Body=b"body")
    replaced = {
        "redis://redis:6379/0": fleet.valkey.url,
        "s3://inbox/film.mov": f"s3://{bucket}/stranger",
        "s3://archive/film.mov": f"s3://{bucket}/moved",
    }
    script = documented("With Celery alone")
    for old, new in replaced.items():
        assert old in script
        script = script.replace(old, new)
    script += (
        "\nimport importlib.util, json\n"
        "names = ('s3mover', 'pydantic', 'boto3', 'tasks', 'worker', 'config')\n"
        "there = [name for name in names if importlib.util.find_spec(name)]\n"
        "print(json.dumps([move, there]))\n"
    )

    done = subprocess.run(  # noqa: S603  # our own script
        [str(python), "-I", "-c", script],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    move, there = json.loads(done.stdout)
    assert there == []
    mover = Mover(fleet.valkey.url)
    until(lambda: [record for record in mover.list() if record.id == move])
    assert mover.wait(move, timeout=60).state == "done"
    assert s3.get_object(Bucket=bucket, Key="moved")["Body"].read() == b"body"
