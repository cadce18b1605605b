"""The proof that a destination holds the bytes of the pinned source."""

from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from driver.answers import quoted
from driver.customer_keys import key_of
from driver.errors import (
    PathNotFoundError,
    Permanent,
    SourceChanged,
    VerificationFailed,
    WrongCustomerKey,
)
from driver.locations import Location
from driver.source import Pin, Source, head, recheck
from driver.together import both
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Mode = Literal["auto", "checksum", "read", "size"]
Kind = Literal["checksum", "etag", "read", "size"]

BLOCK_SIZE = 1024**2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was compared, and how it came out equal."""

    kind: Kind
    detail: str


def verify(
    client: "S3Client", pin: Pin, destination: Location, mode: Mode, etag: str | None
) -> Evidence:
    """
    Compare the destination with the pinned source, by the strongest evidence `mode` allows.

    `etag` is what the copy's own answer said the destination is. Raises `VerificationFailed`;
    `SourceChanged` or `PathNotFoundError` when the pinned source is no longer there.
    """
    source, copy = both(
        lambda: recheck(client, pin),
        lambda: _copy(client, pin, destination),
    )
    if etag is not None and copy.etag != etag.strip('"'):
        text = "overwritten by someone else, or this store takes its key for a folder"
        raise _failed(pin, destination, text)
    if copy.size != source.size:
        raise _failed(pin, destination, f"{copy.size} bytes, the source has {source.size}")
    kind = _kind(mode, source, copy)
    if kind == "read":
        return _read(client, source, copy)
    if kind == "checksum":
        return _checksum(source, copy)
    if kind == "etag":
        return Evidence("etag", f"both ETags are {copy.etag}")
    return Evidence("size", f"size alone was compared: {source.size} bytes on both sides")


def _kind(mode: Mode, source: Source, copy: Source) -> Kind:
    """Choose what to compare: what is asked for, or the strongest that both sides have."""
    if mode != "auto":
        return mode
    if _are_comparable(source, copy):
        return "checksum"
    if source.location.customer_key or copy.location.customer_key:
        return "read"  # the ETag of such an object tells nothing of its bytes (S3 API, 2026-11)
    return "etag" if source.etag == copy.etag else "size"


def proof(client: "S3Client", pin: Pin, destination: Location, mode: Mode) -> Evidence | None:
    """
    Tell whether the destination is a copy, of which no answer says so; None if that is not proven.

    By checksums, ETags or bytes: one size proves nothing here.
    """
    try:
        evidence = verify(client, pin, destination, "auto" if mode == "size" else mode, None)
    except Permanent:
        return None
    return None if evidence.kind == "size" else evidence


def _copy(client: "S3Client", pin: Pin, destination: Location) -> Source:
    try:
        return head(client, destination)
    except PathNotFoundError as error:
        raise _failed(pin, destination, "it is not there") from error
    except WrongCustomerKey as error:  # or this store ignores them, and has it in the clear
        raise _failed(pin, destination, error.detail) from error


def _checksum(source: Source, copy: Source) -> Evidence:
    ours, theirs = source.checksum, copy.checksum
    if not (ours and theirs and _are_comparable(source, copy)):
        raise _failed(
            source.pin,
            copy.location,
            "no full-object checksum of one algorithm on both sides; verify by read instead",
        )
    if ours.value != theirs.value:
        text = f"{ours.algorithm} is {theirs.value}, the source's is {ours.value}"
        raise _failed(source.pin, copy.location, text)
    return Evidence("checksum", f"{ours.algorithm} {ours.value} on both sides")


def _read(client: "S3Client", source: Source, copy: Source) -> Evidence:
    ours = _digest(client, source)
    try:
        theirs = _digest(client, copy)
    except (PathNotFoundError, SourceChanged) as error:
        text = "overwritten by someone else while it was read"
        raise _failed(source.pin, copy.location, text) from error
    if ours != theirs:
        raise _failed(source.pin, copy.location, f"SHA-256 {theirs}, the source's is {ours}")
    return Evidence("read", f"SHA-256 {ours} of all {source.size} bytes on both sides")


def _are_comparable(source: Source, copy: Source) -> bool:
    ours, theirs = source.checksum, copy.checksum
    return (
        ours is not None
        and theirs is not None
        and ours.algorithm == theirs.algorithm
        and ours.type == theirs.type == "FULL_OBJECT"
    )


def _digest(client: "S3Client", found: Source) -> str:
    digest = sha256()
    with translated("GetObject", source=found.location):
        answer = client.get_object(
            **found.pin.address, **key_of(found.location), IfMatch=quoted(found.etag)
        )
        with closing(answer["Body"]) as body:
            for block in body.iter_chunks(BLOCK_SIZE):
                digest.update(block)
    return digest.hexdigest()


def _failed(pin: Pin, destination: Location, text: str) -> VerificationFailed:
    return VerificationFailed(
        text, operation="verify", source=str(pin.location), target=str(destination)
    )
