"""A registry's own configuration, as its users have it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings, SettingsError, load

SEED = """...
storage:
  s3:
    region: us-east-1
    bucket: docker.myregistry.com
middleware:
  storage:
    - name: cloudfront
      options:
        baseurl: https://abcdefghijklmn.cloudfront.net/
        privatekey: /etc/docker/cloudfront/pk-ABCEDFGHIJKLMNOPQRST.pem
        keypairid: ABCEDFGHIJKLMNOPQRST
...
"""

FULL = """
version: 0.1
log: {level: debug, fields: {service: registry}}
storage:
  s3:
    accesskey: 0123
    secretkey: 1e5
    region: us-west-1
    regionendpoint: http://myobjects.local
    bucket: bucketname
    encrypt: true
    keyid: mykeyid
    secure: true
    v4auth: true
    chunksize: 5242880
    multipartcopychunksize: 33554432
    multipartcopymaxconcurrency: 50
    multipartcopythresholdsize: "0x2000000"
    rootdirectory: /s3/object/name/prefix
    storageclass: standard_ia
    objectacl: private
    loglevel: off
    whatever: ignored
  delete: {enabled: true}
  redirect: {disable: false}
  cache: {blobdescriptor: inmemory}
  maintenance: {uploadpurging: {enabled: true, age: 168h}}
http: {addr: ":5000", headers: {X-Content-Type-Options: [nosniff]}}
health: {storagedriver: {enabled: true, interval: 10s, threshold: 3}}
"""

Load = Callable[..., Settings]


@pytest.fixture
def registry(tmp_path: Path) -> Load:
    """Return a function that loads a registry's file, with variables."""

    def registry(text: str, **variables: str) -> Settings:
        path = tmp_path / "config.yml"
        path.write_text(text)
        return load({"REGISTRY_CONFIGURATION_PATH": str(path)} | variables)

    return registry


def test_the_seed_documents_example_loads_unchanged(registry: Load) -> None:
    settings = registry(SEED)

    assert (settings.s3.region, settings.s3.bucket) == ("us-east-1", "docker.myregistry.com")
    assert settings.cloudfront is not None
    assert settings.cloudfront.baseurl == "https://abcdefghijklmn.cloudfront.net/"
    assert settings.cloudfront.privatekey.endswith("pk-ABCEDFGHIJKLMNOPQRST.pem")
    assert settings.cloudfront.keypairid == "ABCEDFGHIJKLMNOPQRST"
    assert settings.cloudfront.duration == timedelta(minutes=20)


def test_our_own_variable_may_name_a_registrys_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(SEED)

    settings = load({"S3MOVER_CONFIG": str(path), "REGISTRY_STORAGE_S3_BUCKET": "other"})

    assert settings.s3.bucket == "other"


def test_a_whole_configuration_loads_with_its_texts_as_they_are_typed(registry: Load) -> None:
    s3 = registry(FULL).s3

    assert (s3.accesskey, s3.secretkey.get_secret_value()) == ("0123", "1e5")
    assert s3.multipartcopymaxconcurrency == 50
    assert s3.multipartcopythresholdsize == 32 * 1024**2
    assert s3.storageclass == "STANDARD_IA"
    assert s3.loglevel == "off"
    assert s3.rootdirectory == "/s3/object/name/prefix"


def test_variables_go_before_the_file_list_indexes_included(registry: Load) -> None:
    settings = registry(
        SEED,
        REGISTRY_STORAGE_S3_CHUNKSIZE="6000000",
        REGISTRY_STORAGE_S3_SECRETKEY="*ab: {c",
        REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_DURATION="3000s",
        REGISTRY_HTTP_ADDR=":5000",
        registry_storage_s3_bucket="not-a-registrys",
    )

    assert settings.s3.chunksize == 6_000_000
    assert settings.s3.secretkey.get_secret_value() == "*ab: {c"
    assert settings.cloudfront is not None
    assert settings.cloudfront.duration == timedelta(seconds=3000)
    assert settings.s3.bucket == "docker.myregistry.com"


def test_our_own_variables_go_before_a_registrys(registry: Load) -> None:
    settings = registry(
        SEED,
        REGISTRY_STORAGE_S3_BUCKET="registrys",
        S3MOVER_S3_BUCKET="ours",
        S3MOVER_CLOUDFRONT_KEYPAIRID="ours",
    )

    assert settings.s3.bucket == "ours"
    assert settings.cloudfront is not None
    assert settings.cloudfront.keypairid == "ours"


def test_variables_alone_make_a_configuration() -> None:
    settings = load(
        {
            "REGISTRY_STORAGE": "s3",
            "REGISTRY_STORAGE_S3_REGION": "us-east-1",
            "REGISTRY_STORAGE_S3_BUCKET": "bucket",
            "REGISTRY_MIDDLEWARE_STORAGE_0_NAME": "cloudfront",
            "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_BASEURL": "example.com",
            "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_PRIVATEKEY": "/key.pem",
            "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_KEYPAIRID": "test",
        }
    )

    assert settings.s3.bucket == "bucket"
    assert settings.cloudfront is not None
    assert settings.cloudfront.baseurl == "https://example.com/"


def test_a_variable_of_the_section_replaces_it(registry: Load) -> None:
    with pytest.raises(SettingsError, match="No region parameter provided"):
        registry(SEED, REGISTRY_STORAGE="s3")


@pytest.mark.parametrize(
    ("change", "variables", "fault"),
    [
        (("version: 0.1", "version: 0.2"), {}, "version in .*: unsupported version"),
        (
            ("  s3:", "  filesystem: {}\n  s3:"),
            {},
            "Provided: .filesystem s3",
        ),
        (("  s3:", "  filesystem:"), {}, "s3mover needs the storage driver s3"),
        (("storage:", "nothing:"), {}, "no storage configuration provided"),
        (("chunksize: 5242880", "chunksize: 5MB"), {}, r"storage.s3.chunksize in .*5MB invalid"),
        (("encrypt: true", "encrypt: 1.5"), {}, "encrypt parameter should be a boolean"),
        (
            ("", ""),
            {"REGISTRY_STORAGE_S3_CHUNKSIZE": "1"},
            "^REGISTRY_STORAGE_S3_CHUNKSIZE",
        ),
        (("", ""), {"REGISTRY_STORAGE_INMEMORY": "{}"}, "exactly one storage type"),
        (
            ("", ""),
            {"REGISTRY_MIDDLEWARE_STORAGE_1_NAME": "cloudfront"},
            "REGISTRY_MIDDLEWARE_STORAGE_1_NAME: undefined index",
        ),
        (
            ("", ""),
            {"REGISTRY_MIDDLEWARE_STORAGE_X_NAME": "cloudfront"},
            "REGISTRY_MIDDLEWARE_STORAGE_X_NAME: non-numeric index",
        ),
        (
            ("", ""),
            {"REGISTRY_MIDDLEWARE_STORAGE_0_NAME": "redirect"},
            "no storage middleware registered with name: redirect",
        ),
        (
            ("", ""),
            {"REGISTRY_MIDDLEWARE_STORAGE_0_NAME": "cloudfront"},
            "no baseurl provided",
        ),
    ],
)
def test_a_fault_is_told_by_the_name_that_the_user_typed(
    registry: Load, change: tuple[str, str], variables: dict[str, str], fault: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        registry(FULL.replace(*change, 1), **variables)

    assert any(re.search(fault, each) for each in caught.value.faults), caught.value.faults
    assert "1e5" not in str(caught.value)


def test_a_number_without_a_unit_is_no_duration(registry: Load) -> None:
    text = SEED.replace("        keypairid", "        duration: 3000\n        keypairid")

    with pytest.raises(SettingsError, match=r"invalid duration: 3000; .* such as 3000s"):
        registry(text)


@pytest.mark.parametrize("text", ["[", "- a", "a", "storage: [s3]", "storage: {s3: text}"])
def test_a_file_that_is_no_configuration_is_a_fault_of_its_own(registry: Load, text: str) -> None:
    with pytest.raises(SettingsError, match=r"config\.yml"):
        registry(text)


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(SettingsError, match="/no/such"):
        load({"REGISTRY_CONFIGURATION_PATH": "/no/such.yml"})
