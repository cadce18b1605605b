"""Turning a snapshot into families of samples, as prometheus-client takes them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.utils import floatToGoString

from s3mover.contract import State
from s3mover.metrics.snapshot import ACTIVE_STATES, Snapshot
from s3mover.metrics.table import BOUNDS, TABLE, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client.core import Metric as Family

_FAMILIES = {
    "counter": CounterMetricFamily,
    "gauge": GaugeMetricFamily,
    "histogram": HistogramMetricFamily,
}
_FINAL = [state.value for state in State if state.final]
_PHASES = [state.value for state in ACTIVE_STATES]

# The counts of `lua/tally.lua` that are samples as they are; a name that ends in `:` has labels.
_COUNTS = {
    "s3mover_moves_accepted_total": ("accepted", None),
    "s3mover_moves_refused_total": ("refused", None),
    "s3mover_moves_started_total": ("started", None),
    "s3mover_moves_finished_total": ("finished:", _FINAL),
    "s3mover_bytes_moved_total": ("bytes:moved", None),
    "s3mover_bytes_copied_total": ("bytes:copied", None),
    "s3mover_parts_copied_total": ("parts", None),
    "s3mover_prefixes_accepted_total": ("prefixes:accepted", None),
    "s3mover_prefixes_finished_total": ("prefixes:finished:", _FINAL),
    "s3mover_prefix_pages_open": ("pages", None),
    "s3mover_prefix_objects_total": ("objects:", ["moved", "skipped", "failed", "left"]),
    "s3mover_prefix_bytes_moved_total": ("prefixes:bytes", None),
    "s3mover_parts_outstanding": ("outstanding", None),
    "s3mover_retries_total": ("retries:", ["part", "step"]),
    "s3mover_throttles_total": ("throttles:", []),
}
_DURATIONS = {
    "s3mover_move_duration_seconds": _FINAL,
    "s3mover_phase_duration_seconds": _PHASES,
}

Sample = tuple[list[str], float]


def described() -> Iterator[Family]:
    """Yield the families without samples."""
    return map(_family, TABLE)


def filled(snapshot: Snapshot | None) -> Iterator[Family]:
    """Yield the families there is something to say about; of no snapshot, that there is none."""
    for metric in TABLE:
        family = _family(metric)
        if metric.name == "s3mover_up":
            family.add_metric([], int(snapshot is not None))
        elif snapshot is not None and metric.name in _DURATIONS:
            for label in _DURATIONS[metric.name]:
                family.add_metric([label], *_classes(snapshot, label))
        elif snapshot is not None:
            for labels, value in _samples(metric.name, snapshot):
                family.add_metric(labels, value)
        if family.samples:
            yield family


def _family(metric: Metric) -> Any:  # each kind takes samples in its own way
    return _FAMILIES[metric.kind](metric.name, metric.help, labels=metric.labels)


def _samples(name: str, snapshot: Snapshot) -> Iterable[Sample]:
    if name in _COUNTS:
        return _counts(snapshot, *_COUNTS[name])
    if name == "s3mover_moves":
        return _labelled(snapshot.moves.items())
    if name == "s3mover_prefixes":
        return [([], snapshot.prefixes)]
    if name == "s3mover_oldest_move_age_seconds":
        return _labelled(snapshot.ages.items())
    if name == "s3mover_queue_messages":
        return _labelled(snapshot.queues.items())
    if name == "s3mover_unacked_messages":
        return [] if snapshot.unacked is None else [([], snapshot.unacked)]
    raise LookupError(name)


def _counts(snapshot: Snapshot, name: str, labels: list[str] | None) -> Iterator[Sample]:
    """Yield a count, or those of each label: of the given ones, 0 if there is none."""
    if labels is None:
        yield [], snapshot.count(name)
        return
    found = {field.removeprefix(name) for field in snapshot.tally if field.startswith(name)}
    for label in sorted({*labels, *found}):
        yield [label], snapshot.count(name + label)


def _classes(snapshot: Snapshot, label: str) -> tuple[list[tuple[str, float]], float]:
    """Return how many durations each bound is above, as histograms have it, and their sum."""
    counted = [snapshot.count(f"seconds:{label}:{n}") for n in range(1, len(BOUNDS) + 2)]
    bounds = [*map(floatToGoString, BOUNDS), "+Inf"]
    return list(zip(bounds, accumulate(counted), strict=True)), snapshot.count(
        f"seconds:{label}:sum"
    )


def _labelled(pairs: Iterable[tuple[str, float]]) -> Iterator[Sample]:
    return (([label], value) for label, value in pairs)
