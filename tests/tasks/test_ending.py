"""The end of a move that could not go on."""

import pytest

from driver import SourceChanged, Transient
from s3mover import MoveRecord, MoveRequest, State, journal
from tasks import ending
from tasks.deployment import Deployment
from tasks.errors import GivenUp
from tasks.journal import owning
from tasks.plan import Plan

PLAN = Plan("bucket", "a", 1, "e", None, "bucket", "b", 0, 10)


def fail_after_the_proof(here: Deployment, request_ab: MoveRequest) -> MoveRecord:
    journal.accept(here.redis, "m", request_ab)
    with owning(here, "m", "") as move:
        move.write(plan=PLAN.dump(), evidence='{"kind":"etag","detail":""}', state=State.DELETING)
        ending.fail(here, move, GivenUp("given up", operation="move"))
    return journal.read(here.redis, "m")


def test_a_move_whose_source_is_gone_after_the_proof_is_done(
    here: Deployment, request_ab: MoveRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.is_gone", lambda *_: True)

    record = fail_after_the_proof(here, request_ab)

    assert (record.state, record.error, record.deletion) == (State.DONE, None, "gone")


@pytest.mark.parametrize("error", [None, SourceChanged(""), Transient("")])
def test_a_move_whose_source_is_there_or_may_be_has_failed_and_says_where_the_bytes_are(
    here: Deployment,
    request_ab: MoveRequest,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
) -> None:
    def look(*_: object) -> bool:
        if error:
            raise error
        return False

    monkeypatch.setattr("driver.is_gone", look)

    record = fail_after_the_proof(here, request_ab)

    assert record.state is State.FAILED
    assert record.error is not None
    assert "the copy is proven and stays at the destination" in record.error.message
