"""Whether a request was made by a page of ours: what browsers say, and scripts cannot change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(headers: Mapping[str, str]) -> bool | None:
    """
    Tell whether a page of the same origin, or the person, has made a request; None: no browser.

    Browsers send Sec-Fetch-Site over https and to localhost, and Origin with all that is
    unsafe (MDN, 2026-11); a proxy in front has to keep Host.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return None
    try:
        return urlsplit(origin).netloc == headers.get("host", "") != ""
    except ValueError:  # no browser has sent that
        return False
