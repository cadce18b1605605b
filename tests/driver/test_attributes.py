import pytest

from config import S3Settings
from driver.attributes import policy


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"StorageClass": "STANDARD", "ACL": "private"}),
        (
            {"storageclass": "none", "objectacl": "bucket-owner-read"},
            {"ACL": "bucket-owner-read"},
        ),
        (
            {"storageclass": "STANDARD_IA", "encrypt": True},
            {"StorageClass": "STANDARD_IA", "ACL": "private", "ServerSideEncryption": "AES256"},
        ),
        (
            {"storageclass": "NONE", "encrypt": True, "keyid": "k"},
            {"ACL": "private", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k"},
        ),
        ({"storageclass": "NONE", "keyid": "k"}, {"ACL": "private"}),
    ],
)
def test_a_write_is_told_only_what_the_settings_demand(
    parameters: dict[str, object], expected: dict[str, str]
) -> None:
    settings = S3Settings.model_validate({"region": "us-east-1", "bucket": "b", **parameters})

    assert policy(settings) == expected
