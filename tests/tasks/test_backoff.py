"""How long a task waits."""

from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings, Settings
from tasks.backoff import backoff, soon


@given(attempt=st.integers(1, 1000), visibility=st.integers(40, 100_000))
def test_a_waiting_message_is_never_held_for_long_enough_to_be_delivered_twice(
    attempt: int, visibility: int
) -> None:
    settings = Settings(
        s3=S3Settings(bucket="bucket", region="eu-central-1"),
        visibility_timeout=visibility,
        sweep_grace=visibility + 1,
    )

    assert 0 < backoff(settings, attempt) <= min(30, visibility / 4)
    assert 0 < soon(settings) <= visibility / 4
