"""The tags of an object, which a copy in parts does not carry by itself."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from driver.errors import NotImplementedByStore
from driver.source import Pin
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Tags = tuple[tuple[str, str], ...]

MAX_HEADER = 2048
"""Bytes of tags that CreateMultipartUpload takes; an object may have more (S3 API, 2026-11)."""


def tags_of(client: "S3Client", pin: Pin) -> Tags:
    """
    Return the tags of the pinned object; none where a store has no tags.

    Asked for also where a HEAD counts none: it does so without the permission to read them too.
    """
    try:
        with translated("GetObjectTagging", source=pin.location):
            answer = client.get_object_tagging(**pin.address)
    except NotImplementedByStore:
        return ()
    return tuple((tag["Key"], tag["Value"]) for tag in answer.get("TagSet", []))


def put_tags(client: "S3Client", pin: Pin, tags: Tags) -> None:
    """Give the object exactly these tags; safe to repeat."""
    with translated("PutObjectTagging", target=pin.location):
        client.put_object_tagging(
            **pin.address, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags]}
        )


def header_of(tags: Tags) -> str:
    """Return the tags as a header has them; empty if there are none, or too many for one."""
    header = urlencode(tags, quote_via=quote)
    return header if len(header) <= MAX_HEADER else ""
