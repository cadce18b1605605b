"""Whether an error is worth another try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from driver import Throttled, Transient
from tasks.throttle import LONGEST

if TYPE_CHECKING:
    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove


def may_pass(here: Deployment, move: OwnedMove, error: Exception, patience: int = 1) -> bool:
    """Tell whether to try again: throttles are bounded by time, other failures by their number."""
    if isinstance(error, Throttled):
        return move.throttled_for < patience * LONGEST
    return isinstance(error, Transient) and move.launches < patience * here.settings.attempts
