"""The document that describes the API: valid, whole, and true."""

import jsonschema  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover
from s3mover.web import anyone, create_app
from tests.s3mover.records import DONE, Write
from tests.s3mover.web.browsing import MOVE, client_of, routes


def test_the_document_is_valid(api: TestClient) -> None:
    validate(api.get("/openapi.json").json())


def test_every_route_is_in_it_and_nothing_else(app: Starlette, api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]

    described = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert described == set(routes(app))


def test_it_is_whole_as_well_where_another_application_decides(mover: Mover) -> None:
    app = create_app(mover, authenticate=anyone)
    paths = client_of(app).get("/openapi.json").json()["paths"]

    assert {(m.upper(), path) for path, item in paths.items() for m in item} == set(routes(app))


def test_a_request_and_a_record_are_as_it_says(api: TestClient, mover: Mover, write: Write) -> None:
    document = api.get("/openapi.json").json()
    move_id = mover.move(**MOVE)
    write(move_id, **DONE)

    def check(value: object, model: str) -> None:
        schema = {"$ref": f"#/components/schemas/{model}", "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    check(MOVE, "MoveRequest")
    check(api.get(f"/moves/{move_id}").json(), "MoveRecord")
    check(api.get("/moves").json(), "MoveList")
    check(api.post("/moves", json=MOVE).json(), "Accepted")
    check(api.get("/moves/none").json(), "Problem")


def test_it_says_what_needs_no_token(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]

    open_to_all = {
        path for path, item in paths.items() for each in item.values() if each.get("security") == []
    }
    assert open_to_all == {"/login", "/healthz", "/static/{name}"}
