"""What the exit codes mean; part of the contract with scripts."""

from __future__ import annotations

from enum import IntEnum

from s3mover import BrokerUnavailable, MoverError, State, StillRunning


class Exit(IntEnum):
    """The exit codes; the last three are those of sysexits.h and of shells."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CANCELLED = 3
    UNAVAILABLE = 69
    STILL_RUNNING = 75
    INTERRUPTED = 130


_OF_STATE = {
    State.DONE: Exit.DONE,
    State.FAILED: Exit.FAILED,
    State.CANCELLED: Exit.CANCELLED,
}


def of_state(state: State) -> Exit:
    """Return how a command ends that has waited for a move."""
    return _OF_STATE.get(state, Exit.STILL_RUNNING)


def of_error(error: MoverError) -> Exit:
    """
    Return how a command ends that could not be obeyed.

    An unknown id is no failed move: its record may have expired long after a good end.
    """
    if isinstance(error, BrokerUnavailable):
        return Exit.UNAVAILABLE
    if isinstance(error, StillRunning):
        return Exit.STILL_RUNNING
    return Exit.USAGE
