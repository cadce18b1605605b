"""Workers and a store that throttles them, without either: claims, and time that tests turn on."""

from dataclasses import dataclass

from redis import Redis

from driver import Throttled
from s3mover import MoveRequest, journal
from s3mover.journal import move_key
from tasks import throttle, window
from tasks.deployment import Deployment
from tasks.leases import _RENEW
from tasks.plan import Plan
from tasks.window import Claim, Part

LEASE = 60.0
MIB = 1024**2


@dataclass
class Fleet:
    """All workers' copies of parts into the bucket `bbb`, of launched moves."""

    here: Deployment

    @property
    def redis(self) -> Redis:
        return self.here.redis

    def launch(self, move_id: str, *, bucket: str = "bbb", parts: int = 200) -> None:
        request = MoveRequest(source="s3://aaa/x", destination=f"s3://{bucket}/{move_id}")
        journal.accept(self.redis, move_id, request)
        plan = Plan("aaa", "x", parts * MIB, "e", None, bucket, move_id, MIB, parts)
        fields = {
            "plan": plan.dump(),
            "parts": parts,
            "cap": parts,
            "upload": "u",
            "state": "copying",
            "started": 1,
            "launches": 1,
            "generation": 1,
            "todo": parts,
            "issued": parts,
            "cursor": parts,
            "destination_lock": f"s3://{bucket}/{move_id}",
        }
        self.redis.hset(move_key(move_id), mapping={k: str(v) for k, v in fields.items()})

    def claim(self, move_id: str, number: int, lease: float = LEASE) -> Claim:
        return window.claim(self.redis, Part(move_id, 1, number), lease, 5)

    def claim_many(self, move_id: str, numbers: range) -> dict[int, Claim]:
        """Begin as many of the parts as have a place."""
        claims = {number: self.claim(move_id, number) for number in numbers}
        return {number: claim for number, claim in claims.items() if claim.verdict == "run"}

    def throttled(
        self, move_id: str, number: int, claim: Claim, after: float | None = None
    ) -> None:
        error = Throttled("SlowDown")
        error.retry_after = after
        throttle.note_part(self.here, Part(move_id, 1, number), claim.token, error)

    def copied(self, move_id: str, claims: dict[int, Claim]) -> None:
        for number, claim in claims.items():
            window.advance(self.redis, Part(move_id, 1, number), claim.token, "w")

    def limit(self, bucket: str = "bbb") -> float | None:
        text = self.redis.hget(f"s3mover:throttle:{bucket}", "limit")
        return float(text) if text else None

    def later(self, seconds: float, bucket: str = "bbb") -> None:
        """Let time pass for the limit."""
        for field in ("moved", "lowered", "seen", "until", "kept_until"):
            key = f"s3mover:throttle:{bucket}"
            if self.redis.hexists(key, field):
                self.redis.hincrbyfloat(key, field, -seconds)


def renew(redis: Redis, *leases: str | int) -> None:
    _RENEW(redis, LEASE, *leases)


def small(here: Deployment, move_id: str) -> None:
    """Accept a move of a small object whose plan is there."""
    request = MoveRequest(source="s3://aaa/x", destination=f"s3://bbb/{move_id}")
    journal.accept(here.redis, move_id, request)
    plan = Plan("aaa", "x", 5, "e", None, "bbb", move_id, 0, 10)
    lock = f"s3://bbb/{move_id}"
    here.redis.hset(move_key(move_id), mapping={"plan": plan.dump(), "destination_lock": lock})
