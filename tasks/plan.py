"""Deciding a move before the first byte: where from, where to, whole or in parts; no I/O."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import driver
from driver import Asked, Location, Pin, TooLarge, UnknownCustomerKey
from s3mover.locations import parse_uri
from tasks.confine import check_key
from tasks.errors import BucketNotAllowed

if TYPE_CHECKING:
    from config import Settings
    from driver import Source
    from s3mover import MoveRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What every part of a move needs to know; it travels through the journal as JSON."""

    bucket: str
    key: str
    size: int
    etag: str
    version_id: str | None
    to_bucket: str
    to_key: str
    part_size: int
    """Bytes of each part but the last; 0 = the object is copied whole."""

    cap: int
    """Part copies at once, over the whole fleet."""

    policy: dict[str, Any] = field(default_factory=dict)
    """Storage class, encryption and ACL, under S3's parameter names."""

    condition: dict[str, str] = field(default_factory=dict)
    """What the destination must be like, under S3's parameter names."""

    tags: Literal["header", "apart", "none"] = "header"
    """How tags reach a copy in parts: with its upload, by a request of their own, or not."""

    lost: tuple[str, ...] = ()
    """What the destination will not have, for a person."""

    customer_key: str = ""
    """The name of the customer's key (SSE-C) that the source is read with; empty: none."""

    to_customer_key: str = ""
    """The name of the one that the destination is written and read with."""

    deadline: float | None = None
    """Seconds since 1970 until which the copy has to be complete."""

    @property
    def pin(self) -> Pin:
        location = Location(self.bucket, self.key, self.customer_key)
        return Pin(location, self.size, self.etag, self.version_id)

    @property
    def destination(self) -> Location:
        return Location(self.to_bucket, self.to_key, self.to_customer_key)

    @property
    def parts(self) -> int:
        return driver.part_count(self.size, self.part_size) if self.part_size else 0

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and time.time() > self.deadline

    def as_whole(self) -> Plan:
        """Return the plan for a store that does not copy parts; raises TooLarge."""
        if self.size > driver.MAX_COPY_SIZE:
            msg = f"{self.pin.location} has {self.size} bytes, and this store copies no parts"
            raise TooLarge(msg, source=str(self.pin.location))
        return replace(self, part_size=0)

    def dump(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Plan:
        fields = json.loads(text)
        return cls(**fields | {"lost": tuple(fields.get("lost", ()))})


def ends_of(settings: Settings, request: MoveRequest) -> tuple[Location, Location]:
    """Return the source and the destination; raises as `locate` does."""
    return (
        locate(settings, request.source, request.source_customer_key or ""),
        locate(settings, request.destination, destination_key_of(request)),
    )


def locate(settings: Settings, location: str, customer_key: str = "") -> Location:
    """
    Resolve what a request names.

    Raises BucketNotAllowed, KeyNotAllowed or UnknownCustomerKey.
    """
    uri = parse_uri(location)
    found = Location(*uri) if uri else driver.location_of(settings.s3, location)
    if found.bucket not in settings.buckets:
        allowed = ", ".join(sorted(settings.buckets))
        msg = f"moves may not touch the bucket {found.bucket}: S3MOVER_BUCKETS allows {allowed}"
        raise BucketNotAllowed(msg, source=location)
    check_key(settings, found)
    if customer_key and customer_key not in settings.customer_keys:
        msg = f"no customer key is called {customer_key}"
        raise UnknownCustomerKey(msg, operation="move", source=location)
    return replace(found, customer_key=customer_key)


def decide(settings: Settings, request: MoveRequest, source: Source, destination: Location) -> Plan:
    """Choose between one copy and many; raises TooLarge."""
    s3, pin = settings.s3, source.pin
    threshold = _first(request.multipartcopythresholdsize, s3.multipartcopythresholdsize)
    chunk = _first(request.multipartcopychunksize, s3.multipartcopychunksize)
    cap = _first(request.multipartcopymaxconcurrency, s3.multipartcopymaxconcurrency)
    in_parts = driver.is_multipart(pin.size, threshold)
    return Plan(
        bucket=pin.location.bucket,
        key=pin.location.key,
        size=pin.size,
        etag=pin.etag,
        version_id=pin.version_id,
        to_bucket=destination.bucket,
        to_key=destination.key,
        part_size=driver.chosen_part_size(pin.size, chunk, cap) if in_parts else 0,
        cap=cap,
        policy=driver.policy_of(s3, source, asked_of(request)),
        condition=dict(condition_of(request)),
        customer_key=pin.location.customer_key,
        to_customer_key=destination.customer_key,
    )


def asked_of(request: MoveRequest) -> Asked:
    """Return the policy that a request asks for; a customer's key has no other encryption by it."""
    encryption = "destination" if destination_key_of(request) else request.encryption
    return Asked(request.storageclass or "", encryption or "")


def destination_key_of(request: MoveRequest) -> str:
    """Return the name of the customer's key for the destination; empty: none."""
    kept = request.source_customer_key if request.encryption == "keep" else None
    return request.destination_customer_key or kept or ""


def condition_of(request: MoveRequest) -> driver.Condition:
    """Return what the destination must be like."""
    if request.overwrite in {None, "always"}:
        return driver.UNCONDITIONAL
    if request.overwrite == "never" or request.destination_etag is None:
        return driver.ABSENT
    return driver.matching(request.destination_etag)


def _first(asked: T | None, setting: T) -> T:
    return setting if asked is None else asked
