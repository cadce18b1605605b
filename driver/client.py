"""The boto3 client a move needs, made from the S3 settings."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from boto3.session import Session
from botocore.config import Config
from pydantic import SecretBytes

from config import RequestPath, S3Settings
from driver.customer_keys import NO_KEYS, send_keys
from driver.lean import go_lean
from driver.owners import ANYONE, expect_owners
from driver.request_log import log_requests
from driver.timestamps import quick_session

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CONNECT_TIMEOUT = 10
READ_TIMEOUT = 900.0
"""
Seconds without a byte. A part copy of 5 GiB answers when it is done, and Complete may take
minutes, during which S3 sends white space and other stores send nothing (2026-11).
"""

MOST_CONNECTIONS = 1000
"""Kept open: urllib3 makes room for each at the first request. More requests open their own."""

ATTEMPTS = 4
"""As many as the registry's driver makes of each request (its Go SDK's default, 2026-11)."""

TELLTALES = ("botocore.auth", "botocore.endpoint")
"""Loggers that write session tokens and signatures at DEBUG (botocore 1.44, 2026-11)."""


def make_client(
    settings: S3Settings,
    connections: int | None = None,
    *,
    attempts: int = ATTEMPTS,
    read_timeout: float = READ_TIMEOUT,
    owners: Mapping[str, str] = ANYONE,
    customer_keys: Mapping[str, SecretBytes] = NO_KEYS,
    request_path: RequestPath = "lean",
) -> "S3Client":
    """
    Return a client that `connections` threads may share; it makes no request yet.

    `owners` are the accounts that its buckets must belong to, `customer_keys` those that a
    `Location` may name. By the `request_path` its copies take.
    """
    for name in TELLTALES:
        logging.getLogger(name).setLevel(logging.INFO)
    # boto3 documents its default session as not thread-safe; clients are (boto3 guide, 2026-11).
    accesskey, secretkey, sessiontoken = _credentials(settings)
    client = Session(botocore_session=quick_session()).client(
        "s3",
        region_name=settings.region or "us-east-1",
        endpoint_url=_endpoint(settings),
        verify=False if settings.skipverify else None,
        aws_access_key_id=accesskey,
        aws_secret_access_key=secretkey,
        aws_session_token=sessiontoken,
        config=_config(settings).merge(
            Config(
                connect_timeout=min(CONNECT_TIMEOUT, read_timeout),
                read_timeout=read_timeout,
                max_pool_connections=min(
                    connections or settings.multipartcopymaxconcurrency, MOST_CONNECTIONS
                ),
                retries={"mode": "standard", "total_max_attempts": attempts},
            )
        ),
    )
    expect_owners(client, owners)
    send_keys(client, customer_keys)
    log_requests(client, settings)
    if request_path == "lean":
        go_lean(client)
    return client


def _config(settings: S3Settings) -> Config:
    checksums = _checksums(settings)
    return Config(
        signature_version="s3v4" if settings.v4auth else "s3",
        tcp_keepalive=True,
        user_agent_extra=settings.useragent,
        use_dualstack_endpoint=settings.usedualstack,
        use_fips_endpoint=settings.usefipsendpoint,
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
        s3={
            "addressing_style": _addressing(settings),
            "use_accelerate_endpoint": settings.accelerate,
        },
    )


def _checksums(settings: S3Settings) -> Literal["when_required", "when_supported"]:
    # Some third-party stores refuse the checksums boto3 adds to each request since 1.36.
    return "when_required" if settings.regionendpoint else "when_supported"


def _addressing(settings: S3Settings) -> Literal["path", "virtual"]:
    if settings.forcepathstyle is None:
        return "path" if settings.regionendpoint else "virtual"
    return "path" if settings.forcepathstyle else "virtual"


def _endpoint(settings: S3Settings) -> str | None:
    endpoint = settings.regionendpoint
    if not endpoint or "://" in endpoint:
        return endpoint or None
    return f"{'https' if settings.secure else 'http'}://{endpoint}"


def _credentials(settings: S3Settings) -> tuple[str | None, str | None, str | None]:
    """Return the static keys if both are given; else none, and boto3's chain finds others."""
    secretkey = settings.secretkey.get_secret_value()
    if not (settings.accesskey and secretkey):
        return None, None, None
    return settings.accesskey, secretkey, settings.sessiontoken.get_secret_value() or None
