"""
What a task may raise beside the driver's errors; the classes are decisions.

Permanent (driver)            end the move as failed, at once
├── BucketNotAllowed
├── KeyNotAllowed
├── BadManifest
├── LocationBusy
├── DeadlineExceeded
├── PoisonedPart
└── GivenUp
NotOwned                      somebody else carries the move, or nobody has to
├── Busy                      look again later
└── Superseded                nothing left to do here
    └── Ended                 the move has ended
StopAsked                     end the move as it was asked to end
Wait                          something else has to end first: look again later
├── NoPlace                   as many copies are in flight as a throttling store takes
└── Paused                    the store has throttled this move
"""

from __future__ import annotations

from driver import Permanent


class BucketNotAllowed(Permanent):
    """The bucket is not among those that moves may touch."""


class KeyNotAllowed(Permanent):
    """The key is not among those that moves may touch."""


class BadManifest(Permanent):
    """What should list the objects to move is none of the forms that are known."""


class LocationBusy(Permanent):
    """The source or the destination takes part in another move."""


class DeadlineExceeded(Permanent):
    """The copy was not complete in the time that the request gave it."""

    advice = "the source was kept; give it more time, or more workers"


class PoisonedPart(Permanent):
    """A part was begun again and again, and no worker has lived to end it."""


class GivenUp(Permanent):
    """The move was carried again and again without progress."""


class NotOwned(Exception):
    """This task does not carry the move."""


class Busy(NotOwned):
    """Another task carries the move right now."""


class Superseded(NotOwned):
    """The move has ended or went on without this task."""


class Ended(Superseded):
    """The move has ended."""


class StopAsked(Exception):
    """Somebody asked the move to stop before its copy was completed."""


class Wait(Exception):
    """Something else has to end first: parts in flight, or the try that saw no stop."""


class NoPlace(Wait):
    """The store throttles, and as many copies as it takes are in flight: ask for a place again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Paused(Wait):
    """The store has throttled this move: ask it for nothing in these seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
