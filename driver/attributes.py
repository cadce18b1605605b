"""What a destination gets besides its bytes."""

from dataclasses import dataclass
from typing import Any

from config import S3Settings
from driver.source import Source
from driver.tagging import Tags, header_of

CONTENT_TYPE = "application/octet-stream"
"""Of everything that is written; the registry's choice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of the copy, instead of what the settings say; empty: nothing."""

    storageclass: str = ""
    encryption: str = ""
    """`destination`: what its bucket does by itself; `keep`: the source's; else a KMS key."""


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


def policy_of(settings: S3Settings, source: Source, asked: Asked) -> dict[str, Any]:
    """
    Return the policy for the copy of a source: what a request asks for goes before the settings.

    Without either the storage class is the source's, and encryption is the bucket's business.
    """
    wanted = policy(settings)
    if asked.storageclass:
        wanted["StorageClass"] = asked.storageclass
    elif "storageclass" not in settings.model_fields_set:
        wanted["StorageClass"] = source.storageclass
    if asked.encryption:
        for name in ("ServerSideEncryption", "SSEKMSKeyId"):
            wanted.pop(name, None)
        wanted |= _encryption(source, asked.encryption)
    return wanted


def _encryption(source: Source, asked: str) -> dict[str, Any]:
    if asked == "destination":
        return {}
    if asked == "keep":
        return dict(source.encryption)
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": asked}


def carried(source: Source, tags: Tags) -> dict[str, Any]:
    """
    Return what CreateMultipartUpload must be told of the source; tags that fit into a header.

    CopyObject carries all of it by itself; a multipart copy carries nothing but bytes.
    """
    attributes: dict[str, Any] = {**source.headers, "Metadata": dict(source.metadata)}
    if header := header_of(tags):
        attributes["Tagging"] = header
    checksum = source.checksum
    if checksum and checksum.survives_parts:
        # The store computes it, part by part; verify compares it with the source's.
        attributes["ChecksumAlgorithm"] = checksum.algorithm
        attributes["ChecksumType"] = checksum.type
    return attributes
