"""s3fs, in an environment of its own: it pins a botocore that is not ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import s3fs  # type: ignore[import-not-found]  # never installed beside our boto3

from bench.driver.jobs import MIB

if TYPE_CHECKING:
    from bench.driver.jobs import Place
    from bench.driver.streams import Sink, Source


class Store:
    version = f"s3fs {s3fs.__version__}"

    def __init__(self, place: Place) -> None:
        self._content = os.urandom(1024)
        self._bucket = place.bucket
        self._part_size = place.part_size
        self._fs = s3fs.S3FileSystem(
            key=place.access_key,
            secret=place.secret_key,
            endpoint_url=place.endpoint,
            client_kwargs={"region_name": place.region},
            use_listings_cache=False,
            config_kwargs={
                "request_checksum_calculation": "when_required",
                "response_checksum_validation": "when_required",
                "s3": {"addressing_style": "path"},
            },
        )

    def put(self, path: str) -> None:
        self._fs.pipe_file(self._bucket + path, self._content)

    def get(self, path: str) -> object:
        return self._fs.cat_file(self._bucket + path)

    def stat(self, path: str) -> object:
        return self._fs.info(self._bucket + path, refresh=True)

    def list(self, path: str) -> object:
        return self._fs.ls(self._bucket + path, detail=False, refresh=True)

    def delete(self, path: str) -> None:
        self._fs.rm_file(self._bucket + path)

    def write(self, path: str, source: Source) -> None:
        with self._fs.open(self._bucket + path, "wb", block_size=self._part_size) as file:
            for block in source:
                file.write(block)

    def read(self, path: str, sink: Sink) -> None:
        with self._fs.open(self._bucket + path, "rb") as file:
            while block := file.read(MIB):
                sink.write(block)
