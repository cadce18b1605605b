"""What the exit codes mean; part of the contract with scripts."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from s3mover import BrokerUnavailable, MoverError, State, StillRunning

if TYPE_CHECKING:
    from collections.abc import Mapping


class Exit(IntEnum):
    """The exit codes; the last three are those of sysexits.h and of shells."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CANCELLED = 3
    UNAVAILABLE = 69
    STILL_RUNNING = 75
    INTERRUPTED = 130


_END_OF_A_MOVE = {
    Exit.DONE: "the move is done",
    Exit.FAILED: "the move has failed",
    Exit.USAGE: "there is no such move",
    Exit.CANCELLED: "the move was cancelled",
    Exit.UNAVAILABLE: "Redis is not available",
    Exit.STILL_RUNNING: "not ended within `--timeout`; it goes on",
    Exit.INTERRUPTED: "Ctrl-C; the move goes on",
}
_AWAY = {Exit.UNAVAILABLE: "Redis is not available", Exit.INTERRUPTED: "Ctrl-C"}

_STEERED = {Exit.USAGE: "there is no such move of a prefix", **_AWAY}

MEANINGS: Mapping[str, Mapping[Exit, str]] = {
    "mv": _END_OF_A_MOVE
    | {
        Exit.DONE: "the move is done; with `--no-wait` it is queued",
        Exit.USAGE: "the request is refused, or its key belongs to another one",
    },
    "status": {
        Exit.DONE: "whatever the state",
        Exit.USAGE: "there is no such move",
        **_AWAY,
    },
    "watch": _END_OF_A_MOVE,
    "top": {
        Exit.DONE: "q or Ctrl-C, or the one table is printed",
        Exit.USAGE: "a bad option",
        Exit.UNAVAILABLE: "Redis is not available at the first look",
    },
    "cancel": _END_OF_A_MOVE
    | {
        Exit.DONE: "too late: the move is done",
        Exit.FAILED: "too late: the move has failed",
    },
    "pause": _STEERED | {Exit.DONE: "the move of a prefix begins no more objects"},
    "resume": _STEERED | {Exit.DONE: "the move of a prefix goes on"},
    "retry-failed": _STEERED
    | {
        Exit.DONE: "a new move is queued, whose id is printed",
        Exit.STILL_RUNNING: "the move has not ended",
    },
    "report": _STEERED | {Exit.DONE: "where the report is, is printed"},
    "ls": {Exit.DONE: "always, also without moves", Exit.USAGE: "a bad option", **_AWAY},
    "sweep": {
        Exit.DONE: "a worker has swept",
        Exit.USAGE: "a bad option",
        **_AWAY,
        Exit.STILL_RUNNING: "no worker has answered",
    },
    "doctor": {
        Exit.DONE: "moves can work; there may be warnings",
        Exit.FAILED: "something makes moves fail",
        Exit.USAGE: "a bad option",
        **_AWAY,
        Exit.STILL_RUNNING: "no worker has answered",
    },
    "web": {
        Exit.DONE: "Ctrl-C",
        Exit.FAILED: "it cannot listen there",
        Exit.USAGE: "no token, or a bad option",
    },
    "completion": {Exit.DONE: "the script is printed", Exit.USAGE: "the shell is not known"},
}
"""What each code means, command by command; a wrong command line is always USAGE."""

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
