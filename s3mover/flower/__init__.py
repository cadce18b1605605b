"""
The tab *Moves* and the moves' metrics in Flower >= 2.2, < 2.3, without a fork.

A `flowerconfig.py` calls `install()`; `deploy/flowerconfig.py` is one. `pip install
's3mover[flower]'` brings the Flower that this was tried with.
"""

from s3mover.flower.install import install

__all__ = ["install"]
