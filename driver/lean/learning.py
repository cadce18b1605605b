"""Learn the route of a kind of request from one that botocore prepares and nobody sends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import _host_from_url  # type: ignore[attr-defined]

from driver.lean.errors import NotPlain
from driver.lean.routes import INVOCATION, METHOD, Route, as_text
from driver.lean.signer import CONTENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.credentials import ReadOnlyCredentials

    from driver.lean.form import Filled
    from driver.lean.stand_in import StandIn

logger = logging.getLogger(__name__)

_NEVER_SIGNED = ("user-agent", "amz-sdk-request", "content-length")
_SCHEME = "AWS4-HMAC-SHA256 "


class _Prepared(Exception):
    """Ends a call before anything is sent."""


def prepare(
    call: Callable[..., Any], stand_in: StandIn, params: Mapping[str, Any]
) -> AWSPreparedRequest | None:
    """Return the request that botocore would send; None if it cannot be made."""
    found: list[AWSPreparedRequest] = []

    def end(request: AWSPreparedRequest) -> AWSResponse:
        found.append(request)
        raise _Prepared

    try:
        with stand_in.answering(end):
            call(**params)
    except Exception:  # noqa: BLE001  # what it is, boto3 says when the request is made there
        return found[0] if found else None
    return None


def learn(
    request: AWSPreparedRequest, filled: Filled, credentials: ReadOnlyCredentials
) -> Route | None:
    """Return the route; None, and a line in the log, if it does not lead to this very request."""
    try:
        route = _route(request, filled)
        theirs = as_text(request.headers)
        built = route.build(filled, credentials, theirs["x-amz-date"])
    except (NotPlain, LookupError, TypeError, ValueError) as error:
        logger.info("boto3 makes these copies: %s", type(error).__name__)
        return None
    ours = {**built.headers, INVOCATION: theirs.get(INVOCATION, "")}
    if ours == theirs and built.url == request.url:
        return route
    differing = sorted(name for name in ours.keys() | theirs if ours.get(name) != theirs.get(name))
    logger.info("boto3 makes these copies, which differ in %s", ", ".join(differing) or "the URL")
    return None


def _route(request: AWSPreparedRequest, filled: Filled) -> Route:
    headers, url = as_text(request.headers), request.url
    signing = headers["authorization"]
    if request.method != METHOD or request.body or not signing.startswith(_SCHEME):
        raise NotPlain("request")
    if not url.endswith(filled.path):
        raise NotPlain("url")
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    _, _, region, service, _ = signing.removeprefix(_SCHEME).partition(",")[0].rsplit("/", 4)
    return Route(
        origin=origin,
        prefix=url[len(origin) : -len(filled.path)],
        host=_host_from_url(url),
        service=service,
        region=region,
        content=headers[CONTENT],
        sent={name: headers[name] for name in _NEVER_SIGNED},
    )
