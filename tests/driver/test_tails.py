from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import AccessDenied, Location
from driver.tails import load_tail, remove_tail, save_tail

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.mark.parametrize(
    ("offset", "kept"),
    [(99, b""), (100, b"tail"), (102, b"il"), (104, b""), (200, b"")],
)
def test_a_tail_is_what_lies_behind_the_parts(
    client: "S3Client", settings: S3Settings, *, here: Location, offset: int, kept: bytes
) -> None:
    save_tail(client, settings, here, 100, bytearray(b"tail"))

    assert load_tail(client, here, offset) == kept


def test_a_later_tail_replaces_the_one_before(
    client: "S3Client", settings: S3Settings, here: Location
) -> None:
    save_tail(client, settings, here, 0, bytearray(b"before"))
    save_tail(client, settings, here, 6, bytearray(b"later"))

    assert (load_tail(client, here, 0), load_tail(client, here, 6)) == (b"", b"later")


def test_where_nothing_was_kept_is_no_tail(client: "S3Client", here: Location) -> None:
    assert load_tail(client, here, 0) is None


def test_a_removed_tail_is_gone_and_can_be_removed_again(
    client: "S3Client", settings: S3Settings, here: Location
) -> None:
    save_tail(client, settings, here, 0, bytearray(b"tail"))

    remove_tail(client, here)
    remove_tail(client, here)

    assert load_tail(client, here, 0) is None


def test_a_tail_that_cannot_be_removed_is_logged(
    stub: Any, stub_client: "S3Client", here: Location, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code></Error>")

    remove_tail(stub_client, here)

    assert f"{here} is left behind" in caplog.text


def test_a_tail_that_cannot_be_read_is_an_error(
    stub: Any, stub_client: "S3Client", here: Location
) -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code></Error>")

    with pytest.raises(AccessDenied):
        load_tail(stub_client, here, 0)
