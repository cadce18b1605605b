"""What an examination of a bucket finds."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from driver.answers import quoted
from driver.errors import AccessDenied, DriverError, NotImplementedByStore, SourceChanged

Status = Literal["ok", "warning", "failed", "skipped"]

OF_BUCKETS = frozenset(
    {
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:ListBucketMultipartUploads",
        "s3:GetLifecycleConfiguration",
        "s3:GetBucketVersioning",
    }
)
"""The IAM actions whose resource is the bucket; that of all others is an object."""

REFUSED = frozenset({"AccessDenied", "403"})
"""Codes of a policy that is too narrow: wrong keys have others, and HEAD tells none."""

ALLOW = "allow "

COPIES = "s3:GetObject and s3:PutObject"
WEAK_COPY = "while it is copied, do not overwrite a source: this store cannot pin it"

WRONG = quoted("00000000000000000000000000000000")
"""The ETag of nothing."""

CURES = {
    "RequestTimeTooSkewed": "set the worker's clock: S3 refuses requests 15 minutes off its own",
    "NoSuchBucket": "create the bucket, or name another one in `bucket` or `buckets`",
    "PermanentRedirect": "set region to that of the bucket",
    "AuthorizationHeaderMalformed": "set region to that of the bucket",
    **dict.fromkeys(
        (
            "EndpointConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "ConnectionClosedError",
            "SSLError",
            "ProxyConnectionError",
        ),
        "see regionendpoint and secure, and whether the store is up and can be reached from there",
    ),
    "AccessControlListNotSupported": "set objectacl to bucket-owner-full-control",
}

_NAMED = re.compile(r"not authorized to perform: (?P<action>\S+)(?: on resource: (?P<on>\S+))?")
"""How Amazon names what is missing, be it of S3 or of KMS (S3's user guide, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report."""

    check: str
    """An IAM action, or what the store should be able to do."""
    bucket: str
    status: Status
    detail: str = ""
    advice: str = ""

    @property
    def is_denied(self) -> bool:
        """Whether a policy is in the way, and not the store."""
        return self.advice.startswith(ALLOW)


def asked(check: str, bucket: str, ask: Callable[[], str | None], needs: str = "") -> Finding:
    """
    Ask, and return how it went; `ask` returns what it found, or None.

    `needs` names the IAM actions of a check that is not named after one.
    """
    try:
        return Finding(check, bucket, "ok", ask() or "")
    except DriverError as error:
        detail = error.detail if isinstance(error, AccessDenied) else str(error)
        return Finding(check, bucket, "failed", detail, _cure(error, bucket, needs or check))
    except Exception as error:  # noqa: BLE001  # an answer nobody foresaw may hide no other finding
        detail = f"the answer was not understood: {type(error).__name__}: {error}"
        return Finding(check, bucket, "failed", detail, "see that the endpoint is one of S3")


def optional(found: Finding, without: str) -> Finding:
    """Return the finding as a warning that says what is lost, if it was not ok."""
    if found.status == "ok":
        return found
    advice = "; ".join(filter(None, (found.advice, without)))
    return replace(found, status="warning", advice=advice)


def ability(
    check: str, bucket: str, ask: Callable[[], str | None], needs: str, without: str
) -> Finding:
    """Ask for what a store may lack: a warning, and not known where a policy is in the way."""
    found = asked(check, bucket, ask, needs)
    return replace(found, status="skipped") if found.is_denied else optional(found, without)


def refused(ask: Callable[[], object], done: str, condition: str) -> None:
    """Ask what a store must refuse, since the condition names another ETag."""
    try:
        ask()
    except SourceChanged:
        return
    raise NotImplementedByStore(f"the store {done} although {condition} did not match")


def _cure(error: DriverError, bucket: str, needs: str) -> str:
    if not isinstance(error, AccessDenied) or error.code not in REFUSED:
        return CURES.get(error.code, error.advice)
    named = _NAMED.search(error.detail)
    action = named["action"] if named else needs
    resource = f"arn:aws:s3:::{bucket}" if action in OF_BUCKETS else f"arn:aws:s3:::{bucket}/*"
    if named and named["on"] and not action.startswith("s3:"):
        resource = named["on"].strip('"')
    return f"{ALLOW}{action} on {resource}"
