"""The S3 parameters, under the names and with the defaults of the registry."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator

from config.endpoints import (
    check_accelerate,
    check_bucket,
    check_fips,
    check_redirectendpoint,
    check_region,
    check_regionendpoint,
    check_v4auth,
)
from config.values import (
    Boolean,
    Count,
    OptionalBoolean,
    ParameterError,
    Parameters,
    Secret,
    Text,
    integer,
)

MIB = 1024**2
GIB = 1024**3

# Names and rules: distribution's s3-aws driver at 0d6b721dc3, 2026-08.
StorageClass = Literal[
    "NONE",
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "OUTPOSTS",
    "GLACIER_IR",
    "EXPRESS_ONEZONE",
]
ObjectAcl = Literal[
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
]
LogLevel = Literal[
    "off",
    "debug",
    "debugwithsigning",
    "debugwithhttpbody",
    "debugwithrequestretries",
    "debugwithrequesterrors",
    "debugwitheventstreambody",
]
PartSize = Annotated[int, integer(5 * MIB, 5 * GIB)]
CopyPartSize = Annotated[int | Literal["auto"], integer(5 * MIB, 5 * GIB, "auto")]


def _storageclass(value: object) -> object:
    name = value.upper() if isinstance(value, str) else value
    allowed = get_args(StorageClass)
    if name not in allowed:
        raise ParameterError(
            f"The storageclass parameter must be one of [{' '.join(allowed)}], {value} invalid"
        )
    return name


def _objectacl(value: object) -> object:
    if value not in get_args(ObjectAcl):
        raise ParameterError(f"Invalid value for objectacl parameter: {value}")
    return value


def _loglevel(value: object) -> object:
    level = value.lower() if isinstance(value, str) else value
    return level if level in get_args(LogLevel) else "off"


class S3Settings(Parameters):
    """Where the objects are, and how they are written."""

    accesskey: Text = ""
    """The access key. Without both keys boto3's own chain finds the credentials."""

    secretkey: Secret = SecretStr("")
    """The secret key that belongs to `accesskey`."""

    sessiontoken: Secret = SecretStr("")
    """The session token of temporary credentials. Empty: none is sent."""

    regionendpoint: Text = ""
    """The endpoint of an S3 other than Amazon's, with or without a scheme. Empty: Amazon's."""

    region: Text = Field(default="", validate_default=True)
    """The region of the bucket, such as eu-central-1. Required unless `regionendpoint` is set."""

    bucket: Text = Field(default="", validate_default=True)
    """The bucket of driver paths. Required."""

    encrypt: Boolean = False
    """Whether S3 encrypts what is written."""

    keyid: Text = ""
    """The KMS key of the encryption; ignored unless `encrypt`. Empty: AES256 with S3's key."""

    secure: Boolean = True
    """Whether an endpoint without a scheme is reached by HTTPS."""

    v4auth: Boolean = True
    """Whether requests carry the version 4 signature; Amazon S3 takes no other."""

    chunksize: PartSize = 10 * MIB
    """The bytes of one uploaded part: 5 MiB to 5 GiB."""

    multipartcopychunksize: CopyPartSize = 32 * MIB
    """The bytes of one copied part: 5 MiB to 5 GiB, or auto: by the object's size and the cap."""

    multipartcopymaxconcurrency: Count = 100
    """How many parts of one move are copied at once: 1 or more."""

    multipartcopythresholdsize: Annotated[int, integer(0, 5 * GIB)] = 32 * MIB
    """The bytes up to which an object is copied by one request: 0 to 5 GiB."""

    rootdirectory: Text = ""
    """The prefix of every driver path's key. Empty: the root of the bucket."""

    storageclass: Annotated[StorageClass, BeforeValidator(_storageclass)] = "STANDARD"
    """The storage class of what is written, in any case. NONE: no class is sent."""

    objectacl: Annotated[ObjectAcl, BeforeValidator(_objectacl)] = "private"
    """The canned ACL of what is written, in lower case."""

    forcepathstyle: OptionalBoolean = None
    """Whether the bucket is in the URL's path. Not set: exactly if `regionendpoint` is set."""

    skipverify: Boolean = False
    """Whether the endpoint's TLS certificate goes unchecked."""

    usedualstack: Boolean = False
    """Whether Amazon's IPv4 and IPv6 endpoint is used."""

    accelerate: Boolean = False
    """Whether S3 Transfer Acceleration is used."""

    usefipsendpoint: Boolean = False
    """Whether Amazon's FIPS endpoint is used."""

    useragent: Text = ""
    """What is appended to the user agent of each request."""

    loglevel: Annotated[LogLevel, BeforeValidator(_loglevel)] = "off"
    """What is logged of each request, in any case. Every other word means off."""

    redirectendpoint: Text = ""
    """The scheme and host put into presigned URLs. Empty: the endpoint's own."""

    def sse(self) -> tuple[str | None, str | None]:
        """Return the encryption mode and the KMS key to send; None is not sent."""
        if not self.encrypt:
            return None, None
        return ("aws:kms", self.keyid) if self.keyid else ("AES256", None)

    @field_validator("regionendpoint")
    @classmethod
    def _endpoint_is_a_place(cls, endpoint: str) -> str:
        if endpoint:
            check_regionendpoint(endpoint)
        return endpoint

    # `regionendpoint` stands above the fields whose checks read it here. It is absent
    # when it has a fault of its own, which is then the one to report.
    @field_validator("region")
    @classmethod
    def _region_is_known(cls, region: str, info: ValidationInfo) -> str:
        if "regionendpoint" in info.data:
            check_region(region, info.data["regionendpoint"])
        return region

    @field_validator("bucket")
    @classmethod
    def _bucket_is_given(cls, bucket: str) -> str:
        check_bucket(bucket)
        return bucket

    @field_validator("v4auth")
    @classmethod
    def _signature_is_taken(cls, v4auth: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic passes the value by position
        if "regionendpoint" in info.data:
            check_v4auth(info.data["regionendpoint"], v4auth=v4auth)
        return v4auth

    @field_validator("accelerate")
    @classmethod
    def _store_is_amazons(cls, accelerate: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic passes the value by position
        check_accelerate(info.data.get("regionendpoint", ""), accelerate=accelerate)
        return accelerate

    @field_validator("usefipsendpoint")
    @classmethod
    def _fips_is_not_sped_up(cls, fips: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic passes the value by position
        check_fips(fips=fips, accelerate=info.data.get("accelerate", False))
        return fips

    @field_validator("redirectendpoint")
    @classmethod
    def _redirect_is_a_host(cls, endpoint: str) -> str:
        if endpoint:
            check_redirectendpoint(endpoint)
        return endpoint
