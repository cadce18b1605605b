"""Plain boto3, as its documentation shows it."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from bench.driver.jobs import MIB

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

    from bench.driver.jobs import Place
    from bench.driver.streams import Sink, Source


class Store:
    version = f"boto3 {boto3.__version__}"

    def __init__(self, place: Place) -> None:
        self._content = os.urandom(1024)
        self._bucket = place.bucket
        self._part_size = place.part_size
        self._s3: S3Client = boto3.client(
            "s3",
            endpoint_url=place.endpoint,
            region_name=place.region,
            aws_access_key_id=place.access_key,
            aws_secret_access_key=place.secret_key,
            # The checksums that the driver asks for in front of an endpoint such as this.
            config=Config(
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
            ),
        )

    def _at(self, path: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": path[1:]}

    def put(self, path: str) -> None:
        self._s3.put_object(**self._at(path), Body=self._content)

    def get(self, path: str) -> bytes:
        with closing(self._s3.get_object(**self._at(path))["Body"]) as body:
            return body.read()

    def stat(self, path: str) -> object:
        return self._s3.head_object(**self._at(path))

    def list(self, path: str) -> object:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{path[1:]}/", Delimiter="/"
        )
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def delete(self, path: str) -> None:
        self._s3.delete_object(**self._at(path))

    def delete_tree(self, path: str) -> None:
        """Ask before what is there and below, as a driver's Delete has to."""
        page = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=path[1:])
        for entry in page["Contents"]:
            self._s3.delete_object(Bucket=self._bucket, Key=entry["Key"])

    def write(self, path: str, source: Source) -> None:
        self._s3.upload_fileobj(cast("Any", source), self._bucket, path[1:])

    def write_parts(self, path: str, source: Source) -> None:
        """Upload one part after the other."""
        where = self._at(path)
        where["UploadId"] = self._s3.create_multipart_upload(**where)["UploadId"]
        parts: list[CompletedPartTypeDef] = []
        while body := source.read(self._part_size):
            number = len(parts) + 1
            etag = self._s3.upload_part(**where, PartNumber=number, Body=body)["ETag"]
            parts.append({"PartNumber": number, "ETag": etag})
        self._s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})

    def read(self, path: str, sink: Sink) -> None:
        with closing(self._s3.get_object(**self._at(path))["Body"]) as body:
            while block := body.read(MIB):
                sink.write(block)

    def read_by_threads(self, path: str, sink: Sink) -> None:
        self._s3.download_fileobj(self._bucket, path[1:], cast("Any", sink))
