"""The settings of a deployment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SecretBytes,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.addresses import Address, read_address
from config.broker import check_broker_url
from config.buckets import read_buckets
from config.callbacks import check_secrets, read_hosts, read_queues
from config.cloudfront import CloudFrontSettings
from config.customer_keys import read_customer_keys
from config.owners import check_known, read_owners
from config.s3 import S3Settings
from config.values import Boolean, Count, ParameterError, Parameters, Seconds, Secret

RequestPath = Literal["lean", "boto3"]


def _configured_bucket(fields: dict[str, Any]) -> frozenset[str]:
    return frozenset({fields["s3"].bucket})


class Settings(Parameters, BaseSettings):
    """All that a deployment may change; `config.load` reads it from its sources."""

    # BaseSettings validates defaults; here no value (None) asks for one.
    model_config = SettingsConfigDict(validate_default=False)

    s3: S3Settings
    """The S3 parameters."""

    cloudfront: CloudFrontSettings | None = None
    """The CloudFront options. Not set: URLs are S3's own."""

    broker_url: Secret = SecretStr("redis://localhost:6379/0")
    """The Redis of the broker, the chord counters and the journal."""

    buckets: Annotated[frozenset[str], BeforeValidator(read_buckets)] = Field(
        default_factory=_configured_bucket
    )
    """The buckets that moves may touch, separated by commas. Not set: `s3.bucket`."""

    bucket_owners: Annotated[Mapping[str, str], BeforeValidator(read_owners)] = Field(
        default_factory=dict
    )
    """The accounts of the buckets, as `bucket=account,…`: S3 refuses others. Not set: any."""

    customer_keys: Annotated[Mapping[str, SecretBytes], BeforeValidator(read_customer_keys)] = (
        Field(default_factory=dict)
    )
    """The keys of SSE-C that requests may name, as `name=<base64 of 32 bytes>,…`. Not set: none."""

    confine: Boolean = False
    """Whether `s3://` locations in `s3.bucket`, too, must lie below its `rootdirectory`."""

    verify: Literal["auto", "checksum", "read", "size"] = "auto"
    """How a copy is proven before its source is deleted. auto: by the strongest evidence."""

    part_lease: Seconds = 20.0
    """Seconds a part stays claimed by its worker, which renews the claim while it copies."""

    visibility_timeout: Count = Field(default=60, validate_default=True)
    """Seconds until an unacknowledged message is delivered again; above `part_lease`."""

    sweep_grace: Count = Field(default=90, validate_default=True)
    """Seconds a move may be quiet before it is launched again; above `visibility_timeout`."""

    sweep_interval: Count = 60
    """Seconds between two sweeps."""

    attempts: Count = 5
    """How many times in a row a move, or a part, is tried without progress before it fails."""

    record_ttl: Count = Field(default=604_800, validate_default=True)
    """Seconds the record of a finished move is kept, a week; above `sweep_grace`."""

    concurrency: Count = 32
    """The threads of one worker process."""

    request_path: RequestPath = "lean"
    """How copies are asked for. lean: without boto3's layers, in a fraction of the CPU."""

    callback_queues: Annotated[frozenset[str], BeforeValidator(read_queues)] = frozenset()
    """The queues, separated by commas, that a move's `on_end` may be sent to. Not set: none."""

    callback_attempts: Count = 12
    """How many times a callback is tried before it is given up, after about seven hours."""

    webhook_hosts: Annotated[frozenset[str], BeforeValidator(read_hosts)] = frozenset()
    """The hosts, separated by commas, that a move's `webhook` may be at. Not set: none."""

    webhook_secret: Secret = SecretStr("")
    """What signs webhooks: `whsec_…`; several, the newest first, while they are changed."""

    webhook_private: Boolean = False
    """Whether webhooks may be at private and loopback addresses."""

    health_file: Path | None = None
    """The file a worker touches while it is well. Not set: none."""

    metrics_address: Annotated[Address | None, BeforeValidator(read_address)] = None
    """Where a worker shows metrics to Prometheus, such as `127.0.0.1:9540`. Not set: nowhere."""

    log_format: Literal["text", "json"] = "text"
    """How workers and beat log. json: an object a line, with the move and its part."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # pydantic-settings names its arguments
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The library's own sources let unknown names pass, expand `${}` in secrets and forget
        # under which name a value came (2.16, 2026-11); `config.sources` does not.
        return (init_settings,)

    @field_validator("broker_url")
    @classmethod
    def _broker_is_redis(cls, url: SecretStr) -> SecretStr:
        check_broker_url(url.get_secret_value())
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _signs_webhooks(cls, secret: SecretStr) -> SecretStr:
        check_secrets(secret.get_secret_value())
        return secret

    @field_validator("bucket_owners")
    @classmethod
    def _owns_a_known_bucket(
        cls, owners: Mapping[str, str], info: ValidationInfo
    ) -> Mapping[str, str]:
        if "buckets" in info.data:
            check_known(owners, info.data["buckets"])
        return owners

    @field_validator("visibility_timeout")
    @classmethod
    def _outlives_a_lease(cls, seconds: int, info: ValidationInfo) -> int:
        return _longer(seconds, "part_lease", info)

    @field_validator("record_ttl")
    @classmethod
    def _outlives_a_sweep(cls, seconds: int, info: ValidationInfo) -> int:
        # A message that comes again after its record has gone would be a new move.
        return _longer(seconds, "sweep_grace", info)

    @field_validator("sweep_grace")
    @classmethod
    def _outlives_a_message(cls, seconds: int, info: ValidationInfo) -> int:
        return _longer(seconds, "visibility_timeout", info)


def _longer(seconds: int, shorter: str, info: ValidationInfo) -> int:
    """Refuse `seconds` not above the field `shorter`; that one is absent when it is at fault."""
    limit = info.data.get(shorter, 0)
    if seconds <= limit:
        raise ParameterError(
            f"The {info.field_name} {seconds} must be above the {shorter} {limit:g} "
            "(part_lease < visibility_timeout < sweep_grace < record_ttl)"
        )
    return seconds
