"""
The moves' metrics for Prometheus, read from the journal when they are asked for.

`MovesCollector(broker_url)` goes into any registry of prometheus-client; `exposition(collector)`
is what a page `/metrics` answers. Whoever serves it, the figures are those of the whole fleet.
"""

try:
    import prometheus_client  # noqa: F401  # to say what is missing
except ImportError as error:
    msg = "s3mover.metrics needs prometheus-client: pip install 's3mover[web]'"
    raise ImportError(msg) from error

from s3mover.metrics.collector import MovesCollector
from s3mover.metrics.exposition import exposition

__all__ = ["MovesCollector", "exposition"]
