"""Which objects are small enough to be copied with others in one task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import driver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.deployment import Deployment
    from tasks.prefix.work import Item


def by_size(here: Deployment, items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """Return the small ones and the large ones."""
    threshold = here.settings.s3.multipartcopythresholdsize
    small: list[Item] = []
    large: list[Item] = []
    for item in items:
        (large if driver.is_multipart(item.size, threshold) else small).append(item)
    return small, large
