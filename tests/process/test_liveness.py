"""The file that a liveness probe looks at, of a real worker: through an outage, and frozen."""

import time
from pathlib import Path

from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS
from worker.liveness import EVERY


def touched(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def assert_touched_again(path: Path, times: int = 2) -> None:
    for _ in range(times):
        _wait_for_a_touch(path, touched(path))


def _wait_for_a_touch(path: Path, before: int) -> None:
    until(lambda: touched(path) > before)


def test_only_a_worker_that_hangs_looks_dead(seaweedfs: SeaweedFS) -> None:
    with Rig(seaweedfs, workers=1, threads=2, beat=False) as rig:
        (worker,) = rig.fleet.workers
        alive = worker.health_file.with_name(f"{worker.health_file.name}.alive")
        assert_touched_again(alive)

        rig.fleet.valkey.kill()
        until(lambda: "Connection to broker lost" in worker.log)
        assert_touched_again(alive, times=3)

        worker.pause()
        frozen = touched(alive)
        time.sleep(3 * EVERY)
        assert touched(alive) == frozen

        worker.resume()
        rig.fleet.valkey.start()
        assert_touched_again(alive)
        goods = rig.put()
        rig.assert_moved(goods, rig.wait(rig.move(goods)))

        assert worker.terminate() == 0
        assert not alive.exists()
