"""The JSON Schemas of request, record and report, committed beside this module for all to use."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from s3mover.complaint import Complaint
from s3mover.contract import DoctorReport, MoveRecord, MoveRequest, SweepReport
from s3mover.prefix_contract import PrefixRecord, PrefixRequest
from s3mover.prefix_plan import PrefixPlan
from s3mover.prefix_report import PrefixReport
from s3mover.snapshot import Snapshot

DIRECTORY = Path(__file__).parent


def texts() -> dict[str, str]:
    """Return the text of each schema file, by its name."""
    schemas = {
        "MoveRequest.json": MoveRequest.model_json_schema(mode="validation"),
        "MoveRecord.json": MoveRecord.model_json_schema(mode="serialization"),
        "MoveList.json": TypeAdapter(list[MoveRecord]).json_schema(mode="serialization"),
        "Snapshot.json": Snapshot.model_json_schema(mode="serialization"),
        "SweepReport.json": SweepReport.model_json_schema(mode="serialization"),
        "PrefixRequest.json": PrefixRequest.model_json_schema(mode="validation"),
        "PrefixRecord.json": PrefixRecord.model_json_schema(mode="serialization"),
        "PrefixPlan.json": PrefixPlan.model_json_schema(mode="serialization"),
        "PrefixReport.json": PrefixReport.model_json_schema(mode="serialization"),
        "DoctorReport.json": DoctorReport.model_json_schema(mode="serialization"),
        "Complaint.json": Complaint.model_json_schema(mode="serialization"),
    }
    dialect = {"$schema": GenerateJsonSchema.schema_dialect}
    return {name: json.dumps(dialect | schema, indent=2) + "\n" for name, schema in schemas.items()}


def write(directory: Path = DIRECTORY) -> None:
    """Write the schema files."""
    for name, text in texts().items():
        directory.joinpath(name).write_text(text)
