"""The committed JSON Schemas say what the models say."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types

from s3mover import Mover
from s3mover.cli import main
from s3mover.cli.reference import SCHEMAS
from s3mover.contract import MoveRequest
from s3mover.request import message, parse_request
from s3mover.schemas import DIRECTORY, texts, write
from tests.s3mover.bad_requests import BAD
from tests.s3mover.records import DONE, FAILED, A, B, Write
from worker.fleet import Valkey


def validator(name: str) -> Any:
    schema = json.loads(DIRECTORY.joinpath(name).read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_committed_files_are_those_that_the_models_give(tmp_path: Path) -> None:
    write(tmp_path)

    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text() for path in DIRECTORY.glob("*.json")}
    assert written == committed == texts(), "run `python -m s3mover.schemas`"


def test_every_field_of_the_request_is_explained() -> None:
    schema = json.loads(DIRECTORY.joinpath("MoveRequest.json").read_text())

    assert all(field["description"] for field in schema["properties"].values())
    assert schema["required"] == ["source", "destination"]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": A, "destination": B},
        {"source": "/a/b", "destination": "s3://bucket/line\nfeed"},
        {"source": A, "destination": B, "multipartcopychunksize": 5 << 30, "idempotency_key": "k"},
        {"source": A, "destination": B, "multipartcopychunksize": "auto"},
    ],
)
def test_the_schema_accepts_what_is_sent(fields: dict[str, Any]) -> None:
    assert validator("MoveRequest.json").is_valid(message(parse_request(**fields)))


@pytest.mark.parametrize("bad", BAD, ids="".join)
def test_the_schema_refuses_what_the_model_refuses(bad: dict[str, Any]) -> None:
    request = {"source": A, "destination": B, **bad}

    assert not validator("MoveRequest.json").is_valid(request)


def test_the_schema_of_a_record_fits_records(mover: Mover, write: Write) -> None:
    moves = [mover.move(A, B) for _ in range(3)]
    write(moves[1], **DONE)
    write(moves[2], **FAILED)

    for record in mover.list():
        validator("MoveRecord.json").validate(json.loads(record.model_dump_json()))


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (["mv", A, B, "--no-wait"], "MoveRecord"),
        (["mv", A, B, "--timeout", "0"], "MoveRecord"),
        (["status", "ID"], "MoveRecord"),
        (["watch", "ID"], "MoveRecord"),
        (["cancel", "ID"], "MoveRecord"),
        (["ls"], "MoveList"),
        (["top", "--once"], "Snapshot"),
        (["doctor", "--timeout", "0"], "DoctorReport"),
    ],
)
def test_what_a_command_prints_for_programs_fits_the_schema_of_its_page(
    server: Valkey, mover: Mover, write: Write, words: list[str], schema: str
) -> None:
    move = mover.move(A, B)
    write(move, **DONE)
    write(mover.move(A, B), **FAILED)
    words = [move if word == "ID" else word for word in words]

    result = CliRunner(env={"S3MOVER_BROKER_URL": server.url}).invoke(main, ["--json", *words])

    assert SCHEMAS[words[0]] == schema
    validator(f"{schema}.json").validate(json.loads(result.stdout))
    for line in result.stderr.splitlines():
        validator("Complaint.json").validate(json.loads(line))


def test_the_schema_of_a_request_has_its_fields_alone() -> None:
    schema = json.loads(DIRECTORY.joinpath("MoveRequest.json").read_text())

    assert set(schema["properties"]) == set(MoveRequest.model_fields)
    assert schema["additionalProperties"] is False
