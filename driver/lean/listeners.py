"""Who listens to a client's events: the lean way is open only where nobody else does."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from types_boto3_s3 import S3Client

_EVENTS = (
    "provide-client-params",
    "before-parameter-build",
    "before-endpoint-resolution",
    "before-call",
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "needs-retry",
    "after-call",
    "after-call-error",
)

_OURS = {
    ("provide-client-params", "driver.owners"),
    ("provide-client-params", "driver.customer_keys"),
    ("before-send", "driver.lean.stand_in"),
    # Asked about what is handed to boto3, thus about all that may be a throttle.
    ("needs-retry", "driver.throttling"),
}
"""Our own handlers that are heard on the lean way too, or have nothing to say about it."""

_CALL = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001  # tracers wrap it

Handler = "Callable[..., Any]"


class Listeners:
    """The handlers of one operation of a client, looked up again when they have changed."""

    def __init__(self, client: S3Client, operation: str) -> None:
        # Its cache of lookups is another dictionary after each change (botocore 1.44, 2026-11).
        self._emitter: Any = client.meta.events._emitter  # type: ignore[attr-defined]  # noqa: SLF001
        self._operation = operation
        self._seen: object = None
        self._are_known = False
        self.of_parameters: list[Callable[..., Any]] = []
        self.of_success: list[Callable[..., Any]] = []

    def are_known(self) -> bool:
        """Tell whether all of them are botocore's or our own, and nobody wraps its calls."""
        if self._emitter._lookup_cache is not self._seen:  # noqa: SLF001
            self._look()
        return self._are_known and BaseClient._make_api_call is _CALL  # type: ignore[attr-defined]  # noqa: SLF001

    def _look(self) -> None:
        seen = self._emitter._lookup_cache  # noqa: SLF001
        found = {event: self._of(event) for event in _EVENTS}
        self._are_known = isinstance(_CALL, FunctionType) and all(
            _is_known(event, handler) for event in _EVENTS for handler in found[event]
        )
        self.of_parameters = found["provide-client-params"]
        self.of_success = found["after-call"]
        self._seen = seen

    def _of(self, event: str) -> list[Callable[..., Any]]:
        handlers: Iterable[Callable[..., Any]]
        handlers = self._emitter._handlers.prefix_search(f"{event}.s3.{self._operation}")  # noqa: SLF001
        return list(handlers)


def _is_known(event: str, handler: Any) -> bool:
    module = getattr(handler, "__module__", None) or type(handler).__module__
    return module.startswith("botocore.") or (event, module) in _OURS
