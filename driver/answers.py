"""What an answer of the store must hold; ETags are without quotes inside this program."""

from collections.abc import Mapping
from typing import Any

from driver.errors import Transient
from driver.locations import Location


def required(answer: Mapping[str, Any], name: str, operation: str, location: Location) -> Any:
    """
    Return a field of an answer; one without it proves nothing happened: `Transient`.

    MinIO once answered a part copy without its CopyPartResult (minio #3661, read 2026-11).
    """
    if answer.get(name) in {None, ""}:
        text = f"the store's answer has no {name}"
        raise Transient(text, operation=operation, target=str(location))
    return answer[name]


def etag_of(answer: Mapping[str, Any], operation: str, location: Location) -> str:
    return str(required(answer, "ETag", operation, location)).strip('"')


def quoted(etag: str) -> str:
    return f'"{etag}"'
