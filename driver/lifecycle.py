"""Whether a bucket ends by itself the uploads that nobody else will."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from driver.errors import Rejected
from driver.findings import Finding, asked, optional
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHECK = "s3:GetLifecycleConfiguration"

SHORT_DAYS = 2
"""Days below which a rule may abort the upload of a long move."""

RULE = (
    "add the rules of docs/lifecycle.json to those there are, which this replaces: aws s3api "
    "put-bucket-lifecycle-configuration --bucket {bucket}{endpoint} "
    "--lifecycle-configuration file://docs/lifecycle.json"
)


def lifecycle(client: "S3Client", bucket: str, root: str, endpoint: str) -> Finding:
    """Look for a rule that aborts uploads below `root`; without one they are billed for ever."""
    rules: list[Any] = []

    def read() -> None:
        try:
            with translated("GetBucketLifecycleConfiguration", source=Location(bucket, "")):
                rules.extend(client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])
        except Rejected as error:
            if error.code != "NoSuchLifecycleConfiguration":
                raise

    found = asked(CHECK, bucket, read)
    if found.status != "ok":
        return optional(found, "only doctor needs it: see that a rule aborts old uploads")
    rule = RULE.format(bucket=bucket, endpoint=f" --endpoint-url {endpoint}" if endpoint else "")
    return _judged(bucket, rule, sorted(each for rule in rules for each in _aborts(rule, root)))


def _judged(bucket: str, rule: str, aborts: Sequence[tuple[int, str]]) -> Finding:
    if not aborts:
        detail = "no rule aborts uploads that nobody ends: they are billed for ever"
        return Finding(CHECK, bucket, "warning", detail, rule)
    days, prefix = aborts[0]
    detail = f"uploads{f' below {prefix}' if prefix else ''} are aborted after {days} days"
    if days < SHORT_DAYS:
        lost = f"{detail}: a long move may lose its own"
        return Finding(CHECK, bucket, "warning", lost, f"let it be {SHORT_DAYS} days or more")
    return Finding(CHECK, bucket, "ok", detail)


def _aborts(rule: Mapping[str, Any], root: str) -> Iterator[tuple[int, str]]:
    """Yield the days and the prefix of a rule that aborts every upload below `root`."""
    days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
    narrow = rule.get("Filter", {})
    narrow = {**narrow, **narrow.get("And", {})}
    prefix = str(rule.get("Prefix") or narrow.get("Prefix") or "")
    others = any(value for name, value in narrow.items() if name not in {"Prefix", "And"})
    if days and rule.get("Status") == "Enabled" and root.startswith(prefix) and not others:
        yield int(days), prefix
