"""What is refused before the first byte is copied."""

from config import S3Settings
from driver.errors import Archived, Locked, SameObject, VerificationFailed
from driver.locations import Location, may_be_one_object
from driver.source import Source
from driver.verify import Mode


def refuse_aliases(settings: S3Settings, source: Location, destination: Location) -> None:
    """Raise `SameObject` when, on a store other than Amazon's, both keys may name one object."""
    if settings.regionendpoint and may_be_one_object(source, destination):
        raise SameObject(
            "the keys differ in slashes only, and on this store they may name one object",
            operation="move",
            source=str(source),
            target=str(destination),
        )


def refuse_unmovable(source: Source) -> None:
    """Raise `Archived` or `Locked` for an object that cannot be read, or could not be deleted."""
    if source.archived:
        raise Archived(
            f"it is in {source.storageclass}", operation="move", source=str(source.location)
        )
    if source.locked:
        text = f"{source.locked}: it could be copied, but not moved"
        raise Locked(text, operation="move", source=str(source.location))


def refuse_unverifiable(source: Source, mode: Mode, *, in_parts: bool) -> None:
    """Raise `VerificationFailed` when mode `checksum` could never compare the copy."""
    checksum = source.checksum
    if mode != "checksum":
        return
    if checksum is None or checksum.type != "FULL_OBJECT":
        text = "it has no full-object checksum"
    elif in_parts and not checksum.survives_parts:
        text = f"a copy in parts has no full-object {checksum.algorithm}"
    else:
        return
    raise VerificationFailed(
        f"{text}; nothing was copied: verify by read instead",
        operation="move",
        source=str(source.location),
    )
