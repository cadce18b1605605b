"""The objects that are moved, and their SHA-256 without holding one of them in memory."""

import hashlib
from functools import cache, lru_cache
from random import Random
from typing import TYPE_CHECKING

from tests.chaos.invariants import Ends
from tests.chaos.plan import Case, Plan
from tests.process.cargo import text
from tests.process.rig import OLD, PART

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

SEEDS = 7
TAIL = (1 << 20) + 77  # bytes of the last part of a large object
SMALLEST, LARGEST = 1, 20_000
BLOCK = 1 << 20


class Stock:
    """A bucket's objects: put there before a move, looked at after it."""

    def __init__(self, s3: "S3Client", bucket: str, plan: Plan) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._seed = plan.options.seed

    def put_seeds(self) -> None:
        """Write what large objects are built of, once."""
        for seed in range(SEEDS):
            self._put(f"seed/{seed}", text(PART, seed))
            self._put(f"seed/{seed}-tail", text(TAIL, seed))

    def put(self, case: Case) -> None:
        """Write the source, and what the destination held before."""
        if case.has_old:
            self._put(case.destination, OLD + case.name.encode())
        if case.parts:
            self._build(case)
        else:
            self._put(case.source, self._small(case))

    def before(self, case: Case) -> Ends:
        """Return what is at both ends before the move."""
        old = hashlib.sha256(OLD + case.name.encode()).hexdigest() if case.has_old else None
        if case.parts:
            return Ends(digest_of_parts(case.parts, case.index % SEEDS), old)
        return Ends(hashlib.sha256(self._small(case)).hexdigest(), old)

    def now(self, case: Case) -> Ends:
        """Read both ends; the source first, as what leaves it must be at the other end by then."""
        return Ends(self._digest(case.source), self._digest(case.destination))

    def all_keys(self) -> set[str]:
        """Return all keys of the bucket."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def uploads(self) -> dict[str, str]:
        """Return the unfinished uploads of the bucket by id, with their keys."""
        pages = self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
        return {up["UploadId"]: up["Key"] for page in pages for up in page.get("Uploads", [])}

    def _small(self, case: Case) -> bytes:
        chance = Random(f"{self._seed}/{case.name}")  # noqa: S311  to be repeated
        return chance.randbytes(chance.randint(SMALLEST, LARGEST))

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def _build(self, case: Case) -> None:
        """Copy seeds together inside S3."""
        place = {"Bucket": self._bucket, "Key": case.source}
        upload = self._s3.create_multipart_upload(**place)["UploadId"]  # type: ignore[arg-type]
        parts: list[CompletedPartTypeDef] = []
        for number, seed in enumerate(_seeds(case.parts, case.index % SEEDS), 1):
            answer = self._s3.upload_part_copy(
                Bucket=self._bucket,
                Key=case.source,
                UploadId=upload,
                PartNumber=number,
                CopySource={"Bucket": self._bucket, "Key": f"seed/{seed}"},
            )
            parts.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
        self._s3.complete_multipart_upload(
            Bucket=self._bucket,
            Key=case.source,
            UploadId=upload,
            MultipartUpload={"Parts": parts},
        )

    def _digest(self, key: str) -> str | None:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]
        except self._s3.exceptions.NoSuchKey:
            return None
        digest = hashlib.sha256()
        with body:
            for block in body.iter_chunks(BLOCK):
                digest.update(block)
        return digest.hexdigest()


def _seeds(parts: int, shift: int) -> list[str]:
    """Name the seed of each part: neighbours differ, and so do moves one after another."""
    full = [str((number + shift) % SEEDS) for number in range(parts - 1)]
    return [*full, f"{(parts - 1 + shift) % SEEDS}-tail"]


@cache
def digest_of_parts(parts: int, shift: int) -> str:
    digest = _prefix(parts - 1, shift).copy()
    digest.update(text(TAIL, (parts - 1 + shift) % SEEDS))
    return digest.hexdigest()


@cache
def _prefix(parts: int, shift: int) -> "hashlib._Hash":
    """Hash the first parts; each count goes on from the one before it."""
    if not parts:
        return hashlib.sha256()
    digest = _prefix(parts - 1, shift).copy()
    digest.update(_part((parts - 1 + shift) % SEEDS))
    return digest


@lru_cache(maxsize=SEEDS)
def _part(seed: int) -> bytes:
    return text(PART, seed)
