"""Uploads that nobody will end, with and without a journal that knows them."""

import time
import uuid
from collections.abc import Iterator
from typing import Any, cast

import pytest
from redis import Redis

from config import S3Settings, Settings
from driver import Location, NoSuchUpload, Upload, list_parts, make_client
from s3mover import MoveRequest, State, journal
from s3mover.journal import move_key
from tasks import janitor, marks
from tasks.deployment import Deployment
from tasks.marks import Mark
from worker.fleet import SeaweedFS


@pytest.fixture(scope="module")
def store() -> Iterator[SeaweedFS]:
    with SeaweedFS() as server:
        yield server


@pytest.fixture(params=["plain", "versioned"])
def here(store: SeaweedFS, redis: Redis, request: pytest.FixtureRequest) -> Deployment:
    s3 = S3Settings(
        region="us-east-1",
        regionendpoint=store.endpoint,
        accesskey=store.access_key,
        secretkey=cast("Any", store.secret_key),
        bucket=f"{request.param}-{uuid.uuid4().hex}",
        rootdirectory="/root",
    )
    client = make_client(s3)
    client.create_bucket(Bucket=s3.bucket)
    if request.param == "versioned":
        kept: Any = {"Status": "Enabled"}
        client.put_bucket_versioning(Bucket=s3.bucket, VersioningConfiguration=kept)
    settings = Settings(s3=s3, buckets=frozenset({s3.bucket}))
    return Deployment(settings, client, redis, cast("Any", None))


@pytest.fixture
def upload(here: Deployment) -> Upload:
    """Return an upload with a part and a mark, of a move that no journal knows."""
    location = Location(here.settings.s3.bucket, "elsewhere/a")
    created = here.s3.create_multipart_upload(**location.address)
    upload = Upload(location, created["UploadId"])
    here.s3.upload_part(**upload.address, PartNumber=1, Body=b"1")
    marks.put(here, Mark("m", location.bucket, location.key, upload.id, time.time() - 100))
    return upload


@pytest.fixture(autouse=True)
def long_ago(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all that is there be older than the grace and than a day."""
    monkeypatch.setattr(janitor, "SILENT", -60.0)
    object.__setattr__(here.settings, "sweep_grace", -60)


def know(here: Deployment, state: State, upload_id: str) -> None:
    request = MoveRequest(source="s3://bucket/a", destination="s3://bucket/b")
    journal.accept(here.redis, "m", request)
    here.redis.hset(move_key("m"), mapping={"state": state, "upload": upload_id})


def is_there(here: Deployment, upload: Upload) -> bool:
    try:
        return bool(list_parts(here.s3, upload))
    except NoSuchUpload:
        return False


def marks_in(here: Deployment) -> list[str]:
    page = here.s3.list_object_versions(Bucket=here.settings.s3.bucket)
    return [each["Key"] for each in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]


def test_an_upload_that_the_journal_has_lost_is_aborted_and_nothing_is_left(
    here: Deployment, upload: Upload
) -> None:
    assert janitor.abort_dead(here) == [f"{upload.destination} upload {upload.id}"]

    assert not is_there(here, upload)
    assert not marks_in(here)
    assert janitor.abort_dead(here) == []


def test_a_dry_run_only_tells(here: Deployment, upload: Upload) -> None:
    assert janitor.abort_dead(here, dry_run=True)

    assert is_there(here, upload)
    assert marks_in(here)


def test_an_upload_of_an_unknown_move_that_got_a_part_today_may_be_another_fleets(
    here: Deployment, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(janitor, "SILENT", 3600.0)

    assert janitor.abort_dead(here) == []

    assert is_there(here, upload)


@pytest.mark.parametrize(
    ("state", "same", "dead"),
    [
        (State.COPYING, True, False),
        (State.COPYING, False, True),
        (State.FAILED, True, True),
        (State.DONE, True, True),
    ],
)
def test_the_journal_says_which_upload_a_move_goes_on_with(
    here: Deployment, upload: Upload, *, state: State, same: bool, dead: bool
) -> None:
    know(here, state, upload.id if same else "another")

    assert bool(janitor.abort_dead(here)) is dead

    assert is_there(here, upload) is not dead


def test_an_upload_without_a_mark_is_not_ours(here: Deployment, upload: Upload) -> None:
    marks.remove(here, upload)

    assert janitor.abort_dead(here) == []

    assert is_there(here, upload)


def test_a_bucket_that_is_missing_keeps_no_other_from_being_looked_at(
    here: Deployment, upload: Upload
) -> None:
    buckets = frozenset({"a-missing-one", *here.settings.buckets})
    object.__setattr__(here.settings, "buckets", buckets)

    assert len(janitor.abort_dead(here)) == 1


def test_what_is_no_mark_is_passed_over(here: Deployment, upload: Upload) -> None:
    here.s3.put_object(
        Bucket=here.settings.s3.bucket, Key="root/~s3mover/uploads/other", Body=b"{}"
    )

    assert len(janitor.abort_dead(here)) == 1


def test_the_mark_of_an_upload_that_is_gone_goes_too(here: Deployment, upload: Upload) -> None:
    here.s3.abort_multipart_upload(**upload.address)

    janitor.abort_dead(here)

    assert not marks_in(here)
