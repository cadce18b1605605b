"""The errors of S3 that the model knows, by S3's codes."""

from collections.abc import Mapping

KNOWN: Mapping[str, tuple[int, str]] = {
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size"),
    "EntityTooSmall": (400, "Your proposed upload is smaller than the minimum allowed size"),
    "InvalidArgument": (400, "Invalid Argument"),
    "InvalidPart": (
        400,
        "One or more of the specified parts could not be found, or its entity tag differs.",
    ),
    "InvalidPartOrder": (400, "The list of parts was not in ascending order."),
    "InvalidRequest": (400, "Invalid Request"),
    "MalformedXML": (400, "The XML you provided was not well-formed"),
    "MissingContentLength": (411, "You must provide the Content-Length HTTP header."),
    "NoSuchBucket": (404, "The specified bucket does not exist"),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchUpload": (
        404,
        "The specified upload does not exist: aborted, completed, or never created.",
    ),
    "NoSuchVersion": (404, "The specified version does not exist."),
    "NotImplemented": (501, "The model does not know what this request asks for"),
    "NotModified": (304, "Not Modified"),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold"),
}


class S3Error(Exception):
    """An answer that is an error; `message` is S3's own unless another is given."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.status, known = KNOWN[code]
        self.message = message or known
        super().__init__(code, self.message)
