"""Dates are read as botocore reads them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.utils import parse_timestamp
from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings
from driver import make_client, timestamps


@given(st.datetimes(datetime(1971, 1, 1), datetime(2400, 1, 1)))  # noqa: DTZ001  # its zone follows
def test_a_date_of_s3_is_read_as_by_botocore(moment: datetime) -> None:
    text = moment.isoformat(timespec="milliseconds") + "Z"

    assert timestamps.read(text) == parse_timestamp(text)
    assert timestamps.read(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-24T21:50:47Z", datetime(2026, 11, 24, 21, 50, 47, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 21:50:47 GMT", datetime(2026, 11, 24, 21, 50, 47, tzinfo=UTC)),
        ("24 Nov 2026 21:50:47 Z", datetime(2026, 11, 24, 21, 50, 47, tzinfo=UTC)),
        (1, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        (
            "2026-11-24T21:50:47+02:00",
            datetime(2026, 11, 24, 21, 50, 47, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_every_form_is_read(value: object, moment: datetime) -> None:
    assert timestamps.read(value) == moment


def test_nonsense_is_refused_as_by_botocore() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        timestamps.read("nonsenseZ")


def test_clients_read_dates_so() -> None:
    client = make_client(S3Settings(bucket="b", region="eu-central-1"))

    factory = client._endpoint._response_parser_factory  # type: ignore[attr-defined]
    assert factory.create_parser("rest-xml")._timestamp_parser is timestamps.read
