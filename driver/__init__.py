"""The S3 storage driver, and the only folder that knows boto3."""

from driver.attributes import Asked, policy_of
from driver.base import MAX_EXPIRY, URL_EXPIRY, StorageDriver
from driver.checks import refuse_aliases, refuse_unmovable, refuse_unverifiable
from driver.checksums import Checksum
from driver.client import make_client
from driver.client_address import client_address
from driver.cloudfront import CloudFront
from driver.conditions import ABSENT, UNCONDITIONAL, Condition, matching
from driver.conditions import check as check_condition
from driver.delete import delete_source, delete_sources
from driver.errors import (
    AccessDenied,
    Archived,
    CannotPreserve,
    DestinationChanged,
    DriverError,
    InvalidExpiryError,
    InvalidOffsetError,
    InvalidPathError,
    Locked,
    NoSuchUpload,
    NotDeleted,
    NotImplementedByStore,
    PathNotFoundError,
    Permanent,
    QuotaExceeded,
    Rejected,
    SameObject,
    SourceChanged,
    Throttled,
    TooLarge,
    Transient,
    UnknownCustomerKey,
    UnsupportedMethodError,
    VerificationFailed,
    WriterEnded,
    WrongCustomerKey,
)
from driver.examine import examine
from driver.files import FileInfo
from driver.findings import Finding
from driver.layout import kept_part_size, layout_of
from driver.located import url_at, writer_at
from driver.locations import Location
from driver.memory import MemoryDriver
from driver.middleware import Middleware
from driver.multipart import (
    FoundUpload,
    Upload,
    abort,
    complete,
    copy_part,
    create,
    last_written,
    list_parts,
    list_uploads,
)
from driver.notes import MARKS, mark_of, notes_below, read_note, remove_note, reserved, root_of
from driver.opening import open_driver
from driver.parts import (
    MAX_COPY_SIZE,
    MAX_PART_SIZE,
    MAX_PARTS,
    MIN_PART_SIZE,
    Part,
    is_multipart,
    missing_parts,
    part_count,
    part_range,
    part_size,
)
from driver.paths import RESERVED, has_dots
from driver.prefixes import (
    Listed,
    area_of,
    honours_batch_conditions,
    is_lockable,
    is_versioned,
    list_page,
    refuse_overlap,
    source_of,
)
from driver.put import put_object
from driver.ranges import first_below, look, read_range
from driver.source import Pin, Source, head, is_gone, recheck
from driver.storage import S3Driver, location_of, prefix_of
from driver.tagging import Tags, header_of, put_tags, tags_of
from driver.throttling import hand_throttles_on
from driver.together import both
from driver.verify import Evidence, Mode, proof, verify
from driver.walking import SkipDirectory, StopWalk
from driver.waves import chosen_part_size
from driver.whole import copy_whole
from driver.wide import list_wide
from driver.writer import FileWriter

__all__ = [
    "ABSENT",
    "MARKS",
    "MAX_COPY_SIZE",
    "MAX_EXPIRY",
    "MAX_PARTS",
    "MAX_PART_SIZE",
    "MIN_PART_SIZE",
    "RESERVED",
    "UNCONDITIONAL",
    "URL_EXPIRY",
    "AccessDenied",
    "Archived",
    "Asked",
    "CannotPreserve",
    "Checksum",
    "CloudFront",
    "Condition",
    "DestinationChanged",
    "DriverError",
    "Evidence",
    "FileInfo",
    "FileWriter",
    "Finding",
    "FoundUpload",
    "InvalidExpiryError",
    "InvalidOffsetError",
    "InvalidPathError",
    "Listed",
    "Location",
    "Locked",
    "MemoryDriver",
    "Middleware",
    "Mode",
    "NoSuchUpload",
    "NotDeleted",
    "NotImplementedByStore",
    "Part",
    "PathNotFoundError",
    "Permanent",
    "Pin",
    "QuotaExceeded",
    "Rejected",
    "S3Driver",
    "SameObject",
    "SkipDirectory",
    "Source",
    "SourceChanged",
    "StopWalk",
    "StorageDriver",
    "Tags",
    "Throttled",
    "TooLarge",
    "Transient",
    "UnknownCustomerKey",
    "UnsupportedMethodError",
    "Upload",
    "VerificationFailed",
    "WriterEnded",
    "WrongCustomerKey",
    "abort",
    "area_of",
    "both",
    "check_condition",
    "chosen_part_size",
    "client_address",
    "complete",
    "copy_part",
    "copy_whole",
    "create",
    "delete_source",
    "delete_sources",
    "examine",
    "first_below",
    "hand_throttles_on",
    "has_dots",
    "head",
    "header_of",
    "honours_batch_conditions",
    "is_gone",
    "is_lockable",
    "is_multipart",
    "is_versioned",
    "kept_part_size",
    "last_written",
    "layout_of",
    "list_page",
    "list_parts",
    "list_uploads",
    "list_wide",
    "location_of",
    "look",
    "make_client",
    "mark_of",
    "matching",
    "missing_parts",
    "notes_below",
    "open_driver",
    "part_count",
    "part_range",
    "part_size",
    "policy_of",
    "prefix_of",
    "proof",
    "put_object",
    "put_tags",
    "read_note",
    "read_range",
    "recheck",
    "refuse_aliases",
    "refuse_overlap",
    "refuse_unmovable",
    "refuse_unverifiable",
    "remove_note",
    "reserved",
    "root_of",
    "source_of",
    "tags_of",
    "url_at",
    "verify",
    "writer_at",
]
