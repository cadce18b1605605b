"""What an examination of a bucket finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from driver.errors import AccessDenied, DriverError

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report."""

    check: str
    """An IAM action, or what the store should be able to do."""
    bucket: str
    status: Status
    detail: str = ""
    advice: str = ""


def asked(check: str, bucket: str, ask: Callable[[], str | None]) -> Finding:
    """Ask, and return how it went; `ask` returns what it found, or None."""
    try:
        return Finding(check, bucket, "ok", ask() or "")
    except AccessDenied as error:
        resource = bucket if check in OF_BUCKETS else f"{bucket}/*"
        # Wrong keys have other codes than a policy that is too narrow; HEAD has none.
        narrow = error.code in {"AccessDenied", "403"}
        advice = f"allow {check} on arn:aws:s3:::{resource}" if narrow else error.advice
        return Finding(check, bucket, "failed", error.detail, advice)
    except DriverError as error:
        return Finding(check, bucket, "failed", str(error), error.advice)


def optional(found: Finding, without: str) -> Finding:
    """Return the finding as a warning that says what is lost, if it was not ok."""
    if found.status == "ok":
        return found
    advice = "; ".join(filter(None, (found.advice, without)))
    return Finding(found.check, found.bucket, "warning", found.detail, advice)
