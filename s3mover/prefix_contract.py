"""What travels of a move of all objects below a prefix: its request and its record."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self, TypedDict

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from s3mover.callbacks import KINDS, Kind, OnEnd, WebhookUrl
from s3mover.contract import (
    CONTROL_QUEUE,
    PARTS_QUEUE,
    MoveError,
    MoveRequest,
    Preserve,
    Property,
)
from s3mover.locations import BUCKET, MAX_KEY_BYTES, check_uri
from s3mover.prefix_filters import Moment
from s3mover.prefix_rekey import Rekey, is_one_to_one

MOVE_PREFIX_TASK = "s3mover.move_prefix"
STEER_PREFIX_TASK = "s3mover.steer_prefix"
MOVE_BATCH_TASK = "s3mover.move_batch"

PREFIX_QUEUE = CONTROL_QUEUE
BATCH_QUEUE = PARTS_QUEUE

_URI = rf"s3://{BUCKET}/([\s\S]*/)?"
_PATH = "(/[A-Za-z0-9._-]+)*/?"
_PATTERN = rf"^({_URI}|{_PATH})(?![\s\S])"


class PrefixState(StrEnum):
    """Where a move of a prefix is; the last three are final."""

    QUEUED = "queued"
    LISTING = "listing"
    MOVING = "moving"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in {PrefixState.DONE, PrefixState.FAILED, PrefixState.CANCELLED}


def check_prefix(prefix: str) -> str:
    """Return the prefix as given, or raise ValueError that says what is wrong with it."""
    if not prefix or not re.fullmatch(f"{_URI}|{_PATH}", prefix):
        msg = "expected s3://bucket/, s3://bucket/folder/ or a driver path such as /a/b/"
        if re.fullmatch(rf"s3://{BUCKET}/.+", prefix, re.DOTALL):
            msg = f"a prefix ends with a slash; do you mean {prefix}/ ?"
        raise ValueError(msg)
    try:
        length = len(prefix.partition("://")[2].partition("/")[2].encode())
    except UnicodeEncodeError:
        raise ValueError("the prefix is not valid Unicode") from None
    if "\0" in prefix:  # the journal knows by it where a prefix ends
        raise ValueError("a prefix has no zero bytes")
    if length >= MAX_KEY_BYTES:
        raise ValueError(f"the prefix is as long as S3's longest key, {MAX_KEY_BYTES} bytes")
    return prefix


Prefix = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2048),
    AfterValidator(check_prefix),
    Field(json_schema_extra={"pattern": _PATTERN}),
]
Manifest = Annotated[
    str,
    StringConstraints(max_length=2048),
    AfterValidator(check_uri),
    Field(json_schema_extra={"pattern": rf"^s3://{BUCKET}/[\s\S]+"}),
]
Globs = list[Annotated[str, Field(min_length=1, max_length=1024)]]


def _own(name: str) -> str:
    return str(MoveRequest.model_fields[name].description)


class PrefixRequest(BaseModel):
    """What to move where: the keyword arguments of the task `s3mover.move_prefix`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    version: Literal[1] = 1
    """Version of this message."""

    source: Prefix
    """`s3://bucket/folder/`, `s3://bucket/` for all of it, or a driver path `/a/b/`."""

    destination: Prefix
    """Where the objects go, in the same forms; each key keeps what follows the prefix."""

    idempotency_key: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """Requests with one key are one move, however often they are sent."""

    include: Annotated[Globs, Field(max_length=100)] = Field(default_factory=list)
    """Patterns (`*.mov`) of the names below the prefix that are moved; without any, all are."""

    exclude: Annotated[Globs, Field(max_length=100)] = Field(default_factory=list)
    """Patterns of the names below the prefix that are not moved."""

    larger: Annotated[int, Field(ge=0)] | None = None
    """Only objects of more bytes are moved."""

    smaller: Annotated[int, Field(ge=0)] | None = None
    """Only objects of fewer bytes are moved."""

    older: Moment | None = None
    """Only objects written before are moved: an age (30s 15m 12h 7d 2w), or an ISO date."""

    newer: Moment | None = None
    """Only objects written after are moved: an age, or an ISO date."""

    manifest: Manifest | None = None
    """`s3://bucket/key` of a list of the objects to move, instead of all below the prefix: CSV,
    JSON lines or an S3 Inventory's manifest.json; with a slash at its end all lists below it."""

    rekey: Rekey | None = None
    """The new name below the destination, of {name} {dir} {base} {stem} {ext} {year} {month}
    {day} {hour}, and {name:N} without its first N folders."""

    overwrite: Literal["always", "never"] | None = None
    """never: an object whose destination is taken is skipped; by default always."""

    storageclass: Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]{1,63}$")] | None = Field(
        default=None, description=_own("storageclass")
    )
    encryption: Annotated[str, Field(min_length=1, max_length=2048)] | None = Field(
        default=None, description=_own("encryption")
    )
    preserve: dict[Property, Preserve] | None = Field(default=None, description=_own("preserve"))

    on_end: OnEnd | None = Field(default=None, description=_own("on_end"))
    webhook: WebhookUrl | None = Field(default=None, description=_own("webhook"))

    @property
    def callbacks(self) -> tuple[Kind, ...]:
        """What is to be told of the end."""
        return tuple(kind for kind in KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _keeps_all(self) -> Self:
        if self.overwrite == "always" and not is_one_to_one(self.rekey):
            msg = "by this rekey two objects may get one name, so overwrite cannot be always"
            raise ValueError(msg)
        return self


class PrefixOptions(TypedDict, total=False):
    """The optional fields of PrefixRequest, as keyword arguments of `Mover.move_prefix`."""

    idempotency_key: str | None
    include: list[str]
    exclude: list[str]
    larger: int | None
    smaller: int | None
    older: str | None
    newer: str | None
    manifest: str | None
    rekey: str | None
    overwrite: Literal["always", "never"] | None
    storageclass: str | None
    encryption: str | None
    preserve: dict[Property, Preserve] | None
    on_end: OnEnd | None
    webhook: str | None


class Trouble(BaseModel):
    """Objects that were not moved, all for one kind of reason."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    code: str
    """A stable name, such as `AccessDenied` or `SourceChanged`."""

    count: int
    """How many objects it concerns."""

    example: str
    """The key of one of them, as it was listed."""

    message: str
    """What happened to that one."""


class PrefixRecord(BaseModel):
    """What is known of a move of a prefix; found = moved + skipped + failed + left + planned."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    id: str
    source: str
    destination: str
    state: PrefixState
    stopping: Literal["cancelled", "failed"] | None = None
    """The end that is asked for while objects in flight come home."""

    found: int = 0
    """Objects that were listed, and are meant by the filters."""

    found_bytes: int = 0
    listed: bool = False
    """Whether all were listed, so that `found` grows no more."""

    filtered: int = 0
    """Objects that were listed, and are not meant by the filters."""

    planned: int = 0
    """Objects that were found and have not ended: in flight, or to come."""

    moved: int = 0
    moved_bytes: int = 0
    copied: int = 0
    """Objects in flight whose copies are there; they count as moved with all of their page."""

    copied_bytes: int = 0
    skipped: int = 0
    """Objects whose destination was taken, with `overwrite` never."""

    failed: int = 0
    """Objects that are left where they were; see `troubles`."""

    left: int = 0
    """Objects that a cancel has left where they were."""

    troubles: list[Trouble] = Field(default_factory=list)
    """Why objects failed, most frequent first."""

    rate: float | None = None
    """Objects a second, copied or ended: the mean since the start; null before, and in a pause."""

    bytes_rate: float | None = None
    """Bytes a second that were moved, likewise; a large object counts when it has ended."""

    eta: float | None = None
    """Seconds that the rest takes at this rate; null as long as the listing goes on."""

    pages_open: int = 0
    """Pages of the listing that are being worked on."""

    children_open: int = 0
    """Large objects that are moved by moves of their own."""

    deletion: str | None = None
    """How sources are deleted: `batch`, each held to its ETag or version, or `single`."""

    report: str | None = None
    """The prefix of the report: below it are files of JSON lines, one an object."""

    callbacks: dict[Kind, str] = Field(default_factory=dict)
    """What became of those that were asked for; see `MoveRecord`."""

    error: MoveError | None = None
    """Why the whole could not go on; of single objects, see `troubles`."""

    created_at: datetime
    started_at: datetime | None = None
    updated_at: datetime
    finished_at: datetime | None = None

    @property
    def progress(self) -> int:
        """How many objects have ended, or are copied at least."""
        return self.found - self.planned + self.copied
