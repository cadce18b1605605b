"""Prefixes of a few small objects and a large one, in the modelled S3, and how they must end."""

import json
from collections import Counter
from dataclasses import dataclass, field

from bench.model import ModelS3
from s3mover import PrefixRecord, PrefixState
from tests.process.rig import PART, Rig

SMALL, LARGE = 3, 1
NAMES = [f"{number:07}" for number in range(SMALL)] + ["large"]


@dataclass(frozen=True)
class Cargo:
    """A prefix in a bucket that no other has, so that all requests about it can be told."""

    bucket: str
    etags: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return f"s3://{self.bucket}/from/"

    @property
    def destination(self) -> str:
        return f"s3://{self.bucket}/to/"


def fill(rig: Rig, model: ModelS3, bucket: str) -> Cargo:
    """Create the bucket and its objects."""
    rig.s3.create_bucket(Bucket=bucket)
    model.fill("from/", SMALL, 100, bucket=bucket)
    model.put("from/large", PART + 1, bucket=bucket)
    return Cargo(bucket, below(rig, bucket, "from/"))


def below(rig: Rig, bucket: str, prefix: str) -> dict[str, str]:
    """Return the names below a prefix, and their ETags."""
    found = rig.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {each["Key"].removeprefix(prefix): each["ETag"] for each in found}


def start(rig: Rig, cargo: Cargo, **options: str) -> str:
    return rig.mover.move_prefix(cargo.source, cargo.destination, **options)  # type: ignore[arg-type]


def problems(rig: Rig, cargo: Cargo, record: PrefixRecord) -> list[str]:
    """Say what is not as promised of a move that nothing but a crash has disturbed."""
    whole = SMALL + LARGE
    told = Counter(lines(rig, cargo))
    copies = below(rig, cargo.bucket, "to/")
    same = {name: etag for name, etag in copies.items() if name != "large"}
    expected = {name: etag for name, etag in cargo.etags.items() if name != "large"}
    left = [key for key in below(rig, cargo.bucket, "") if not key.startswith(("to/", REPORTS))]
    uploads = rig.s3.list_multipart_uploads(Bucket=cargo.bucket).get("Uploads", [])
    keys = {key.split(":")[1] for key in rig.redis.scan_iter(f"s3mover:*:{record.id}*", count=1000)}
    found = {
        f"ended as {record}": record.state is not PrefixState.DONE,
        f"counted {record}": (record.found, record.moved) != (whole, whole),
        f"reported {told}": told != dict.fromkeys(((name, "moved") for name in NAMES), 1),
        f"copies are {copies}": same != expected or "large" not in copies,
        f"left in the bucket {left}": bool(left),
        f"left of uploads {uploads}": bool(uploads),
        f"left in Redis {keys}": not keys <= {"prefix", "troubles"},
    }
    return [text for text, is_wrong in found.items() if is_wrong]


REPORTS = "~s3mover/reports/"


def lines(rig: Rig, cargo: Cargo) -> list[tuple[str, str]]:
    """Return of each line of the report the object and its end."""
    found: list[tuple[str, str]] = []
    for name in below(rig, cargo.bucket, REPORTS):
        body = rig.s3.get_object(Bucket=cargo.bucket, Key=REPORTS + name)["Body"].read()
        each = [json.loads(line) for line in body.decode().splitlines()]
        found += [(line["source"].removeprefix(cargo.source), line["end"]) for line in each]
    return found
