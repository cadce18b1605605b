"""What is measured: names, kinds, labels and what they mean; `docs/metrics.md` has this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BOUNDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
"""Upper bounds of the classes of durations, in seconds; those of `lua/tally.lua`."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One family, under the name that queries use."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


TABLE = (
    Metric("s3mover_up", "gauge", (), "Whether Redis has answered; if not, it is all there is."),
    Metric("s3mover_moves", "gauge", ("state",), "Moves that have not ended."),
    Metric(
        "s3mover_oldest_move_age_seconds",
        "gauge",
        ("state",),
        "Time since the oldest move in this state was asked for; 0 if there is none.",
    ),
    Metric("s3mover_moves_accepted_total", "counter", (), "Requests that became moves."),
    Metric("s3mover_moves_refused_total", "counter", (), "Messages that were no valid request."),
    Metric("s3mover_moves_started_total", "counter", (), "Moves that a worker has begun."),
    Metric("s3mover_moves_finished_total", "counter", ("state",), "Moves that have ended."),
    Metric("s3mover_bytes_moved_total", "counter", (), "Bytes of the objects of moves done."),
    Metric(
        "s3mover_bytes_copied_total",
        "counter",
        (),
        "Bytes copied: of a part when it is there, of a whole object when its move is done.",
    ),
    Metric("s3mover_parts_copied_total", "counter", (), "Parts copied."),
    Metric(
        "s3mover_parts_outstanding",
        "gauge",
        (),
        "Parts that are published and not copied yet, queued or running: what to scale by.",
    ),
    Metric(
        "s3mover_retries_total", "counter", ("of",), "Parts and steps of moves tried once more."
    ),
    Metric(
        "s3mover_throttles_total",
        "counter",
        ("bucket",),
        "Requests that a store has throttled, by the bucket written to.",
    ),
    Metric("s3mover_prefixes", "gauge", (), "Moves of prefixes that have not ended."),
    Metric("s3mover_prefixes_accepted_total", "counter", (), "Moves of prefixes asked for."),
    Metric(
        "s3mover_prefixes_finished_total",
        "counter",
        ("state",),
        "Moves of prefixes that have ended.",
    ),
    Metric(
        "s3mover_prefix_pages_open",
        "gauge",
        (),
        "Pages of prefixes that are worked on, or were by a worker that is gone.",
    ),
    Metric(
        "s3mover_prefix_objects_total",
        "counter",
        ("end",),
        "Objects below prefixes, by how they ended: once each, with their page.",
    ),
    Metric(
        "s3mover_prefix_bytes_moved_total",
        "counter",
        (),
        "Bytes of those that were moved; large ones are in `s3mover_bytes_moved_total` too.",
    ),
    Metric("s3mover_queue_messages", "gauge", ("queue",), "Messages that wait for a worker."),
    Metric(
        "s3mover_unacked_messages",
        "gauge",
        (),
        "Messages of all queues that workers hold: under way, or waiting for their time.",
    ),
    Metric(
        "s3mover_move_duration_seconds",
        "histogram",
        ("state",),
        "From the request of a move to its end, by how it ended.",
    ),
    Metric(
        "s3mover_phase_duration_seconds",
        "histogram",
        ("phase",),
        "Time that moves done have spent in each state.",
    ),
)
