"""Moves S3 objects of any size inside S3: what web apps install."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from s3mover.contract import (
    DoctorReport,
    Evidence,
    Finding,
    MoveError,
    MoveRecord,
    MoveRequest,
    State,
    SweepReport,
)
from s3mover.errors import (
    BrokerUnavailable,
    IdempotencyConflict,
    InvalidBroker,
    InvalidRequest,
    MoverError,
    StillRunning,
    UnknownMove,
)

if TYPE_CHECKING:
    from s3mover.client import Mover

__all__ = [
    "BrokerUnavailable",
    "DoctorReport",
    "Evidence",
    "Finding",
    "IdempotencyConflict",
    "InvalidBroker",
    "InvalidRequest",
    "MoveError",
    "MoveRecord",
    "MoveRequest",
    "Mover",
    "MoverError",
    "State",
    "StillRunning",
    "SweepReport",
    "UnknownMove",
]


def __getattr__(name: str) -> Any:
    # The client loads Celery and redis-py, which takes longer than all of `s3mover --help`.
    if name == "Mover":
        return import_module("s3mover.client").Mover
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
