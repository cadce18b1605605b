"""Moves S3 objects of any size inside S3: what web apps install."""

from s3mover.client import Mover
from s3mover.contract import Evidence, MoveError, MoveRecord, MoveRequest, State
from s3mover.errors import (
    BrokerUnavailable,
    IdempotencyConflict,
    InvalidRequest,
    MoverError,
    StillRunning,
    UnknownMove,
)

__all__ = [
    "BrokerUnavailable",
    "Evidence",
    "IdempotencyConflict",
    "InvalidRequest",
    "MoveError",
    "MoveRecord",
    "MoveRequest",
    "Mover",
    "MoverError",
    "State",
    "StillRunning",
    "UnknownMove",
]
