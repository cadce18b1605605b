"""
Copies without boto3's layers: the same request, built, signed, sent and read in a tenth of the CPU.

boto3 stays the reference and the judge. A kind of request goes this way once it has come out here,
byte for byte, as botocore prepares it, its signature included. Of what comes back only a plain
good answer is read here; any other, and any broken connection, is given to boto3 as what its
first attempt has met, and boto3 parses it, waits, asks again and raises as ever.
"""

from typing import TYPE_CHECKING

from driver.lean.copies import LeanCopy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

COPIES = {"copy_object": "CopyObject", "upload_part_copy": "UploadPartCopy"}


def go_lean(client: "S3Client") -> None:
    """Have this client make its copies without boto3's layers; call it after other hooks are on."""
    for method, operation in COPIES.items():
        setattr(client, method, LeanCopy(client, operation, getattr(client, method)))
