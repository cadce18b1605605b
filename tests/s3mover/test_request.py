"""Bad input is refused before anything is sent, by a short text that names the field."""

from typing import Any

import pytest
from redis import Redis

from s3mover import InvalidRequest, Mover, MoveRequest
from s3mover.request import parse_request
from tests.s3mover.bad_requests import BAD, BEYOND_SCHEMAS, HUGE
from tests.s3mover.records import A, B


@pytest.mark.parametrize("bad", BAD + BEYOND_SCHEMAS, ids="".join)
def test_bad_input_is_refused_with_nothing_sent(
    mover: Mover, redis: Redis, bad: dict[str, Any]
) -> None:
    (field,) = bad

    with pytest.raises(InvalidRequest, match=rf"^{field}(\.\w+)*: ") as caught:
        mover.move(**{"source": A, "destination": B, **bad})

    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()
    assert redis.dbsize() == 0


def test_each_fault_is_a_line_up_to_a_few() -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_request(source=A, **{f"field{n}": n for n in range(100_000)})

    lines = str(caught.value).splitlines()
    assert len(lines) == 6
    assert lines[0] == "destination: Field required"
    assert lines[-1] == "and 99996 faults more"


def test_a_name_that_is_no_field_is_shown_so_that_it_can_do_no_harm() -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_request(source=A, destination=B, **{"\x1b[31m\n€" + HUGE: 1})

    assert str(caught.value).startswith(r"\x1b[31m\n\u20acxxx")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "key",
    ["a", "/", "a//b", "../a", "a b", "[a]", "ключ", "tab\there", "line\nfeed", "\x00", "é" * 512],
)
def test_any_key_that_s3_may_hold_can_be_moved(mover: Mover, key: str) -> None:
    move = mover.move(f"s3://bucket/{key}", "/a/b")

    assert mover.status(move).source == f"s3://bucket/{key}"


@pytest.mark.parametrize(
    "good",
    [
        {"multipartcopychunksize": 5 << 20},
        {"multipartcopychunksize": 5 << 30},
        {"multipartcopychunksize": "auto"},
        {"multipartcopymaxconcurrency": 10_000},
        {"multipartcopythresholdsize": 0},
        {"idempotency_key": "ß" * 256},
        {"version": 1},
    ],
)
def test_the_limits_themselves_are_allowed(good: dict[str, Any]) -> None:
    request = parse_request(source=A, destination=B, **good)

    assert request.model_dump(include=set(good)) == good


def test_a_request_says_again_what_it_was_given() -> None:
    request = parse_request(source=A, destination="/a/b", multipartcopymaxconcurrency=3)

    assert MoveRequest.model_validate_json(request.model_dump_json()) == request


def test_a_destination_has_one_encryption() -> None:
    with pytest.raises(InvalidRequest, match="exclude each other"):
        parse_request(source=A, destination=B, encryption="keep", destination_customer_key="a")
