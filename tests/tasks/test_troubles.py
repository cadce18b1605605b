"""What a move is up against is in its record: counted once, the newest first, five at most."""

import pytest
from redis import Redis

from driver import Throttled, Transient
from s3mover import MoveError, MoveRequest, State, journal
from tasks import throttle, window
from tasks.carry import carry
from tasks.deployment import Deployment
from tasks.errors import Paused
from tasks.journal import _DISOWN, owning
from tasks.troubles import dump_trouble
from tasks.window import Part
from tests.tasks.throttled_fleet import Fleet


def troubles(redis: Redis, move_id: str) -> tuple[int, list[MoveError]]:
    record = journal.read(redis, move_id)
    return record.retries, record.troubles


def test_a_part_that_is_tried_again_leaves_what_it_was_up_against(fleet: Fleet) -> None:
    claim = fleet.claim("m", 7)
    trouble = dump_trouble(Transient("503 from S3", operation="UploadPartCopy"), 7)

    for _ in range(2):  # the second time as if the first answer had been lost
        window.release(fleet.redis, Part("m", 1, 7), claim.token, trouble)

    text = "s3aws: UploadPartCopy: 503 from S3"
    assert troubles(fleet.redis, "m") == (1, [MoveError(code="Transient", message=text, part=7)])


def test_a_part_that_is_given_up_is_not_counted_as_tried_again(fleet: Fleet) -> None:
    claim = fleet.claim("m", 7)

    window.release(fleet.redis, Part("m", 1, 7), claim.token)

    assert troubles(fleet.redis, "m") == (0, [])


def test_a_throttled_part_leaves_what_it_was_up_against_once(fleet: Fleet) -> None:
    claim = fleet.claim("m", 7)

    for _ in range(2):
        fleet.throttled("m", 7, claim)

    retries, (trouble,) = troubles(fleet.redis, "m")
    assert (retries, trouble.code, trouble.part) == (1, "Throttled", 7)
    assert "SlowDown" in trouble.message


def test_a_record_keeps_the_five_newest(fleet: Fleet) -> None:
    for number in range(1, 9):
        fleet.throttled("m", number, fleet.claim("m", number))
        fleet.redis.delete("s3mover:throttle:bbb")

    retries, found = troubles(fleet.redis, "m")

    assert retries == 8
    assert [trouble.part for trouble in found] == [8, 7, 6, 5, 4]


def test_a_text_of_any_length_is_cut(fleet: Fleet) -> None:
    claim = fleet.claim("m", 7)
    trouble = dump_trouble(Transient("é" * 9000), 7)

    window.release(fleet.redis, Part("m", 1, 7), claim.token, trouble)

    [found] = troubles(fleet.redis, "m")[1]
    assert len(found.message) == 500


def test_a_step_that_is_tried_again_leaves_what_it_was_up_against(
    here: Deployment, request_ab: MoveRequest
) -> None:
    journal.accept(here.redis, "m", request_ab)

    with pytest.raises(Transient), owning(here, "m", "") as move:
        raise Transient("a timeout")
    _DISOWN(here.redis, "m", move.token, 1, dump_trouble(Transient("sent once more")))

    expected = MoveError(code="Transient", message="s3aws: a timeout")
    assert troubles(here.redis, "m") == (1, [expected])


def test_a_step_that_is_throttled_leaves_what_it_was_up_against(
    here: Deployment, request_ab: MoveRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(*_: object) -> None:
        raise Throttled("SlowDown")

    monkeypatch.setattr("tasks.carry._carry", throttled)
    journal.accept(here.redis, "m", request_ab)

    with pytest.raises(Paused), owning(here, "m", "") as move:
        carry(here, move)

    retries, (trouble,) = troubles(here.redis, "m")
    assert (retries, trouble.code, trouble.part) == (1, "Throttled", None)


def test_the_end_of_a_move_keeps_them_and_a_late_word_makes_no_record(
    here: Deployment, request_ab: MoveRequest
) -> None:
    journal.accept(here.redis, "m", request_ab)
    with pytest.raises(Transient), owning(here, "m", "") as move:
        raise Transient("a timeout")
    with owning(here, "m", "") as move:
        move.finish(State.DONE, 60)

    throttle.note_part(here, Part("gone", 1, 1), "token", Throttled("SlowDown"))

    assert troubles(here.redis, "m")[0] == 1
    assert not here.redis.exists("s3mover:move:gone")
