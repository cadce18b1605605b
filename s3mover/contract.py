"""
What travels: the request of a move, its record, and the names of tasks and queues.

Whoever has a Celery app on the same broker needs no client; the task's id is the move's:

    app.send_task(
        "s3mover.move",
        kwargs={"source": "s3://a/x", "destination": "s3://b/y"},
        queue="control",
        ignore_result=True,
    )
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self, TypedDict

from pydantic import BaseModel, ConfigDict, Field, model_validator

from s3mover.callbacks import KINDS, Kind, OnEnd, WebhookUrl
from s3mover.locations import Location
from s3mover.part_sizes import PartSize

MOVE_TASK = "s3mover.move"
COPY_PART_TASK = "s3mover.copy_part"
SETTLE_TASK = "s3mover.settle"
SWEEP_TASK = "s3mover.sweep"
DOCTOR_TASK = "s3mover.doctor"
NOTIFY_TASK = "s3mover.notify"

CONTROL_QUEUE = "control"
PARTS_QUEUE = "parts"

_MIB = 1024**2
_GIB = 1024**3


class State(StrEnum):
    """Where a move is; the last three are final."""

    QUEUED = "queued"
    COPYING = "copying"
    VERIFYING = "verifying"
    DELETING = "deleting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in {State.DONE, State.FAILED, State.CANCELLED}


Property = Literal["tags", "checksum", "layout"]
"""What of a source there may be that some copy cannot have."""

Preserve = Literal["strict", "best-effort"]
"""What cannot be kept fails the move before a byte is copied, or is said in the record."""

Overwrite = Literal["always", "never", "if-match"]
Layout = Literal["uniform", "keep"]

CustomerKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
"""The name of a key that the workers have; shorter than a key, which no request may hold."""


class MoveRequest(BaseModel):
    """What to move where: the keyword arguments of the task `s3mover.move`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    version: Literal[1] = 1
    """Version of this message."""

    source: Location
    """`s3://bucket/key`, or a driver path `/a/b` inside the bucket and root directory set up."""

    destination: Location
    """Where the object goes, in the same two forms; see `overwrite`."""

    idempotency_key: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """Requests with one key are one move, however often they are sent."""

    multipartcopychunksize: PartSize | None = None
    """Bytes of a part, or auto: by the object's size; by default the worker's setting."""

    multipartcopymaxconcurrency: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Part copies of this move at once, over the whole fleet; by default the worker's setting."""

    multipartcopythresholdsize: Annotated[int, Field(ge=0, le=5 * _GIB)] | None = None
    """Bytes up to which the object is copied whole; by default the worker's setting."""

    storageclass: Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]{1,63}$")] | None = None
    """The storage class at the destination; by default the worker's setting, else the source's."""

    encryption: Annotated[str, Field(min_length=1, max_length=2048)] | None = None
    """`destination`: what its bucket does; `keep`: the source's; else a KMS key's id."""

    source_customer_key: CustomerKey | None = None
    """The name of the customer's key (SSE-C) that the source is encrypted with."""

    destination_customer_key: CustomerKey | None = None
    """The name of the customer's key (SSE-C) to encrypt the destination with."""

    overwrite: Overwrite | None = None
    """What may be at the destination: always, never, if-match; by default always."""

    destination_etag: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """The ETag of the object that may be replaced; for `overwrite` if-match."""

    layout: Layout | None = None
    """keep: parts as large as the source's, so that its ETag stays; by default uniform."""

    preserve: dict[Property, Preserve] | None = None
    """How each of tags, checksum and layout has to be kept: strict or best-effort."""

    deadline: Annotated[int, Field(ge=1, le=315_360_000)] | None = None
    """Seconds from the request in which the copy has to be complete; else the move fails."""

    on_end: OnEnd | None = None
    """A Celery task, by name, that is sent once the move has ended in whatever state."""

    webhook: WebhookUrl | None = None
    """An http(s) URL that is called, signed, once the move has ended in whatever state."""

    @model_validator(mode="after")
    def _etag_belongs_to_if_match(self) -> Self:
        if (self.overwrite == "if-match") != (self.destination_etag is not None):
            raise ValueError("overwrite=if-match and destination_etag need each other")
        return self

    @model_validator(mode="after")
    def _one_encryption(self) -> Self:
        if self.encryption is not None and self.destination_customer_key is not None:
            raise ValueError("encryption and destination_customer_key exclude each other")
        return self

    @property
    def callbacks(self) -> tuple[Kind, ...]:
        """What is to be told of the end."""
        return tuple(kind for kind in KINDS if getattr(self, kind) is not None)


class MoveOptions(TypedDict, total=False):
    """The optional fields of MoveRequest, as keyword arguments of `Mover.move`."""

    idempotency_key: str | None
    multipartcopychunksize: PartSize | None
    multipartcopymaxconcurrency: int | None
    multipartcopythresholdsize: int | None
    storageclass: str | None
    encryption: str | None
    source_customer_key: str | None
    destination_customer_key: str | None
    overwrite: Overwrite | None
    destination_etag: str | None
    layout: Layout | None
    preserve: dict[Property, Preserve] | None
    deadline: int | None
    on_end: OnEnd | None
    webhook: WebhookUrl | None


class MoveError(BaseModel):
    """Why a move failed."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    code: str
    """A stable name, such as `PathNotFoundError`, `AccessDenied` or `SourceChanged`."""

    message: str
    """What happened and what to do, for a person."""

    part: int | None = None
    """The part that failed, counted from 1."""


class Evidence(BaseModel):
    """What was compared before the source was deleted."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    kind: Literal["checksum", "etag", "read", "size", "same"]
    """Full-object checksum, ETag, both objects read, or size alone; `same`: nothing had to move."""

    detail: str
    """The values that were equal."""


class MoveRecord(BaseModel):
    """What is known of a move; the journal's view of it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    id: str
    source: str
    destination: str
    state: State
    stopping: Literal["cancelled", "failed"] | None = None
    """The end that is asked for while parts in flight come home."""

    size: int | None = None
    """Bytes of the pinned source; None until it was seen."""

    etag: str | None = None
    """ETag of the pinned source, without quotes."""

    version_id: str | None = None
    """Version of the pinned source, in a bucket with versions."""

    bytes_done: int = 0
    parts_total: int = 0
    """Parts of a multipart copy; 0 when the object is copied whole."""

    parts_done: int = 0
    part_size: int | None = None
    """Bytes of each part but the last."""

    upload_id: str | None = None
    generation: int = 0
    """How often the copy of the parts was launched."""

    workers: dict[str, int] = Field(default_factory=dict)
    """Parts that each worker has copied."""

    lost: list[str] = Field(default_factory=list)
    """What of the source the destination does not have, as it was known before the copy."""

    evidence: Evidence | None = None
    deletion: str | None = None
    """How the source was deleted: `version`, `if-match`, `head-compare`; or it was `gone`."""

    retries: int = 0
    """How often a part or a step was tried again."""

    troubles: list[MoveError] = Field(default_factory=list)
    """The last errors that passed, newest first: what a move that is slow is up against."""

    error: MoveError | None = None
    callbacks: dict[Kind, str] = Field(default_factory=dict)
    """What became of `on_end` and `webhook`: waiting, sent, or why not (yet)."""

    created_at: datetime
    started_at: datetime | None = None
    updated_at: datetime
    finished_at: datetime | None = None


class SweepReport(BaseModel):
    """What a sweep found, and did something about."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    settled: list[str]
    """Moves without a sign of life, now looked at."""

    aborted: list[str]
    """Uploads of attempts that had died."""

    skipped: bool = False
    """Whether nothing was looked at, because another sweep was at work."""

    dry_run: bool = False
    """Whether nothing was done: it is what would have been."""


class Finding(BaseModel):
    """One line of what the doctor found."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    check: str
    """An IAM action, or what the broker or the store should be able to do."""

    status: Literal["ok", "warning", "failed", "skipped"]
    """A warning: moves work, with less than they could have."""

    bucket: str = ""
    """Empty for the broker and the workers."""

    detail: str = ""
    """What was found."""

    advice: str = ""
    """What to do about it."""


class DoctorReport(BaseModel):
    """What a worker found in the buckets that moves may touch."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    worker: str = ""
    """The name of the worker: what its credentials and its network allow was found."""

    findings: list[Finding]
    """In the order of the buckets' names."""
