"""A line in the log for each request, where `loglevel` asks for it."""

import logging
from typing import TYPE_CHECKING, Any

from config import S3Settings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

logger = logging.getLogger(__name__)


def log_requests(client: "S3Client", settings: S3Settings) -> None:
    """
    Log operation, place and status of each request at INFO.

    All levels but off do the same: what the longer names add in the registry (signatures,
    bodies) are secrets and content, which never enter a log here.
    """
    if settings.loglevel != "off":
        client.meta.events.register("before-call.s3", _log_call)
        client.meta.events.register("response-received.s3", _log_answer)


def _log_call(*, model: Any, params: dict[str, Any], **_: object) -> None:
    logger.info("%s %s %s", model.name, params["method"], params["url"].partition("?")[0])


def _log_answer(
    *, event_name: str, response_dict: dict[str, Any] | None, exception: object, **_: object
) -> None:
    operation = event_name.rpartition(".")[2]
    if response_dict is None:
        logger.info("%s failed: %s", operation, type(exception).__name__)
    else:
        logger.info("%s answered %s", operation, response_dict["status_code"])
