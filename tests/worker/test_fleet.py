"""A whole deployment on one machine: what its processes are told, and that none outlives it."""

import pytest

from worker.fleet import Fleet, StartError


def test_processes_get_the_settings_of_the_fleet_and_none_of_the_shell_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("S3MOVER_ATTEMPTS", "99")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("LANG", "C.UTF-8")

    with Fleet(workers=0, endpoint="http://proxy:1", settings={"part_lease": 3}) as fleet:
        assert fleet.beat is not None
        given = fleet.beat.environment

    assert given["S3MOVER_PART_LEASE"] == "3"
    assert given["S3MOVER_S3_REGIONENDPOINT"] == "http://proxy:1"
    assert given["S3MOVER_BROKER_URL"].startswith("redis://127.0.0.1:")
    assert given["LANG"] == "C.UTF-8"
    assert given.keys().isdisjoint({"S3MOVER_ATTEMPTS", "AWS_PROFILE"})


def let_a_guest_work_until_ctrl_c(fleet: Fleet) -> None:
    with fleet:
        guest = fleet.add_worker(threads=4, queues=["parts"])
        assert "concurrency: 4 (thread)" in guest.log
        assert guest.terminate() == 0
        raise KeyboardInterrupt


def test_a_worker_joins_and_leaves_and_ctrl_c_ends_all_that_is_left() -> None:
    fleet = Fleet(workers=1)

    with pytest.raises(KeyboardInterrupt):
        let_a_guest_work_until_ctrl_c(fleet)

    parts = [fleet.valkey, fleet.seaweedfs, fleet.beat, *fleet.workers]
    assert not any(part.running for part in parts if part is not None)
    assert not fleet.directory.exists()


def test_a_fleet_whose_worker_cannot_start_says_why_and_leaves_nothing_running() -> None:
    fleet = Fleet(workers=1, settings={"part_lease": "soon"})

    with pytest.raises(StartError, match=r"(?i)worker-1 exited .*[\s\S]*part_lease"):
        fleet.start()

    assert not fleet.valkey.running
    assert not fleet.directory.exists()


def test_servers_that_are_given_stay_when_the_fleet_ends() -> None:
    with Fleet(workers=0, beat=False) as first:
        with Fleet(workers=0, beat=False, valkey=first.valkey, seaweedfs=first.seaweedfs) as second:
            assert second.environment == first.environment

        assert first.valkey.running
        assert first.seaweedfs.running
