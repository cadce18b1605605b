"""The listings: pages of at most a thousand entries."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote
from xml.sax.saxutils import escape

from bench.model.answers import document, etag_element, xml_date
from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.store import Part, S3Object, Store, Upload

PAGE = 1000


def list_objects(store: Store, request: Request) -> bytes:
    """ListObjectsV2; with a delimiter, what is below a common prefix is that prefix alone."""
    objects = store.objects(request.bucket)
    query, limit = request.query, _limit(request, "max-keys")
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    token = query.get("continuation-token")
    after = _decode(token) if token else query.get("start-after", "")
    names = _grouped(objects.below(prefix, after), len(prefix), delimiter)
    found = list(islice((name for name in names if name > after), limit + 1))
    page, more = found[:limit], len(found) > limit > 0
    encode = quote if query.get("encoding-type") == "url" else escape
    entries = (
        f"<CommonPrefixes><Prefix>{encode(name)}</Prefix></CommonPrefixes>"
        if delimiter and delimiter in name[len(prefix) :]
        else _object(encode(name), objects[name])
        for name in page
    )
    return document(
        "ListBucketResult",
        f"<Name>{request.bucket}</Name><Prefix>{encode(prefix)}</Prefix>"
        f"<KeyCount>{len(page)}</KeyCount><MaxKeys>{limit}</MaxKeys>{_truncated(more)}"
        + ("<EncodingType>url</EncodingType>" if encode is quote else "")
        + (_next_token(page[-1]) if more else "")
        + "".join(entries),
    )


def _grouped(keys: Iterator[str], start: int, delimiter: str) -> Iterator[str]:
    """Return the keys, those with a delimiter behind the prefix as their common prefix, once."""
    last = ""
    for key in keys:
        end = key.find(delimiter, start) + len(delimiter) if delimiter else 0
        name = key[:end] if end >= len(delimiter) > 0 else key
        if name != last:
            yield name
        last = name


def list_parts(store: Store, request: Request) -> bytes:
    upload = store.upload(request)
    marker, limit = request.integer("part-number-marker", 0), _limit(request, "max-parts")
    numbers = sorted(number for number in upload.parts if number > marker)
    page = numbers[:limit]
    more = len(page) < len(numbers)
    last = page[-1] if page else 0
    entries = "".join(_part(number, upload.parts[number]) for number in page)
    return document(
        "ListPartsResult",
        f"<Bucket>{upload.bucket}</Bucket><Key>{escape(upload.key)}</Key>"
        f"<UploadId>{upload.id}</UploadId><PartNumberMarker>{marker}</PartNumberMarker>"
        f"<NextPartNumberMarker>{last}</NextPartNumberMarker><MaxParts>{limit}</MaxParts>"
        f"{_truncated(more)}{entries}<StorageClass>STANDARD</StorageClass>",
    )


def list_uploads(store: Store, request: Request) -> bytes:
    """ListMultipartUploads: by key, then in the order they were initiated."""
    store.objects(request.bucket)
    query, limit = request.query, _limit(request, "max-uploads")
    prefix, key, marker = (
        query.get(name, "") for name in ("prefix", "key-marker", "upload-id-marker")
    )
    # A key marker without an upload id marker stands for all uploads of that key.
    after = (key, marker or ("\uffff" if key else ""))
    uploads = [
        upload
        for upload in store.uploads.values()
        if upload.bucket == request.bucket
        and upload.key.startswith(prefix)
        and (upload.key, upload.id) > after
    ]
    uploads.sort(key=lambda upload: (upload.key, upload.id))
    page = uploads[:limit]
    more = bool(page) and len(page) < len(uploads)
    return document(
        "ListMultipartUploadsResult",
        f"<Bucket>{request.bucket}</Bucket><Prefix>{escape(prefix)}</Prefix>"
        f"<MaxUploads>{limit}</MaxUploads>{_truncated(more)}{_markers(page[-1]) if more else ''}"
        + "".join(_upload(upload) for upload in page),
    )


def _limit(request: Request, name: str) -> int:
    return min(request.integer(name, PAGE), PAGE)


def _truncated(more: bool) -> str:  # noqa: FBT001  the element's whole content
    return f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>"


def _next_token(key: str) -> str:
    token = urlsafe_b64encode(key.encode()).decode()
    return f"<NextContinuationToken>{token}</NextContinuationToken>"


def _decode(token: str) -> str:
    try:
        return urlsafe_b64decode(token).decode()
    except ValueError as error:
        raise S3Error("InvalidArgument", "The continuation token provided is incorrect") from error


def _object(key: str, found: S3Object) -> str:
    kind = found.headers.get("x-amz-storage-class", "STANDARD")
    return (
        f"<Contents><Key>{key}</Key><LastModified>{xml_date(found.modified)}</LastModified>"
        f"{etag_element(found.etag)}<Size>{found.size}</Size>"
        f"<StorageClass>{kind}</StorageClass></Contents>"
    )


def _part(number: int, part: Part) -> str:
    return (
        f"<Part><PartNumber>{number}</PartNumber><LastModified>{xml_date(part.modified)}"
        f"</LastModified>{etag_element(part.etag)}<Size>{part.size}</Size></Part>"
    )


def _markers(upload: Upload) -> str:
    return (
        f"<NextKeyMarker>{escape(upload.key)}</NextKeyMarker>"
        f"<NextUploadIdMarker>{upload.id}</NextUploadIdMarker>"
    )


def _upload(upload: Upload) -> str:
    return (
        f"<Upload><Key>{escape(upload.key)}</Key><UploadId>{upload.id}</UploadId>"
        "<StorageClass>STANDARD</StorageClass>"
        f"<Initiated>{xml_date(upload.initiated)}</Initiated></Upload>"
    )
