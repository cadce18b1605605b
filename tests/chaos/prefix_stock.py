"""The objects below the prefixes of a run: written before it, and looked at after it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from s3mover import PrefixRecord
from tests.chaos.prefix_check import FoundPrefix, Line, Place, Told
from tests.chaos.prefix_plan import NAMES, PrefixCase
from tests.process.cargo import text
from tests.process.rig import OLD, PART

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

TAIL = 77
LARGEST = 3000
WRITERS = 8


@dataclass(frozen=True)
class Thing:
    """An object; its ETag in the bucket that is looked at may be another, its bytes are these."""

    size: int
    etag: str


class Model(Protocol):
    """What the modelled S3 can do besides S3: see `bench.model.ModelS3`."""

    def put(self, key: str, size: int) -> None: ...

    def fill(self, prefix: str, count: int, size: int, first: int = 0) -> None: ...


class PrefixStock:
    """A bucket's prefixes; with a `model`, objects have sizes and no bytes."""

    def __init__(self, s3: "S3Client", bucket: str, seed: int, model: Model | None) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._seed = seed
        self._model = model
        self._things: dict[str, dict[str, Thing]] = {}
        self._olds: dict[str, set[str]] = {}

    def put(self, case: PrefixCase) -> None:
        """Write the objects, and what is at some of their destinations before."""
        if self._model:
            self._model.fill(case.source, case.objects, LARGEST)
            for number in case.large:
                self._model.put(case.source + NAMES.format(number), PART + TAIL)
        names = [NAMES.format(number) for number in range(case.objects)]
        with ThreadPoolExecutor(WRITERS) as pool:
            if not self._model:
                list(pool.map(lambda number: self._put(case, number), range(case.objects)))
            olds = [names[number] for number in sorted(case.olds)]
            list(pool.map(lambda name: self._write(case.destination + name, OLD), olds))
        self._olds[case.name] = set(olds)
        self._things[case.name] = dict(self._below(case.source))

    def found(self, case: PrefixCase, records: list[PrefixRecord]) -> FoundPrefix:
        """Look at both ends of a prefix, and read the reports of its moves."""
        things = self._things[case.name]
        return FoundPrefix(
            name=case.name,
            before={name: name in self._olds[case.name] for name in things},
            source=self._places(case, case.source, things),
            destination=self._places(case, case.destination, things),
            moves=[Told(record, self._report(case, record)) for record in records],
        )

    def all_keys(self) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return (found["Key"] for page in pages for found in page.get("Contents", []))

    def uploads(self) -> dict[str, str]:
        """Return the unfinished uploads of the bucket by id, with their keys."""
        pages = self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
        return {up["UploadId"]: up["Key"] for page in pages for up in page.get("Uploads", [])}

    def _put(self, case: PrefixCase, number: int) -> None:
        key, body = case.source + NAMES.format(number), self._body(case, number)
        if number % 50 != 7 or number in case.large:
            self._write(key, body)
            return
        place: Any = {"Bucket": self._bucket, "Key": key}
        upload = self._s3.create_multipart_upload(**place)["UploadId"]
        part = self._s3.upload_part(**place, UploadId=upload, PartNumber=1, Body=body)
        parts: Any = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        self._s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload=parts)

    def _body(self, case: PrefixCase, number: int) -> bytes:
        if number in case.large:
            return text(PART + TAIL, number % 7)
        chance = Random(f"{self._seed}/{case.name}/{number}")  # noqa: S311  to be repeated
        size = 0 if number % 100 == 3 else chance.randint(1, LARGEST)
        return chance.randbytes(size)

    def _write(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def _below(self, prefix: str) -> Iterator[tuple[str, Thing]]:
        paginator = self._s3.get_paginator("list_objects_v2")
        for page in paginator.paginate(Bucket=self._bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                found = Thing(each["Size"], each["ETag"].strip('"'))
                yield each["Key"].removeprefix(prefix), found

    def _places(
        self, case: PrefixCase, prefix: str, things: Mapping[str, Thing]
    ) -> dict[str, Place]:
        found = dict(self._below(prefix))
        with ThreadPoolExecutor(WRITERS) as pool:
            places = pool.map(
                lambda name: self._place(case, prefix, name, found[name], things.get(name)), found
            )
            return dict(zip(found, places, strict=True))

    def _place(
        self, case: PrefixCase, prefix: str, name: str, now: Thing, thing: Thing | None
    ) -> Place:
        if thing is None:
            return "other"
        if now == thing:
            return "thing"
        if now == Thing(len(OLD), hashlib.md5(OLD, usedforsecurity=False).hexdigest()):
            return "old"
        if now.size == thing.size and self._has_bytes_of(case, prefix, name):
            return "thing"
        return "other"

    def _has_bytes_of(self, case: PrefixCase, prefix: str, name: str) -> bool:
        """Read what has another ETag: it was in parts, here or there; the model has no bytes."""
        if self._model:
            return int(name) in case.large
        body = self._s3.get_object(Bucket=self._bucket, Key=prefix + name)["Body"].read()
        return body == self._body(case, int(name))

    def _report(self, case: PrefixCase, record: PrefixRecord) -> dict[str, list[Line]]:
        lines: defaultdict[str, list[Line]] = defaultdict(list)
        folder = (record.report or "").removeprefix(f"s3://{self._bucket}/")
        if not folder:
            return lines
        top = f"s3://{self._bucket}/{case.source}"
        for name, _ in sorted(self._below(folder)):
            body = self._s3.get_object(Bucket=self._bucket, Key=folder + name)["Body"].read()
            for each in map(json.loads, body.decode().splitlines()):
                code = (each.get("error") or {}).get("code", "")
                lines[each["source"].removeprefix(top)].append(Line(each["end"], code))
        return lines
