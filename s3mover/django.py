"""For Django: a move that is enqueued when the transaction commits, and only then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Unpack

from s3mover.request import new_id, parse_request

try:
    from django.db import transaction
except ImportError as error:
    raise ImportError("s3mover.django is for Django projects: pip install django") from error

if TYPE_CHECKING:
    from s3mover.client import Mover
    from s3mover.contract import MoveOptions


def enqueue_on_commit(
    mover: Mover,
    source: str,
    destination: str,
    *,
    using: str | None = None,
    **options: Unpack[MoveOptions],
) -> str:
    """
    Return the id of a move at once, and enqueue it when the transaction of `using` commits.

    After a rollback, also of a savepoint, nothing is sent; outside of a transaction it is sent now.
    Raises InvalidRequest here. What else `Mover.move` raises, such as BrokerUnavailable, comes
    from where the transaction ends, after it was committed: so give the move an `idempotency_key`
    or keep the id, and it can be sent again.
    """
    request = parse_request(source=source, destination=destination, **options)
    move_id = new_id(request)
    transaction.on_commit(partial(mover.submit, request, move_id), using=using)
    return move_id
