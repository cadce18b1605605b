"""What a deployment may change, read once at the edge."""

from config.cloudfront import CloudFrontSettings
from config.errors import SettingsError
from config.loading import load, load_or_exit
from config.s3 import S3Settings
from config.settings import RequestPath, Settings

__all__ = [
    "CloudFrontSettings",
    "RequestPath",
    "S3Settings",
    "Settings",
    "SettingsError",
    "load",
    "load_or_exit",
]
