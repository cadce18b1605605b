"""Which files a manifest has, and in which form each of them is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import driver
from driver import Location, PathNotFoundError, Pin
from s3mover.locations import parse_uri
from tasks.confine import check_key
from tasks.errors import BadManifest, BucketNotAllowed
from tasks.prefix.manifest.cursor import Cursor
from tasks.prefix.manifest.entries import header_of, schema_of
from tasks.prefix.manifest.streams import BLOCK, Packed
from tasks.prefix.names import is_reserved

if TYPE_CHECKING:
    from config import Settings
    from tasks.deployment import Deployment
    from tasks.prefix.manifest.entries import Kind

MOST_BYTES = 32 * 1024**2
"""Of an inventory's list of its files: 100,000 of them."""

_REPORTS = "reports/"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_OTHERS = {
    b"PAR1": "Parquet: have the inventory written as CSV",
    b"ORC": "ORC: have the inventory written as CSV",
    b"PK\x03\x04": "a zip file: use gzip",
    b"\x28\xb5\x2f\xfd": "packed by zstd: use gzip",
    b"BZh": "packed by bzip2: use gzip",
    b"\xfd7zXZ": "packed by xz: use gzip",
    b"\xff\xfe": "UTF-16: write it as UTF-8",
}


def place_of(settings: Settings, manifest: str) -> Location:
    """Return where the manifest is; BucketNotAllowed or KeyNotAllowed where moves may not read."""
    place = Location(*(parse_uri(manifest) or ("", "")))
    if place.bucket not in settings.buckets:
        msg = f"the manifest is in {place.bucket}, which is not in S3MOVER_BUCKETS"
        raise BucketNotAllowed(msg, source=manifest)
    reports = driver.reserved(settings.s3, place.bucket, _REPORTS).key
    # Those are written to be read; not all at once, for a move would read what it writes.
    if not place.key.startswith(reports) or place.key == reports:
        check_key(settings, place)
    return place


def first(here: Deployment, manifest: str) -> Cursor | None:
    """Return the beginning of a manifest; None of an inventory without files."""
    place = place_of(here.settings, manifest)
    if not place.key.endswith("/"):
        return _open(here, place)
    found = _below(here, place, "")
    if found is None:
        raise PathNotFoundError(f"{place}: there is no manifest below it", source=str(place))
    return found


def following(here: Deployment, manifest: str, cursor: Cursor) -> Cursor | None:
    """Return the beginning of the file after this one; None: it was the last."""
    place, last = place_of(here.settings, manifest), cursor.key
    if cursor.inventory:
        last, etag, version_id, size = cursor.inventory
        pin = Pin(Location(place.bucket, last), size, etag, version_id)
        found = _file_of(here, pin, _inventory(here, pin) or {}, cursor.index + 1)
        if found:
            return found
    return _below(here, place, last) if place.key.endswith("/") else None


def _below(here: Deployment, folder: Location, after: str) -> Cursor | None:
    if is_reserved(folder.key):  # a report; beside its pages it may be there as one file, too
        folder = Location(folder.bucket, f"{folder.key}page-")
    key = driver.first_below(here.s3, folder, after)
    while key.endswith("/"):
        key = driver.first_below(here.s3, folder, key)
    return _open(here, place_of(here.settings, f"s3://{folder.bucket}/{key}")) if key else None


def _open(here: Deployment, place: Location) -> Cursor | None:
    """Pin a file and tell its form by its beginning; of an inventory the first of its files."""
    try:
        cursor = _pinned(here, place, "csv")
    except PathNotFoundError as error:
        raise PathNotFoundError(f"{place}: there is no such manifest", source=str(place)) from error
    head = _head(here, cursor)
    text = head.removeprefix(_BOM).lstrip()
    if text.startswith(b"{"):
        is_likely = b'"fileSchema"' in head or b'"files"' in head
        inventory = _inventory(here, cursor.pin) if is_likely else None
        if inventory is not None:
            return _file_of(here, cursor.pin, inventory, 0)
        return replace(cursor, kind="jsonl")
    line = text.partition(b"\n")[0].decode(errors="replace").strip()
    columns = tuple(header_of(line))
    return replace(cursor, columns=columns) if columns else cursor


def _pinned(here: Deployment, place: Location, kind: Kind) -> Cursor:
    found = driver.look(here.s3, place)
    cursor = Cursor(place.bucket, place.key, found.etag, found.version_id, found.size, kind)
    head = driver.read_range(here.s3, cursor.pin, 0, 8)
    for magic, advice in _OTHERS.items():
        if head.startswith(magic):
            raise BadManifest(f"{place} is {advice}")
    return replace(cursor, is_packed=head.startswith(_GZIP))


def _head(here: Deployment, cursor: Cursor) -> bytes:
    if cursor.is_packed:
        return Packed(here, cursor.pin).read(0)
    return driver.read_range(here.s3, cursor.pin, 0, BLOCK)


def _file_of(here: Deployment, pin: Pin, found: dict[str, Any], index: int) -> Cursor | None:
    """Return the beginning of a file of an inventory; None after the last."""
    if index >= len(found.get("files", [])):
        return None
    if str(found.get("fileFormat")).upper() != "CSV":
        kind = found.get("fileFormat")
        raise BadManifest(f"{pin.location}: the inventory is {kind}; have it written as CSV")
    columns, file = schema_of(str(found.get("fileSchema"))), found["files"][index]
    if "key" not in columns:
        raise BadManifest(f"{pin.location}: its fileSchema names no Key")
    bucket = str(found.get("destinationBucket", "")).rpartition(":")[2] or pin.location.bucket
    place = place_of(here.settings, f"s3://{bucket}/{file['key']}")
    cursor = _pinned(here, place, "inventory")
    if file.get("size") not in {None, cursor.size}:
        raise BadManifest(f"{place} has {cursor.size} bytes, the inventory says {file['size']}")
    own = (pin.location.key, pin.etag, pin.version_id, pin.size)
    return replace(cursor, columns=tuple(columns), index=index, inventory=own)


def _inventory(here: Deployment, pin: Pin) -> dict[str, Any] | None:
    """Return an inventory's manifest.json; None if the object is something else."""
    try:
        found = json.loads(driver.read_range(here.s3, pin, 0, MOST_BYTES))
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(found, dict) and isinstance(found.get("files"), list)
    return found if is_one else None
