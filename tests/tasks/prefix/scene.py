"""A page of a prefix move and its objects, in the modelled S3 behind a gateway."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from bench.model import ModelS3
from s3mover import PrefixRecord, PrefixRequest, prefix_journal
from tasks.deployment import Deployment
from tasks.prefix import batch
from tasks.prefix.begin import begin
from tasks.prefix.page import Page, claimed
from tests.process.s3_gateway import S3Gateway

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_names = count()


@dataclass(frozen=True)
class Scene:
    """The move `id` of objects that no other test has; `s3` goes past the gateway."""

    here: Deployment
    gateway: S3Gateway
    s3: "S3Client"
    id: str

    @property
    def record(self) -> PrefixRecord:
        return prefix_journal.read(self.here.redis, self.id)

    @contextmanager
    def claimed(self) -> Iterator[Page]:
        with claimed(self.here, self.id, 1) as page:
            yield page

    def work(self) -> None:
        """Work on the first page, as a worker does."""
        with self.claimed() as page:
            batch._move(self.here, page)

    def die(self) -> None:
        """Stand for a task that has begun with the page, and was never heard of again."""
        self.here.redis.hset(f"s3mover:page:{self.id}:1", mapping={"begun": 1, "until": 0})

    def names(self, side: str) -> set[str]:
        """Return the names of the objects at one end."""
        prefix = f"{self.id}/{side}/"
        found = self.s3.list_objects_v2(Bucket="model", Prefix=prefix).get("Contents", [])
        return {each["Key"].removeprefix(prefix) for each in found}

    def report(self) -> list[str]:
        """Return the lines of the report."""
        prefix = f"~s3mover/reports/{self.id}/"
        found = self.s3.list_objects_v2(Bucket="model", Prefix=prefix).get("Contents", [])
        keys = [each["Key"] for each in found]
        bodies = [self.s3.get_object(Bucket="model", Key=key)["Body"].read() for key in keys]
        return [line for body in bodies for line in body.decode().splitlines()]


def play(
    here: Deployment, model: ModelS3, gateway: S3Gateway, s3: "S3Client", objects: int, **more: str
) -> Scene:
    """Write objects and begin their move."""
    name = f"scene{next(_names)}"
    model.fill(f"{name}/from/", objects, 100)
    ends = {side: f"s3://model/{name}/{side}/" for side in ("from", "to")}
    request = PrefixRequest.model_validate(
        {"source": ends["from"], "destination": ends["to"], **more}
    )
    prefix_journal.accept(here.redis, name, request)
    begin(here, name, request)
    return Scene(here, gateway, s3, name)
