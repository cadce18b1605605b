"""The OpenAPI document, made from the table of routes and the models."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from s3mover.contract import MoveRecord, MoveRequest
from s3mover.prefix_contract import PrefixRecord, PrefixRequest
from s3mover.web.access import SESSION
from s3mover.web.api import Accepted, MoveList
from s3mover.web.prefix_api import PrefixList
from s3mover.web.problems import Problem
from s3mover.web.query import Query
from s3mover.web.routes import FORM, JSON, Answer, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

_REFERENCE = "#/components/schemas/{model}"
_ERROR = 400


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document; OpenAPI 3.1, whose schemas are JSON Schema."""
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "s3mover",
            "version": version("s3mover"),
            "description": "Moves S3 objects of any size inside S3, by server-side copies.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION},
            },
        },
        "security": [{"token": []}, {"session": []}],
    }


def _schemas() -> dict[str, Any]:
    asked = [(MoveRequest, "validation"), (PrefixRequest, "validation")]
    records = MoveRecord, MoveList, PrefixRecord, PrefixList, Accepted, Problem
    told = [(model, "serialization") for model in records]
    _, made = models_json_schema([*asked, *told], ref_template=_REFERENCE)  # type: ignore[list-item]
    schemas: dict[str, Any] = made["$defs"]
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    answers = dict(operation.answers)
    if operation.face == "api":
        answers[401] = Answer("Neither token nor session")
    made: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method}{operation.path}".lower(),
        "tags": [_tag(operation.path)],
        "parameters": _parameters(operation),
        "responses": {str(status): _answer(status, answers[status]) for status in sorted(answers)},
    }
    if operation.face == "public":
        made["security"] = []
    if operation.body is not None:
        made["requestBody"] = {"required": True, "content": _body(operation.body)}
    return made


def _tag(path: str) -> str:
    return next((name for name in ("moves", "prefixes") if path.startswith(f"/{name}")), "page")


def _body(body: Any) -> dict[str, Any]:
    if body == "form":
        return {FORM: {"schema": {"type": "object"}}}
    return {JSON: {"schema": _reference(body)}}


def _answer(status: int, answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {"description": answer.text}
    if answer.headers:
        made["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in answer.headers.items()
        }
    if status >= _ERROR:
        made["content"] = {"application/problem+json": {"schema": _reference(Problem)}}
    elif answer.media_type:
        schema = _reference(answer.model) if answer.model else {}
        made["content"] = {answer.media_type: {"schema": schema}}
    return made


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    return in_path + [_parameter(name) for name in operation.parameters]


def _parameter(name: str) -> dict[str, Any]:
    asked = Query.model_json_schema(ref_template=_REFERENCE)["properties"]
    if name == "id":
        return {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
    if name not in asked:
        return {"name": name, "in": "header", "schema": {"type": "string", "maxLength": 256}}
    schema = {k: v for k, v in asked[name].items() if k not in {"title", "description"}}
    return {
        "name": name,
        "in": "query",
        "description": asked[name]["description"],
        "schema": schema,
    }
