"""`s3mover mv --recursive`, and what the other commands make of its id."""

import json

from click.testing import CliRunner, Result

from s3mover.cli import main
from tests.process import prefix_goods, prefix_manifests
from tests.process.rig import Rig


def run(rig: Rig, *args: str) -> Result:
    env = {"S3MOVER_BROKER_URL": rig.fleet.valkey.url}
    return CliRunner(env=env).invoke(main, args)


def test_a_prefix_is_moved_and_looked_at_from_a_terminal(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 12)

    moved = run(rig, "mv", "--recursive", goods.source, goods.destination, "--exclude", "*/*")

    assert moved.exit_code == 0, moved.output
    assert "10 objects moved" in moved.output
    record = rig.mover.prefixes.list(1)[0]
    for command in ("status", "watch", "report", "cancel"):
        result = run(rig, command, record.id)
        assert result.exit_code == 0, result.output
        assert str(record.report) in result.output
    assert record.id in run(rig, "ls").output
    assert json.loads(run(rig, "--json", "status", record.id).output)["filtered"] == 2


def test_a_move_that_fails_says_why_and_exits_with_1(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 2)

    result = run(rig, "mv", "--recursive", goods.source, f"{goods.source}below/")

    assert result.exit_code == 1
    assert "SameObject" in result.output


def test_a_paused_move_is_resumed(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 2)
    slow = rig.gateway.when("CopyObject", times=2).delay(1)
    slow.where(lambda request: goods.top in request.key)
    prefix_id = run(rig, "mv", "--recursive", "--no-wait", *ends(goods)).output.strip()
    slow.wait_until_hit()

    paused = run(rig, "pause", prefix_id)
    assert "paused" in paused.output
    assert run(rig, "watch", "--timeout", "0", prefix_id).exit_code == 75
    run(rig, "resume", prefix_id)

    assert run(rig, "watch", prefix_id).exit_code == 0


def ends(goods: prefix_goods.Goods) -> tuple[str, str]:
    return goods.source, goods.destination


def test_what_belongs_to_prefixes_alone_is_refused_elsewhere_and_the_other_way_round(
    rig: Rig,
) -> None:
    goods = prefix_goods.put(rig, 1)

    assert run(rig, "mv", *ends(goods), "--larger", "0").exit_code == 2
    assert run(rig, "mv", "--recursive", *ends(goods), "--layout", "keep").exit_code == 2
    assert run(rig, "mv", "--recursive", "s3://bucket/x", goods.destination).exit_code == 2


def test_a_dry_run_tells_what_a_move_would_do_and_writes_nothing(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 12, large=1)
    rig.gateway.clear()

    result = run(rig, "mv", "--recursive", "--dry-run", *ends(goods), "--exclude", "*/*")
    data = json.loads(run(rig, "--json", "mv", "--recursive", "--dry-run", *ends(goods)).output)

    assert result.exit_code == 0, result.output
    assert "11 (10 small, 1 large in 2 parts)" in result.output
    assert (data["objects"], data["copies"], data["deletes"], data["pages"]) == (13, 16, 2, 1)
    assert {each.operation for each in rig.gateway.seen()} <= {
        "ListObjectsV2", "GetBucketVersioning", "GetBucketObjectLockConfiguration",
        "ListMultipartUploads", "HeadObject", "ListObjects",
    }  # fmt: skip
    refused = run(rig, "mv", "--recursive", "--dry-run", goods.source, f"{goods.source}below/")
    assert (refused.exit_code, "SameObject" in refused.output) == (1, True)


def test_what_has_failed_is_moved_by_a_retry(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 6)
    denied = rig.gateway.when("CopyObject", times=1).respond(403, "AccessDenied")
    denied.where(lambda request: request.key.endswith("to/00003.txt"))
    failed = run(rig, "mv", "--recursive", *ends(goods))
    assert failed.exit_code == 1
    assert "failed in part: 5/6 moved, 1 failed; AccessDenied (1)" in failed.output

    retry = run(rig, "retry-failed", rig.mover.prefixes.list(1)[0].id).output.strip()

    assert prefix_goods.wait(rig, retry).moved == 1
    assert prefix_goods.sources(rig, goods) == {}


def test_a_manifest_and_a_rekey_are_given_on_the_command_line(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 6)
    names = sorted(goods.bodies)[:4]
    text = prefix_manifests.json_lines(rig, goods, [*names, names[0]]) + "bad\n"
    options = (
        "--manifest", prefix_manifests.put(rig, goods, "list", text), "--rekey", "x/{base}",
    )  # fmt: skip

    plan = run(rig, "mv", "--recursive", "--dry-run", *ends(goods), *options)
    moved = run(rig, "mv", "--recursive", *ends(goods), *options)

    assert "1 objects are not to be moved as the manifest names them" in plan.output
    assert "1 objects are named as another one is" in plan.output
    assert (moved.exit_code, "4/6 moved, 1 failed" in moved.output) == (1, True), moved.output
    assert set(prefix_goods.destinations(rig, goods)) == {f"x/{name}" for name in names}


def test_a_manifest_on_this_machine_is_refused_with_a_hint(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 1)

    result = run(rig, "mv", "--recursive", *ends(goods), "--manifest", "list.csv")

    assert result.exit_code == 2
    assert "aws s3 cp list.csv s3://bucket/key" in " ".join(result.output.split())
