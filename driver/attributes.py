"""What a destination gets besides its bytes."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from config import S3Settings
from driver.checksums import COMBINABLE
from driver.source import Pin, Source
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


CONTENT_TYPE = "application/octet-stream"
"""Of everything that is written; the registry's choice."""


def policy(settings: S3Settings) -> dict[str, Any]:
    """Return the storage class, encryption and ACL that the settings demand of every write."""
    encryption, keyid = settings.sse()
    wanted = {
        "StorageClass": None if settings.storageclass == "NONE" else settings.storageclass,
        "ServerSideEncryption": encryption,
        "SSEKMSKeyId": keyid,
        "ACL": settings.objectacl,
    }
    return {name: value for name, value in wanted.items() if value}


def carried(client: "S3Client", source: Source) -> dict[str, Any]:
    """
    Return what CreateMultipartUpload must be told of the source.

    CopyObject carries all of it by itself; a multipart copy carries nothing but bytes.
    """
    attributes: dict[str, Any] = {**source.headers, "Metadata": dict(source.metadata)}
    if source.tag_count:
        attributes["Tagging"] = _tags(client, source.pin)
    checksum = source.checksum
    if checksum and checksum.type == "FULL_OBJECT" and checksum.algorithm in COMBINABLE:
        # The store computes it, part by part; verify compares it with the source's.
        attributes["ChecksumAlgorithm"] = checksum.algorithm
        attributes["ChecksumType"] = checksum.type
    return attributes


def _tags(client: "S3Client", pin: Pin) -> str:
    with translated("GetObjectTagging", source=pin.location):
        answer = client.get_object_tagging(**pin.address)
    tags = [(tag["Key"], tag["Value"]) for tag in answer["TagSet"]]
    return urlencode(tags, quote_via=quote)
