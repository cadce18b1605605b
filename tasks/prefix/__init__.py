"""Moves of all objects below a prefix: a page of the listing is the unit of work."""

from tasks.prefix.batch import move_batch
from tasks.prefix.plan import plan_prefix
from tasks.prefix.report import report_prefix
from tasks.prefix.start import move_prefix
from tasks.prefix.steer import steer_prefix

__all__ = ["move_batch", "move_prefix", "plan_prefix", "report_prefix", "steer_prefix"]
