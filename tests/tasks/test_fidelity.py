"""Tags are read while an upload is created, if its source seems to have none."""

from types import SimpleNamespace
from typing import Any

import pytest

from config import S3Settings, Settings
from driver import CannotPreserve, Location, Source, Transient
from s3mover import MoveRequest
from tasks import uploads
from tasks.fidelity import is_read_later, keep
from tasks.plan import Plan, decide
from tests.tasks.fake_store import error

MIB = 1024**2
SETTINGS = Settings(s3=S3Settings(bucket="bucket", region="eu-central-1"))
SOURCE = Source(Location("bucket", "a"), 100 * MIB, "etag", None, {}, {}, 0, None)
TAGGED = Source(Location("bucket", "a"), 100 * MIB, "etag", None, {}, {}, 1, None)
SMALL = Source(Location("bucket", "a"), 1, "etag", None, {}, {}, 0, None)


class Client:
    """An S3 that has one upload, and says of tags what it is told."""

    def __init__(self, *tags: str, fault: str = "") -> None:
        self.tags, self.fault = tags, fault
        self.asked: list[str] = []
        self.tagging = ""

    def create_multipart_upload(self, **ask: Any) -> Any:
        self.asked.append("create")
        self.tagging = ask.get("Tagging", "")
        return {"UploadId": "u", "ResponseMetadata": {"RetryAttempts": 0}}

    def get_object_tagging(self, **_: Any) -> Any:
        self.asked.append("tags")
        if self.fault:
            raise error(self.fault, "GetObjectTagging")
        return {"TagSet": [{"Key": tag, "Value": "v"} for tag in self.tags]}

    def abort_multipart_upload(self, **_: Any) -> Any:
        self.asked.append("abort")
        raise error("NoSuchUpload", "AbortMultipartUpload")


def request(**fields: Any) -> MoveRequest:
    return MoveRequest(source="s3://bucket/a", destination="s3://bucket/b", **fields)


def planned(client: Client, source: Source, asked: MoveRequest) -> Plan:
    plan = decide(SETTINGS, asked, source, Location("bucket", "b"))
    return keep(here(client), asked, source, plan)


def created(client: Client, source: Source, asked: MoveRequest | None = None) -> Plan:
    asked = asked or request()
    move: Any = SimpleNamespace(request=asked)
    plan = planned(client, source, asked)
    upload, plan = uploads._create(here(client), move, source, plan)
    assert upload.id == "u"
    return plan


def here(client: Client) -> Any:
    return SimpleNamespace(s3=client, settings=SETTINGS)


def test_a_source_that_seems_to_have_no_tags_is_asked_once_and_with_its_upload() -> None:
    client = Client()

    plan = created(client, SOURCE)

    assert plan.tags == "none"
    assert sorted(client.asked) == ["create", "tags"]


def test_tags_that_a_head_did_not_count_are_put_apart() -> None:
    client = Client("a")

    plan = created(client, SOURCE)

    assert (plan.tags, client.tagging) == ("apart", "")


def test_counted_tags_are_known_before_and_go_with_the_upload() -> None:
    client = Client("a")

    plan = created(client, TAGGED)

    assert (plan.tags, client.tagging) == ("header", "a=v")
    assert client.asked[-1] == "create"


def test_tags_that_may_not_be_read_leave_no_upload_behind() -> None:
    client = Client(fault="AccessDenied")

    with pytest.raises(CannotPreserve, match="allow s3:GetObjectTagging"):
        created(client, SOURCE)

    assert client.asked[-1] == "abort"


def test_tags_that_cannot_be_read_now_leave_no_upload_behind_either() -> None:
    client = Client(fault="SlowDown")

    with pytest.raises(Transient):
        created(client, SOURCE)

    assert client.asked[-1] == "abort"


def test_tags_that_need_not_be_kept_are_said_to_be_lost() -> None:
    client = Client(fault="AccessDenied")

    plan = created(client, SOURCE, request(preserve={"tags": "best-effort"}))

    assert plan.tags == "none"
    assert plan.lost[0].startswith("tags: ")
    assert "abort" not in client.asked


@pytest.mark.parametrize(("source", "later"), [(SOURCE, True), (TAGGED, False), (SMALL, False)])
def test_only_a_copy_in_parts_of_what_seems_to_have_none_waits(
    source: Source,
    later: bool,  # noqa: FBT001  # pytest names it
) -> None:
    plan = decide(SETTINGS, request(), source, Location("bucket", "b"))

    assert is_read_later(source, plan) is later


def test_a_small_object_is_copied_without_tags_that_may_not_be_read_and_need_not_be_kept() -> None:
    client = Client(fault="AccessDenied")

    plan = planned(client, SMALL, request(preserve={"tags": "best-effort"}))

    assert plan.policy["TaggingDirective"] == "REPLACE"
    assert planned(client, SMALL, request()).tags == "header"
