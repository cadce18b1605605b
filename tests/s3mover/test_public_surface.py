"""What others may import, and what that brings along."""

import subprocess
import sys

import s3mover

HEAVY = {"celery", "kombu", "redis", "rich"}
FORBIDDEN = {"boto3", "botocore", "config", "driver", "tasks", "worker", "tests", "bench"}

IMPORT_ALL = """
import sys, pkgutil, importlib, s3mover
for module in pkgutil.walk_packages(s3mover.__path__, "s3mover."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
HELP = """
import sys
from s3mover.cli import main
main(["mv", "--help"], standalone_mode=False)
"""
PRINT = """
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def modules_after(script: str) -> set[str]:
    """Return the top-level modules that a fresh Python has loaded after a script."""
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", script + PRINT], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_the_public_names_are_these() -> None:
    assert s3mover.__all__ == [
        "BrokerUnavailable",
        "DoctorReport",
        "Evidence",
        "Finding",
        "IdempotencyConflict",
        "InvalidBroker",
        "InvalidRequest",
        "MoveError",
        "MoveRecord",
        "MoveRequest",
        "Mover",
        "MoverError",
        "PrefixRecord",
        "PrefixRequest",
        "PrefixState",
        "State",
        "StillRunning",
        "SweepReport",
        "Trouble",
        "UnknownMove",
    ]
    assert all(getattr(s3mover, name) for name in s3mover.__all__)
    assert not hasattr(s3mover, "Moved")


def test_the_client_does_these_things() -> None:
    assert [name for name in vars(s3mover.Mover) if not name.startswith("_")] == [
        "move", "submit", "move_prefix", "status", "watch", "wait", "cancel", "list",
        "overview", "sweep", "sweep_report", "doctor", "doctor_report", "examine_broker",
    ]  # fmt: skip


def test_all_of_it_loads_no_boto3_and_no_folder_of_the_application() -> None:
    loaded = modules_after(IMPORT_ALL)

    assert loaded >= HEAVY
    assert loaded & FORBIDDEN == set()


def test_the_help_of_a_command_loads_neither_celery_nor_redis_nor_rich() -> None:
    assert modules_after(HELP) & (HEAVY | FORBIDDEN) == set()


def test_errors_are_the_builtin_kinds_too() -> None:
    kinds = {
        s3mover.InvalidRequest: ValueError,
        s3mover.InvalidBroker: ValueError,
        s3mover.UnknownMove: LookupError,
        s3mover.StillRunning: TimeoutError,
        s3mover.BrokerUnavailable: ConnectionError,
    }
    assert all(issubclass(error, kind) for error, kind in kinds.items())
    assert all(issubclass(error, s3mover.MoverError) for error in kinds)
