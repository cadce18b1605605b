"""What a part's error means for its move."""

import pytest

from driver import AccessDenied, DriverError, NoSuchUpload, NotImplementedByStore, SourceChanged
from tasks.copy_part import reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotImplementedByStore("501"), "whole"),
        (NoSuchUpload("gone"), "again"),
        (SourceChanged("412"), "failed"),
        (AccessDenied("403"), "failed"),
        (RuntimeError("a defect"), "failed"),
    ],
)
def test_a_part_that_cannot_be_copied_ends_the_move_or_changes_its_course(
    error: DriverError | RuntimeError, reason: str
) -> None:
    assert reason_of(error) == reason
