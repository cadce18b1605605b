"""What the move of a prefix would do and cost, before anything is written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from s3mover.contract import MoveError

PLAN_PREFIX_TASK = "s3mover.plan_prefix"

DOLLARS_A_WRITE = 0.005 / 1000
"""COPY, PUT, POST and LIST; S3 Standard, us-east-1, list price as known in 2026. DELETE is free."""

DOLLARS_A_READ = 0.0004 / 1000
"""HEAD and GET; as above."""

STREAM = 35e6
"""Bytes per second of one server-side copy: the seed's own 1 GB in 30 s."""

LATENCY = 0.05
"""Seconds of a request besides its bytes: an assumption."""

BUSIEST = 3500
"""Writes per second that S3 takes below one prefix (S3 user guide, 2026-11)."""


class PrefixPlan(BaseModel):
    """What a dry run has found; no object that it names was touched."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    objects: int = 0
    bytes: int = 0
    filtered: int = 0
    """Objects that the filters do not mean."""

    small: int = 0
    """Objects that are copied by one request, without a move of their own."""

    looked_at: int = 0
    """Small objects of which the listing does not say enough: a HEAD more each, at least."""

    large: int = 0
    parts: int = 0
    """Parts of the large objects."""

    pages: int = 0
    """Answers of the listing."""

    copies: int = 0
    """CopyObject, UploadPartCopy, and what begins and completes uploads."""

    reads: int = 0
    deletes: int = 0
    """Requests that delete, of up to 1,000 objects each."""

    seconds: float = 0.0
    """An estimate, for one worker."""

    dollars: float = 0.0
    """An estimate of what S3 asks for the requests, not for storage or transfer."""

    lost: list[str] = Field(default_factory=list)
    """What of some objects their copies will not have, or why they cannot be moved."""

    error: MoveError | None = None
    """Why the move would be refused."""


def estimate(plan: PrefixPlan, *, small_bytes: int, threads: int, cap: int) -> PrefixPlan:
    """Return the plan with its requests, seconds and dollars, from its counts."""
    copies = plan.small + plan.parts + 2 * plan.large
    # Of a large object: pinned, compared on both sides, its parts listed; marked and unmarked.
    reads = 2 * plan.looked_at + 6 * plan.large
    deletes = -(-plan.small // 1000) + plan.large
    writes = copies + 2 * plan.pages + plan.large
    busy = max((plan.small * LATENCY + small_bytes / STREAM) / threads, plan.small / BUSIEST)
    streams = max(min(threads, cap, plan.parts), 1)
    large = ((plan.bytes - small_bytes) / STREAM + plan.parts * LATENCY) / streams
    return plan.model_copy(
        update={
            "copies": copies,
            "reads": reads,
            "deletes": deletes,
            "seconds": round(plan.pages * LATENCY + busy + large, 1),
            "dollars": round(writes * DOLLARS_A_WRITE + reads * DOLLARS_A_READ, 6),
        }
    )
