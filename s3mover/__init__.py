"""Moves S3 objects of any size inside S3: what web apps install."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3mover.client import Mover
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
    from s3mover.prefix_contract import PrefixRecord, PrefixRequest, PrefixState, Trouble

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
    "PrefixRecord",
    "PrefixRequest",
    "PrefixState",
    "State",
    "StillRunning",
    "SweepReport",
    "Trouble",
    "UnknownMove",
]

# The lightest first.
_HOMES = ("s3mover.errors", "s3mover.contract", "s3mover.prefix_contract", "s3mover.client")


def __getattr__(name: str) -> Any:
    # Nothing is loaded before it is used: pydantic takes half of `s3mover --help`, Celery and
    # redis-py longer than all of it; and Ctrl-C meanwhile has to be caught by somebody.
    for home in _HOMES if name in __all__ else ():
        module = import_module(home)
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
