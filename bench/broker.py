"""What a part, and a small object of a prefix, cost the broker: commands, bytes, CPU, memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis import Redis

from bench import fleet
from bench.costs import FREE, work_of
from bench.model import ModelS3
from bench.peers import ours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.peers.work import Work
    from worker.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Load:
    """The broker's share of one move, divided by its parts or objects."""

    what: str
    count: int
    commands: float
    """Those that scripts call are among them; `evalsha` is one round trip."""

    calls: dict[str, float]
    microseconds: float
    """Of the server's CPU, the kernel's network with it."""

    bytes_in: float
    bytes_out: float
    peak: int
    """Bytes of memory above what there was, for the whole move."""


def measure(parts: int, objects: int) -> Iterator[Load]:
    """Yield the load of one move of so many parts, and of one prefix of so many objects."""
    for what, count in (("part", parts), ("object", objects)):
        work = work_of(what, count)
        with ModelS3(FREE) as model, ours.warm(work, model, 2) as two:
            yield _of(what, work, model, two)


def _of(what: str, work: Work, model: ModelS3, two: Fleet) -> Load:
    redis: Redis = Redis.from_url(two.valkey.url, decode_responses=True)
    redis.config_resetstat()
    before = redis.info("stats"), fleet.cpu_of(two.valkey.pid)
    with fleet.peak_of(two.valkey.url) as peak:
        ours.by_fleet(work, model, two, "broker")
    after, cpu = redis.info("stats"), fleet.cpu_of(two.valkey.pid)
    calls: dict[str, Any] = redis.info("commandstats")
    names = {name.removeprefix("cmdstat_"): row["calls"] for name, row in calls.items()}
    each = work.each

    def grown(name: str) -> float:
        return float((after[name] - before[0][name]) / each)

    return Load(
        what,
        each,
        commands=grown("total_commands_processed"),
        calls={name: round(calls / each, 3) for name, calls in _most(names)},
        microseconds=1e6 * (cpu - before[1]) / each,
        bytes_in=grown("total_net_input_bytes"),
        bytes_out=grown("total_net_output_bytes"),
        peak=peak[0],
    )


def _most(names: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(names.items(), key=lambda pair: -pair[1])[:16]
