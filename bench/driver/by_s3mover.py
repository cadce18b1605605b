"""The storage driver of this project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bench.driver.jobs import MIB
from config import S3Settings
from driver import S3Driver

if TYPE_CHECKING:
    from bench.driver.jobs import Place
    from bench.driver.streams import Sink, Source


class Store:
    version = "s3mover, this checkout"

    def __init__(self, place: Place) -> None:
        self._content = os.urandom(1024)
        self._driver = S3Driver(
            S3Settings(
                regionendpoint=place.endpoint,
                region=place.region,
                bucket=place.bucket,
                accesskey=place.access_key,
                secretkey=place.secret_key,
                chunksize=place.part_size,
            )
        )

    def put(self, path: str) -> None:
        self._driver.put_content(path, self._content)

    def get(self, path: str) -> bytes:
        return self._driver.get_content(path)

    def stat(self, path: str) -> object:
        return self._driver.stat(path)

    def list(self, path: str) -> object:
        return self._driver.list(path)

    def delete(self, path: str) -> None:
        self._driver.delete(path)

    def write(self, path: str, source: Source) -> None:
        with self._driver.writer(path) as writer:
            for block in source:
                writer.write(block)
            writer.commit()

    def read(self, path: str, sink: Sink) -> None:
        with self._driver.reader(path) as body:
            while block := body.read(MIB):
                sink.write(block)
