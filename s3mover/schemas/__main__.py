"""Writes the schema files anew: `python -m s3mover.schemas`."""

from s3mover.schemas import write

write()
