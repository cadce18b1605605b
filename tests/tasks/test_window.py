"""The sliding window, on a real Valkey and with its promises under duplicates and stops."""

import json
from dataclasses import dataclass, field
from itertools import chain, repeat

import pytest
from celery import Celery
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from driver import Location, Pin
from s3mover import MoveRequest, State, journal
from tasks import chord, window
from tasks.journal import OwnedMove
from tasks.launch import bitmap
from tasks.plan import Plan
from tasks.window import Part
from worker.fleet import Valkey

LEASE = 60.0
ATTEMPTS = 5
MIB = 1024**2


@pytest.fixture(autouse=True)
def celery(server: Valkey) -> Celery:
    """Celery's own keys of a chord, as `tasks.chord` finds them."""
    app = Celery("window", broker=server.url, backend=server.url)
    app.set_current()
    return app


@dataclass
class Launched:
    """A launched move whose messages are in a list instead of a queue."""

    redis: Redis
    parts: int
    cap: int
    queue: list[int] = field(default_factory=list)
    issued: list[int] = field(default_factory=list)
    returned: set[int] = field(default_factory=set)
    tokens: dict[int, str] = field(default_factory=dict)
    generation: int = 0

    def part(self, number: int, generation: int | None = None) -> Part:
        return Part("m", generation or self.generation, number)

    def launch(self, present: frozenset[int] = frozenset()) -> None:
        missing = [n for n in range(1, self.parts + 1) if n not in present]
        first = missing[: self.cap]
        token = f"token of generation {self.generation + 1}"
        self.redis.hset("s3mover:move:m", "owner", token)
        move = OwnedMove(self.redis, "m", token, {})
        self.generation = move.launch(
            bitmap(present, self.parts), len(present), len(missing), first
        )
        self.queue, self.issued, self.returned = list(first), list(first), set()

    def claim(self, number: int) -> str:
        claim = window.claim(self.redis, self.part(number), LEASE, ATTEMPTS)
        if claim.verdict == "run":
            self.tokens[number] = claim.token
        return claim.verdict

    def advance(self, number: int) -> int:
        following = window.advance(self.redis, self.part(number), self.tokens.get(number, ""), "w")
        if following:
            self.queue.append(following)
            if following not in self.issued:
                self.issued.append(following)
        self.returned.add(number)
        return following

    def shrunk_by(self) -> int:
        group = chord.group_id("m", self.generation)
        return -int(self.redis.get(chord.difference_key(group)) or 0)


def launched(redis: Redis, parts: int, cap: int, present: frozenset[int] = frozenset()) -> Launched:
    request = MoveRequest(source="s3://bucket/a", destination="s3://bucket/b")
    journal.accept(redis, "m", request)
    plan = Plan("bucket", "a", parts * MIB, "e", None, "bucket", "b", MIB, cap)
    redis.hset(
        "s3mover:move:m",
        mapping={
            "plan": plan.dump(),
            "parts": parts,
            "cap": cap,
            "upload": "u",
            "started": 1,
            "launches": 1,
        },
    )
    move = Launched(redis, parts, cap)
    move.launch(present)
    return move


def test_a_claimed_part_learns_its_source_and_upload(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=2)

    claim = window.claim(redis, move.part(1), LEASE, ATTEMPTS)

    assert claim.verdict == "run"
    assert claim.plan is not None
    assert claim.plan.pin == Pin(Location("bucket", "a"), 3 * MIB, "e", None)
    assert claim.upload is not None
    assert claim.upload.id == "u"


def test_a_part_that_is_being_copied_is_not_claimed_again(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=2)

    assert [move.claim(1), move.claim(1)] == ["run", "busy"]


def test_no_more_parts_than_the_cap_are_claimed(redis: Redis) -> None:
    move = launched(redis, parts=5, cap=2)

    assert [move.claim(n) for n in (1, 2, 3)] == ["run", "run", "full"]


def test_a_place_comes_free_when_its_lease_lapses(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=1)
    window.claim(redis, move.part(1), lease=0, attempts=ATTEMPTS)

    assert move.claim(2) == "run"


def test_a_part_given_back_can_be_claimed_again(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=1)
    move.claim(1)

    window.release(redis, move.part(1), move.tokens[1])

    assert move.claim(1) == "run"


def test_a_holder_that_slept_beyond_its_lease_gives_no_place_of_another_back(
    redis: Redis,
) -> None:
    move = launched(redis, parts=3, cap=1)
    sleeper = window.claim(redis, move.part(1), lease=0, attempts=ATTEMPTS)
    move.claim(1)

    window.advance(redis, move.part(1), sleeper.token, "w")

    assert move.claim(2) == "full"


def test_a_part_that_nobody_lives_to_give_back_is_poison(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=2)
    claims = [window.claim(redis, move.part(1), 0, ATTEMPTS).verdict for _ in range(ATTEMPTS + 1)]

    assert claims == ["run"] * ATTEMPTS + ["poison"]
    assert move.claim(2) == "run"


def test_a_part_that_came_in_the_end_was_not_begun_in_vain(redis: Redis) -> None:
    """The one that died after it counts for nothing, in a later generation either."""
    move = launched(redis, parts=3, cap=2)
    sleeper = window.claim(redis, move.part(1), 0, ATTEMPTS)
    window.claim(redis, move.part(1), LEASE, ATTEMPTS)

    window.advance(redis, move.part(1), sleeper.token, "w")

    assert redis.hget("s3mover:claims:m", "1 begun") is None


def test_a_part_without_an_upload_is_stale(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=1)
    redis.hdel("s3mover:move:m", "upload")

    assert move.claim(1) == "stale"


def test_a_part_that_is_there_is_not_copied_again(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=2)
    move.claim(1)
    move.advance(1)

    assert move.claim(1) == "done"


def test_a_part_delivered_twice_hands_out_the_same_next_part(redis: Redis) -> None:
    move = launched(redis, parts=5, cap=2)
    move.claim(1)

    assert [move.advance(1), move.advance(1)] == [3, 3]


def test_a_part_delivered_twice_hands_out_none_that_is_under_way(redis: Redis) -> None:
    move = launched(redis, parts=5, cap=2)
    move.claim(1)
    move.advance(1)
    move.claim(3)

    assert move.advance(1) == 0


def test_parts_already_there_are_skipped(redis: Redis) -> None:
    move = launched(redis, parts=6, cap=1, present=frozenset({1, 3, 4}))

    move.claim(2)

    assert move.advance(2) == 5


def test_the_last_part_hands_out_nothing(redis: Redis) -> None:
    move = launched(redis, parts=9, cap=9)

    assert [move.advance(n) for n in range(1, 10)] == [0] * 9


def test_an_older_generation_does_nothing_any_more(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=1)
    move.claim(1)
    move.launch()

    stale = move.part(1, generation=1)

    assert window.claim(redis, stale, LEASE, ATTEMPTS).verdict == "stale"
    assert window.advance(redis, stale, "", "w") == 0
    assert journal.read(redis, "m").parts_done == 0


def test_a_stopped_window_shrinks_its_chord_to_what_was_issued(redis: Redis) -> None:
    move = launched(redis, parts=10, cap=2)
    move.claim(1)
    move.claim(2)
    move.advance(1)

    journal.stop(redis, "m", State.CANCELLED)

    assert move.claim(3) == "stopped"
    assert move.advance(2) == 0
    assert move.shrunk_by() == 10 - 3


def test_the_first_end_asked_for_stays_but_a_change_of_course_gives_way(redis: Redis) -> None:
    launched(redis, parts=3, cap=1)

    journal.stop(redis, "m", "whole")
    journal.stop(redis, "m", State.CANCELLED)
    journal.stop(redis, "m", State.FAILED, error=json.dumps({"code": "x", "message": "y"}))

    assert redis.hget("s3mover:move:m", "stop") == State.CANCELLED
    assert journal.read(redis, "m").error is None


def test_a_part_of_an_older_generation_cannot_stop_the_move(redis: Redis) -> None:
    move = launched(redis, parts=3, cap=1)
    move.launch()

    assert journal.stop(redis, "m", State.FAILED, generation="1") == "stale"


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    parts=st.integers(1, 40),
    cap=st.integers(1, 8),
    present=st.frozensets(st.integers(1, 40)),
    choices=st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=120),
    stop_after=st.integers(0, 160),
)
def test_the_chord_counts_exactly_what_was_issued_whatever_is_delivered_twice(
    redis: Redis,
    parts: int,
    cap: int,
    present: frozenset[int],
    choices: list[tuple[int, bool]],
    stop_after: int,
) -> None:
    """The order of the messages, their duplicates and the moment of a stop are arbitrary."""
    redis.flushdb()
    present &= frozenset(range(1, parts))
    move = launched(redis, parts, cap, present)
    steps = chain(choices, repeat((0, False)))  # a duplicate makes more of them

    for step, (pick, twice) in enumerate(steps):
        if step == stop_after:
            journal.stop(redis, "m", State.CANCELLED)
        if not move.queue:
            break
        number = move.queue.pop(pick % len(move.queue))
        if twice:
            move.queue.append(number)
        verdict = move.claim(number)
        if verdict == "stopped":
            move.returned.add(number)
        elif verdict in {"run", "done"}:
            move.advance(number)

    missing = set(range(1, parts + 1)) - present
    assert move.returned == set(move.issued) <= missing
    assert len(missing) - move.shrunk_by() == len(move.issued)
