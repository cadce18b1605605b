"""What a worker runs: moves and their parts, sweep, notify and doctor, around one journal."""

from tasks.copy_part import copy_part
from tasks.doctor import doctor
from tasks.move import move
from tasks.notify import notify
from tasks.prefix import move_batch, move_prefix, plan_prefix, report_prefix, steer_prefix
from tasks.settle import settle
from tasks.sweep import sweep

__all__ = [
    "copy_part",
    "doctor",
    "move",
    "move_batch",
    "move_prefix",
    "notify",
    "plan_prefix",
    "report_prefix",
    "settle",
    "steer_prefix",
    "sweep",
]
