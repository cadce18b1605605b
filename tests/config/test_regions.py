"""The known regions are those of the AWS SDK that is installed for the tests."""

from botocore.session import Session

from config.regions import REGIONS


def test_every_region_the_sdk_knows_is_known() -> None:
    session = Session()

    partitions = session.get_available_partitions()
    sdk = {name for part in partitions for name in session.get_available_regions("s3", part)}

    assert sdk <= REGIONS
