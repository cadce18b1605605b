"""
What the client may raise.

MoverError
├── InvalidRequest        the request is refused before it is sent
├── IdempotencyConflict   the key was used for another request
├── UnknownMove           no record has this id, or it has expired
├── StillRunning          the move did not end in the time given
├── InvalidBroker         the broker's URL does not name a Redis
└── BrokerUnavailable     Redis does not answer
"""

from __future__ import annotations


class MoverError(Exception):
    """Base of everything the client raises."""


class InvalidRequest(MoverError, ValueError):
    """The request is refused before it is sent; the text names each fault."""


class IdempotencyConflict(MoverError):
    """The idempotency key was already used for another request."""


class UnknownMove(MoverError, LookupError):
    """No record has this id; records expire some days after their move has ended."""


class StillRunning(MoverError, TimeoutError):
    """The move has not ended in the time given; it goes on."""


class InvalidBroker(MoverError, ValueError):
    """The broker's URL does not name a Redis."""


class BrokerUnavailable(MoverError, ConnectionError):
    """Redis, which is broker and journal, does not answer."""
