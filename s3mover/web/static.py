"""The page's style, script and picture: files of the package, which tell nothing of any move."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_FILES = {name: files("s3mover.web").joinpath("static", name).read_bytes() for name in _TYPES}


async def static(request: Request) -> Response:
    """Return a file of the page."""
    name = request.path_params["name"]
    if name not in _FILES:
        raise HTTPException(404, "no such file")
    # A new version of the package is seen within minutes.
    return Response(_FILES[name], media_type=_TYPES[name], headers={"Cache-Control": "max-age=300"})
