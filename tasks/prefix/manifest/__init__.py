"""A move works off a list of objects, instead of all that is below its prefix."""

from tasks.prefix.manifest.naming import Namer
from tasks.prefix.manifest.reading import begin, fill, read

__all__ = ["Namer", "begin", "fill", "read"]
