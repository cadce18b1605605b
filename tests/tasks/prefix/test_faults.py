"""What comes of a page when S3 fails, when its task is halted, and when it was begun before."""

from collections.abc import Callable
from typing import cast

import pytest

from driver import Transient
from s3mover import PrefixState, prefix_journal
from tasks.errors import PoisonedPart, Superseded
from tasks.prefix import batch, lists
from tasks.prefix.page import Refused
from tests.tasks.prefix.scene import Scene

SetScene = Callable[..., Scene]


def assert_all_moved(scene: Scene, count: int) -> None:
    assert (scene.names("from"), len(scene.names("to"))) == (set(), count)
    assert (scene.record.state, scene.record.moved) == (PrefixState.DONE, count)
    assert len(scene.report()) == count


def test_an_object_whose_copy_was_made_unheard_is_not_left_by_a_cancel(set_scene: SetScene) -> None:
    scene = set_scene(1)
    copy = scene.gateway.when("CopyObject", times=1).drop_reply()
    copy.call(lambda: prefix_journal.steer(scene.here.redis, scene.id, "cancelled"))
    copy.delay(1.5)  # the runner has seen it by then

    scene.work()

    assert (scene.names("from"), len(scene.names("to"))) == (set(), 1)
    assert (scene.record.state, scene.record.moved) == (PrefixState.CANCELLED, 1)


def test_an_object_whose_copy_was_not_made_is_left_by_a_cancel(set_scene: SetScene) -> None:
    scene = set_scene(1)
    copy = scene.gateway.when("CopyObject", times=1)
    copy.call(lambda: prefix_journal.steer(scene.here.redis, scene.id, "cancelled"))
    copy.delay(1.5).respond(500, "InternalError")

    scene.work()

    assert (len(scene.names("from")), scene.names("to")) == (1, set())
    assert (scene.record.state, scene.record.left) == (PrefixState.CANCELLED, 1)


def test_what_a_dead_task_has_copied_is_brought_to_its_end_where_the_store_throttles(
    set_scene: SetScene,
) -> None:
    scene = set_scene(3)
    with scene.claimed() as page:
        lists.fill(scene.here, page)
    for name in scene.names("from"):
        places = {side: f"{scene.id}/{side}/{name}" for side in ("from", "to")}
        source = {"Bucket": "model", "Key": places["from"]}
        scene.s3.copy_object(Bucket="model", Key=places["to"], CopySource=source)  # type: ignore[arg-type]
    prefix_journal.steer(scene.here.redis, scene.id, "cancelled")
    scene.die()
    scene.gateway.when("CopyObject", times=3).respond(503, "SlowDown")

    scene.work()

    assert (scene.names("from"), len(scene.names("to"))) == (set(), 3)
    assert (scene.record.moved, scene.record.left) == (3, 0)


def test_a_copy_of_our_own_is_not_skipped_as_somebody_elses(set_scene: SetScene) -> None:
    scene = set_scene(2, overwrite="never")
    scene.gateway.when("CopyObject", times=2).drop_reply()

    scene.work()

    assert_all_moved(scene, 2)


def test_a_delete_whose_answers_are_all_lost_was_a_delete(set_scene: SetScene) -> None:
    scene = set_scene(3)
    scene.gateway.when("DeleteObjects", times=1).drop_reply()
    scene.gateway.when("DeleteObjects").respond(500, "InternalError")

    scene.work()

    assert_all_moved(scene, 3)


@pytest.mark.parametrize(("status", "code"), [(500, "InternalError"), (503, "SlowDown")])
def test_a_store_without_batches_is_asked_again_for_each_object(
    set_scene: SetScene, status: int, code: str
) -> None:
    scene = set_scene(2)
    scene.here.redis.hset(f"s3mover:prefix:{scene.id}", "deletion", "single")
    scene.gateway.when("DeleteObject", times=2).respond(status, code)

    scene.work()

    assert_all_moved(scene, 2)


def test_a_task_that_has_slept_writes_no_report_over_that_of_its_successor(
    set_scene: SetScene,
) -> None:
    scene = set_scene(2)
    with scene.claimed() as slept:
        lists.fill(scene.here, slept)
        scene.die()
        scene.work()
        written = scene.report()
        with pytest.raises(Superseded):
            batch._work(scene.here, slept, slept.items or [])

    assert_all_moved(scene, 2)
    assert scene.report() == written


def test_a_report_whose_answer_was_lost_is_written_once(set_scene: SetScene) -> None:
    scene = set_scene(2)
    report = scene.gateway.when("PutObject", times=1).drop_reply()
    report.where(lambda each: "reports" in each.key)

    with pytest.raises(Transient):
        scene.work()
    scene.work()

    assert_all_moved(scene, 2)


def test_a_page_that_kills_its_workers_fails_and_the_others_go_on(set_scene: SetScene) -> None:
    scene = set_scene(2)
    with scene.claimed() as page:
        lists.fill(scene.here, page)
    scene.die()
    scene.here.redis.hset(f"s3mover:page:{scene.id}:1", "begun", 1000)

    scene.work()

    assert (scene.record.state, scene.record.failed) == (PrefixState.FAILED, 2)
    assert [each.code for each in scene.record.troubles] == ["PoisonedPart"]
    assert len(scene.report()) == 2


def test_a_listing_that_kills_its_workers_ends_the_move(set_scene: SetScene) -> None:
    scene = set_scene(2)
    scene.die()
    scene.here.redis.hset(f"s3mover:page:{scene.id}:1", "begun", 1000)

    with pytest.raises(PoisonedPart) as error:
        scene.work()
    batch._give_up(scene.here, scene.id, error.value)
    scene.work()

    assert scene.record.state is PrefixState.FAILED
    with pytest.raises(Refused, match="over"):
        scene.work()


def dies(*_: object) -> None:
    raise ZeroDivisionError


def in_parts(scene: Scene, name: str) -> None:
    """Replace an object by one of the same bytes that was uploaded in parts."""
    place = {"Bucket": "model", "Key": f"{scene.id}/from/{name}"}
    upload = scene.s3.create_multipart_upload(**place)["UploadId"]  # type: ignore[arg-type]
    part = scene.s3.upload_part_copy(
        **place,  # type: ignore[arg-type]
        UploadId=upload,
        PartNumber=1,
        CopySource=place,  # type: ignore[arg-type]
    )["CopyPartResult"]["ETag"]
    scene.s3.complete_multipart_upload(
        **place,  # type: ignore[arg-type]
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": part, "PartNumber": 1}]},
    )


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_an_object_in_parts_whose_task_dies_after_its_delete_was_moved(
    set_scene: SetScene, monkeypatch: pytest.MonkeyPatch, *, is_cancelled: bool
) -> None:
    scene = set_scene(2)
    in_parts(scene, "0000001")
    with monkeypatch.context() as patched:
        patched.setattr("tasks.prefix.reports.write", dies)
        with pytest.raises(ZeroDivisionError):
            scene.work()
    assert scene.names("from") == set()
    scene.die()
    if is_cancelled:
        prefix_journal.steer(scene.here.redis, scene.id, "cancelled")

    scene.work()

    assert (scene.names("from"), len(scene.names("to"))) == (set(), 2)
    assert (scene.record.moved, len(scene.report())) == (2, 2)


def test_an_object_in_parts_whose_task_dies_before_its_delete_is_not_left_by_a_cancel(
    set_scene: SetScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = set_scene(2)
    in_parts(scene, "0000001")
    with monkeypatch.context() as patched:
        patched.setattr("tasks.prefix.deletes.delete", dies)
        with pytest.raises(ZeroDivisionError):
            scene.work()
    assert len(scene.names("from")) == 2
    scene.die()
    prefix_journal.steer(scene.here.redis, scene.id, "cancelled")

    scene.work()

    assert (scene.names("from"), len(scene.names("to"))) == (set(), 2)
    assert (scene.record.moved, scene.record.left) == (2, 0)


def test_a_page_heeds_the_limit_of_its_bucket_and_gives_all_places_back(
    set_scene: SetScene,
) -> None:
    scene = set_scene(12)
    scene.gateway.when("CopyObject", times=8).delay(0.2)
    scene.gateway.when("CopyObject", times=1).respond(503, "SlowDown")
    scene.gateway.when("CopyObject").delay(0.05)

    scene.work()

    assert_all_moved(scene, 12)
    redis = scene.here.redis
    assert redis.hget("s3mover:throttle:model", "limit")
    assert redis.zcard("s3mover:flight:model") == 0


def test_the_places_of_a_dead_worker_are_free_after_one_lease(set_scene: SetScene) -> None:
    scene = set_scene(1)
    scene.gateway.when("CopyObject", times=1).respond(503, "SlowDown")
    found: list[float] = []
    scene.gateway.when("CopyObject").call(lambda: found.extend(expiries(scene)))

    scene.work()

    seconds, _ = scene.here.redis.time()
    assert found
    assert max(found) <= seconds + 1 + scene.here.settings.part_lease


def expiries(scene: Scene) -> list[float]:
    found = scene.here.redis.zrange("s3mover:flight:model", 0, -1, withscores=True)
    return [float(score) for _, score in cast("list[tuple[str, float]]", found)]


def test_a_page_that_the_store_keeps_waiting_is_not_taken_for_one_that_kills_workers(
    set_scene: SetScene,
) -> None:
    scene = set_scene(2)
    for _ in range(30):
        with pytest.raises(Transient), scene.claimed():
            raise Transient("SlowDown")

    scene.work()

    assert_all_moved(scene, 2)


def test_a_report_that_could_not_be_written_once_goes_on_where_it_is(set_scene: SetScene) -> None:
    scene = set_scene(2)
    scene.here.redis.hset(prefix_journal.prefix_key(scene.id), "report", "not written: forbidden")

    scene.work()

    assert (scene.record.moved, len(scene.report())) == (2, 2)
