"""A modelled S3: it answers as S3 does, takes the time a copy would take, and moves no bytes."""

from bench.model.process import ModelS3
from bench.model.timing import Timing

__all__ = ["ModelS3", "Timing"]
