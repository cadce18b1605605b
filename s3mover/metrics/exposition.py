"""What a page `/metrics` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

if TYPE_CHECKING:
    from prometheus_client.registry import Collector


def exposition(*collectors: Collector, accept: str = "") -> tuple[bytes, str]:
    """
    Return the text of these collectors and its content type, in the form that `accept` asks for.

    It waits for Redis, 2 seconds at most: call it in a thread where others must go on.
    """
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
