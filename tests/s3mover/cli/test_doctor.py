"""What `s3mover doctor` says of the broker and of a report, without a worker."""

import json
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from s3mover import BrokerUnavailable, DoctorReport, Finding, Mover
from s3mover.cli import main
from s3mover.cli.doctor import examine, text
from s3mover.cli.exits import Exit
from s3mover.findings import of_broker
from worker.fleet import Valkey

Run = Callable[..., Result]

GOOD = Finding(check="s3:ListBucket", bucket="b", status="ok", detail="s3://b/")
WEAK = Finding(check="checksums", bucket="b", status="warning", advice="read both")
BAD = Finding(check="s3:PutObject", bucket="b", status="failed", detail="no", advice="allow it")


class Answered(Mover):
    """A client whose worker has answered."""

    def __init__(self, url: str, *findings: Finding) -> None:
        super().__init__(url)
        self._report = DoctorReport(worker="celery@here", findings=list(findings))

    def doctor_report(self, task_id: str) -> DoctorReport:  # noqa: ARG002  the client's own
        return self._report


@pytest.mark.parametrize(
    ("findings", "code"),
    [((GOOD,), Exit.DONE), ((GOOD, WEAK), Exit.DONE), ((GOOD, WEAK, BAD), Exit.FAILED)],
)
def test_only_what_failed_is_a_failure(
    server: Valkey, findings: tuple[Finding, ...], code: Exit
) -> None:
    report, ended = examine(Answered(server.url, *findings), 5)

    assert ended == code
    assert report.worker == "celery@here"
    assert report.findings[-len(findings) :] == list(findings)


def test_a_table_says_what_is_wrong_and_what_to_do() -> None:
    lines = text(DoctorReport(findings=[GOOD, WEAK, BAD])).splitlines()

    assert lines == [
        "ok       b  s3:ListBucket  s3://b/",
        "WARNING  b  checksums",
        "         -> read both",
        "FAILED   b  s3:PutObject   no",
        "         -> allow it",
        "",
        "1 of 3 checks failed: moves will fail",
    ]


def test_what_a_store_says_cannot_steer_the_terminal() -> None:
    evil = Finding(check="x", bucket="b", status="failed", detail="\x1b[2J", advice="\x1b]0;")

    assert "\x1b" not in text(DoctorReport(findings=[evil]))


def test_without_a_worker_the_broker_is_examined_and_the_cure_is_named(run: Run) -> None:
    result = run("doctor", "--timeout", "0.2")

    assert result.exit_code == Exit.STILL_RUNNING
    assert "celery -A worker worker" in result.stdout
    assert "noeviction" in result.stdout


def test_without_a_broker_it_says_so_as_a_report_too() -> None:
    environment = {"S3MOVER_BROKER_URL": "redis://127.0.0.1:1/0"}

    result = CliRunner(env=environment).invoke(main, ["doctor", "--json"])

    assert result.exit_code == Exit.UNAVAILABLE
    report = json.loads(result.stdout)
    assert [each["status"] for each in report["findings"]] == ["failed"]


def test_a_broker_that_may_forget_is_warned_of(server: Valkey) -> None:
    with closing(Redis.from_url(server.url, decode_responses=True)) as redis:
        kept = {name: redis.config_get(name)[name] for name in ("maxmemory-policy", "appendonly")}
        redis.config_set("maxmemory-policy", "allkeys-lru")
        redis.config_set("appendonly", "no")
        try:
            version, scripts, policy, persistence = of_broker(redis)
        finally:
            for name, value in kept.items():
                redis.config_set(name, str(value))
            # Valkey refuses to end before the file is there again (9.1, 2026-11).
            while redis.info("persistence")["aof_rewrite_in_progress"]:
                time.sleep(0.02)

    assert version.status == scripts.status == "ok"
    assert version.detail.startswith("Valkey")
    assert (policy.status, policy.detail) == ("warning", "allkeys-lru")
    assert (persistence.status, persistence.detail) == ("warning", "no")
    assert "appendonly yes" in persistence.advice


def test_an_acl_that_hides_the_version_is_a_warning(server: Valkey) -> None:
    with closing(Redis.from_url(server.url, decode_responses=True)) as redis:
        redis.acl_setuser(
            "narrow", enabled=True, passwords=["+word"], keys=["*"],
            categories=["+@all", "-@dangerous"],
        )  # fmt: skip
    url = server.url.replace("redis://", "redis://narrow:word@")

    found = Mover(url).examine_broker()

    assert [each.status for each in found] == ["warning", "ok", "warning", "warning"]
    assert "Redis 7 or newer" in found[0].advice


def test_a_wrong_password_of_the_broker_is_named(server: Valkey) -> None:
    url = server.url.replace("redis://", "redis://nobody:word@")

    report, code = examine(Mover(url), 5)

    (found,) = report.findings
    assert code == Exit.UNAVAILABLE
    assert "password" in found.detail
    assert "S3MOVER_BROKER_URL" in found.advice


def test_a_user_who_may_run_no_scripts_cannot_move(server: Valkey) -> None:
    with closing(Redis.from_url(server.url, decode_responses=True)) as redis:
        redis.acl_setuser(
            "dumb", enabled=True, passwords=["+word"], keys=["*"],
            categories=["+@all", "-@scripting"],
        )  # fmt: skip
    mover = Mover(server.url.replace("redis://", "redis://dumb:word@"))

    found = {each.check: each for each in mover.examine_broker()}

    assert found["scripts"].status == "failed"
    assert "+evalsha" in found["scripts"].advice
    with pytest.raises(BrokerUnavailable, match="refuses it"):
        mover.move("/a", "/b")
