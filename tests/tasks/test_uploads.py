"""Which uploads are ours to abort."""

from datetime import UTC, datetime

import pytest

from driver import FoundUpload, Location, Upload
from tasks.uploads import Intent, is_ours

INTENT = Intent("m", "bucket", "key", at=1_000_000.0)


@pytest.mark.parametrize(
    ("seconds_later", "ours"), [(-61, False), (-59, True), (0, True), (119, True), (121, False)]
)
def test_an_upload_is_ours_when_it_was_initiated_in_the_minutes_of_our_attempt(
    seconds_later: float, *, ours: bool
) -> None:
    initiated = datetime.fromtimestamp(INTENT.at + seconds_later, UTC)
    found = FoundUpload(Upload(Location("bucket", "key"), "u"), initiated)

    assert is_ours(found, INTENT) is ours
