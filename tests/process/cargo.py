"""Objects for a rig to move: of any size, name and attributes, or of very many parts."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.process.rig import PART, Goods, Rig

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CompletedPartTypeDef

LINE = 32
SEEDS = 7  # so that parts which change places are noticed


def text(size: int, seed: int = 0) -> bytes:
    """Return equal lines: SeaweedFS stores them in little space, and copies them quickly."""
    return (_line(seed) * (size // LINE + 1))[:size]


def put(
    rig: Rig,
    body: bytes,
    *,
    source: str | None = None,
    destination: str | None = None,
    **attributes: Any,
) -> Goods:
    """Write an object under keys that no other test uses, unless they are given."""
    name = uuid.uuid4().hex
    source, destination = source or f"{name}/source", destination or f"{name}/destination"
    rig.s3.put_object(Bucket=rig.bucket, Key=source, Body=body, **attributes)
    return Goods(rig.bucket, source, destination, body)


def build(rig: Rig, parts: int) -> Goods:
    """Write an object of so many full parts, inside S3; its bytes stay there."""
    name = uuid.uuid4().hex
    goods = Goods(rig.bucket, f"{name}/source", f"{name}/destination", b"")
    for seed in range(SEEDS):
        rig.s3.put_object(Bucket=goods.bucket, Key=f"{name}/{seed}", Body=text(PART, seed))
    upload = rig.s3.create_multipart_upload(Bucket=goods.bucket, Key=goods.source)["UploadId"]

    def copy(number: int) -> "CompletedPartTypeDef":
        answer = rig.s3.upload_part_copy(
            Bucket=goods.bucket,
            Key=goods.source,
            UploadId=upload,
            PartNumber=number,
            CopySource={"Bucket": goods.bucket, "Key": f"{name}/{number % SEEDS}"},
        )
        return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}

    with ThreadPoolExecutor(8) as pool:
        copied = list(pool.map(copy, range(1, parts + 1)))
    rig.s3.complete_multipart_upload(
        Bucket=goods.bucket,
        Key=goods.source,
        UploadId=upload,
        MultipartUpload={"Parts": copied},
    )
    return goods


def assert_built(rig: Rig, goods: Goods, parts: int, *, every: int = 1) -> None:
    """Check the destination of what was built: its size, and both ends of some of its parts."""
    found = rig.s3.head_object(Bucket=goods.bucket, Key=goods.destination)
    assert found["ContentLength"] == parts * PART
    for number in range(1, parts + 1, every):
        for first in ((number - 1) * PART, number * PART - LINE):
            assert _read(rig, goods, first) == _line(number % SEEDS), number


def _read(rig: Rig, goods: Goods, first: int) -> bytes:
    byte_range = f"bytes={first}-{first + LINE - 1}"
    answer = rig.s3.get_object(Bucket=goods.bucket, Key=goods.destination, Range=byte_range)
    return answer["Body"].read()


def _line(seed: int) -> bytes:
    return b"%031d\n" % seed
