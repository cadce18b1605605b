"""
Flower with the tab *Moves* and the moves' metrics.

    celery -A worker flower --conf=deploy/flowerconfig.py

Flower takes the names of this file that are those of its options; see `docs/flower.md`.
"""

import os

from s3mover.flower import install

install()

if "FLOWER_TASKS_COLUMNS" not in os.environ:  # this file counts more than the environment
    tasks_columns = "name,uuid,state,result,received,runtime,worker"
