"""The accounts that are expected to own the buckets, sent with every request."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ANYONE: Mapping[str, str] = {}
"""The owners of a deployment that expects none: nothing is sent."""


def expect_owners(client: "S3Client", owners: Mapping[str, str]) -> None:
    """Have the client send the owner of each bucket that a request names; S3 answers 403 else."""

    def complete(
        params: dict[str, Any], model: Any, context: Mapping[str, Any], **_: object
    ) -> None:
        # In place: of several handlers that return something, botocore takes only the first.
        # Not into URLs: the header would be signed, and who follows the URL does not send it.
        if not context.get("is_presign_request"):
            params |= expected(params, model.input_shape.members, owners) | params

    if owners:
        client.meta.events.register("provide-client-params.s3", complete)


def expected(
    params: Mapping[str, Any], members: Mapping[str, Any], owners: Mapping[str, str]
) -> dict[str, str]:
    """Return the parameters by which the operation names the owners of its buckets."""
    source = params.get("CopySource")
    named = {
        "ExpectedBucketOwner": params.get("Bucket"),
        "ExpectedSourceBucketOwner": source.get("Bucket") if isinstance(source, Mapping) else None,
    }
    return {
        name: owners[bucket]
        for name, bucket in named.items()
        if bucket is not None and bucket in owners and name in members
    }
