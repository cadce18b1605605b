"""What a worker runs: move, copy_part, settle, sweep and doctor, around one journal."""

from tasks.copy_part import copy_part
from tasks.doctor import doctor
from tasks.move import move
from tasks.settle import settle
from tasks.sweep import sweep

__all__ = ["copy_part", "doctor", "move", "settle", "sweep"]
