"""The storage driver that the settings describe."""

from config import Settings
from driver.base import StorageDriver
from driver.cloudfront import CloudFront
from driver.storage import S3Driver


def open_driver(settings: Settings) -> StorageDriver:
    """Return the S3 driver, inside the middleware if the settings have one."""
    storage = S3Driver(settings.s3, settings.bucket_owners)
    return CloudFront(storage, settings.cloudfront) if settings.cloudfront else storage
