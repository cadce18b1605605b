from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import (
    MIN_PART_SIZE,
    Location,
    NoSuchUpload,
    Part,
    SourceChanged,
    Transient,
    abort,
    complete,
    copy_part,
    create,
    head,
    list_parts,
    list_uploads,
    missing_parts,
    part_count,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SIZE = 2 * MIN_PART_SIZE + 1


def copy_in_parts(
    client: "S3Client", settings: S3Settings, here: Location, there: Location
) -> str:
    source = head(client, here)
    upload = create(client, settings, source, there)
    for number in range(1, part_count(source.size, MIN_PART_SIZE) + 1):
        copy_part(client, upload, source.pin, number, MIN_PART_SIZE)
    return complete(client, upload, list_parts(client, upload), source.size)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", None])
def test_a_copy_carries_bytes_headers_metadata_tags_and_checksum(
    client: "S3Client",
    settings: S3Settings,
    here: Location,
    there: Location,
    content: Callable[[int], bytes],
    body_of: Callable[[Location], bytes],
    algorithm: Any,
) -> None:
    body = content(SIZE)
    created = client.create_multipart_upload(
        **here.address,
        ContentType="text/x-test",
        CacheControl="max-age=1",
        ContentDisposition="inline",
        ContentEncoding="gzip",
        ContentLanguage="de",
        Expires=datetime(2030, 1, 1, tzinfo=UTC),
        Metadata={"colour": "blue"},
        Tagging="a=1&b=%26%3D%20%2B",
        **({"ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"} if algorithm else {}),
    )
    whole = {**here.address, "UploadId": created["UploadId"]}
    part = client.upload_part(**whole, PartNumber=1, Body=body)
    client.complete_multipart_upload(
        **whole, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )
    source = head(client, here)

    etag = copy_in_parts(client, settings, here, there)

    copy = head(client, there)
    assert body_of(there) == body
    assert copy.etag == etag
    assert copy.headers == source.headers
    assert copy.metadata == source.metadata
    assert copy.checksum == source.checksum
    assert (copy.checksum is not None) == (algorithm is not None)
    assert client.get_object_tagging(**there.address)["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "&= +"},
    ]
