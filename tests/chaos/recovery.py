"""How long it took after a kill until the moves of the killed worker went on; no I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.process.s3_request import S3Request


@dataclass(frozen=True)
class Kill:
    """When (`time.monotonic`) which worker got a SIGKILL; `agent` is in its user agent."""

    at: float
    agent: str


def recoveries(requests: Iterable[S3Request], kills: Iterable[Kill]) -> list[float]:
    """
    Return seconds from a kill until S3 granted a later request, for each move it had struck.

    Those are the moves for which the killed worker had a request in flight; shortest first.
    """
    of_moves = _by_move(requests)
    found = [
        _next(of_move, kill) - kill.at
        for kill in kills
        for of_move in of_moves.values()
        if any(_was_cut(request, kill) for request in of_move)
    ]
    return sorted(seconds for seconds in found if seconds < float("inf"))


def _by_move(requests: Iterable[S3Request]) -> Mapping[str, Sequence[S3Request]]:
    grouped: defaultdict[str, list[S3Request]] = defaultdict(list)
    for request in requests:
        name, slash, _ = request.key.partition("/")
        if slash:
            grouped[name].append(request)
    return grouped


def _was_cut(request: S3Request, kill: Kill) -> bool:
    return (
        request.start < kill.at
        and (request.end is None or request.end > kill.at)
        and kill.agent in request.headers.get("user-agent", "")
    )


def _next(requests: Iterable[S3Request], kill: Kill) -> float:
    ends = (
        request.end
        for request in requests
        if request.start > kill.at and request.end and (request.status or 500) < 300
    )
    return min(ends, default=float("inf"))
