"""What of a source a copy cannot keep: known before the first byte, and refused or said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import driver
from driver import AccessDenied, CannotPreserve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from driver import Source
    from s3mover import MoveRequest
    from s3mover.contract import Preserve, Property
    from tasks.deployment import Deployment
    from tasks.plan import Plan

DEFAULTS: Mapping[Property, Preserve] = {
    "tags": "strict",
    "layout": "strict",
    # The bytes are proven all the same, by another one.
    "checksum": "best-effort",
}


def keep(here: Deployment, request: MoveRequest, source: Source, plan: Plan) -> Plan:
    """
    Return the plan that keeps most of the source.

    Raises CannotPreserve for a loss that the request does not take.
    """
    wanted = _wanted(request)
    if request.layout == "keep":
        plan = _with_layout(here, source, plan, wanted)
    if not is_read_later(source, plan) and (plan.part_size or wanted["tags"] != "strict"):
        plan = with_tags(here, request, plan)  # else CopyObject carries them, or fails
    return _lose(plan, "checksum", lost_checksum(source, plan), wanted)


def lost_checksum(source: Source, plan: Plan) -> str:
    """Tell which checksum of the source its copy will not have; empty if none is lost."""
    checksum = source.checksum
    if checksum is None:
        return ""
    if checksum.type == "COMPOSITE":
        return f"{checksum.algorithm} of parts; the copy has one of its own"
    if plan.part_size and not checksum.survives_parts:
        return f"{checksum.algorithm}, which S3 does not compute for a copy in parts"
    return ""


def _with_layout(
    here: Deployment, source: Source, plan: Plan, wanted: Mapping[Property, Preserve]
) -> Plan:
    if "-" not in source.etag and source.size <= driver.MAX_COPY_SIZE:
        return replace(plan, part_size=0)
    size = driver.kept_part_size(source.pin, *driver.layout_of(here.s3, source.pin))
    if size:
        return replace(plan, part_size=size)
    text = "its parts are of a size that no copy in equal parts can have"
    return _lose(plan, "layout", text, wanted)


def is_read_later(source: Source, plan: Plan) -> bool:
    """Tell whether tags are read while the upload is created: there are most likely none."""
    return bool(plan.part_size) and plan.tags == "header" and not source.tag_count


def with_tags(here: Deployment, request: MoveRequest, plan: Plan) -> Plan:
    """Return the plan by which the source's tags are kept; raises CannotPreserve."""
    try:
        tags = driver.tags_of(here.s3, plan.pin)
    except AccessDenied as error:
        text = f"they cannot be read ({error.detail}): allow s3:GetObjectTagging"
        without = replace(plan, tags="none")
        if not plan.part_size:
            without = replace(without, policy=plan.policy | {"TaggingDirective": "REPLACE"})
        return _lose(without, "tags", text, _wanted(request))
    if not tags:
        return replace(plan, tags="none")
    return plan if driver.header_of(tags) else replace(plan, tags="apart")


def _wanted(request: MoveRequest) -> Mapping[Property, Preserve]:
    return {**DEFAULTS, **(request.preserve or {})}


def _lose(plan: Plan, name: Property, text: str, wanted: Mapping[Property, Preserve]) -> Plan:
    if not text:
        return plan
    if wanted[name] == "strict":
        raise CannotPreserve(f"{name}: {text}", operation="move", source=str(plan.pin.location))
    return replace(plan, lost=(*plan.lost, f"{name}: {text}"))
