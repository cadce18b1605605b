"""Every source gives settings, the higher one wins, and all faults come at once."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import config.loading
from config import Settings, SettingsError, load, load_or_exit

SECRET = "hunter2"

Loaded = Callable[..., Settings]
Faults = Callable[..., list[str]]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter an empty directory, without our variables; `secrets` in it is /run/secrets."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("S3MOVER_", "REGISTRY_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(config.loading, "SECRETS_DIR", tmp_path / "secrets")
    return tmp_path


@pytest.fixture
def sources(alone: Path, needed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All sources, each with its own user agent; returns them, the highest first."""
    secrets = alone / "secrets"
    secrets.mkdir()
    (secrets / "s3mover_s3_useragent").write_text("secrets\n")
    (alone / ".env").write_text("S3MOVER_S3_USERAGENT=dotenv\n")
    (alone / "mover.yaml").write_text("s3: {useragent: yaml}\n")
    given = needed | {
        "S3MOVER_CONFIG": "mover.yaml",
        "S3MOVER_S3_USERAGENT": "environment",
        "REGISTRY_STORAGE_S3_USERAGENT": "registry",
    }
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    return ["environment", "dotenv", "secrets", "yaml", "registry", ""]


def test_the_higher_source_wins(
    sources: list[str], alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove: list[Callable[[], None]] = [
        lambda: monkeypatch.delenv("S3MOVER_S3_USERAGENT"),
        (alone / ".env").unlink,
        (alone / "secrets" / "s3mover_s3_useragent").unlink,
        lambda: monkeypatch.delenv("S3MOVER_CONFIG"),
        lambda: monkeypatch.delenv("REGISTRY_STORAGE_S3_USERAGENT"),
    ]

    found = [load().s3.useragent]
    for remove_highest in remove:
        remove_highest()
        found.append(load().s3.useragent)

    assert found == sources


def test_an_explicit_mapping_is_all_that_is_read(
    sources: list[str], needed: dict[str, str]
) -> None:
    assert load(needed).s3.useragent == ""


def test_a_named_dotenv_is_read_beside_a_mapping(alone: Path, needed: dict[str, str]) -> None:
    path = alone / "mine.env"
    path.write_text("S3MOVER_ATTEMPTS=9\nSTRANGER=1\n")

    assert load(needed, dotenv=path).attempts == 9


def test_a_dotenv_is_not_expanded(alone: Path, needed: dict[str, str]) -> None:
    path = alone / ".env"
    path.write_text("S3MOVER_S3_SECRETKEY='a${HOME}b'\nS3MOVER_S3_ACCESSKEY=0123\n")

    s3 = load(needed, dotenv=path).s3

    assert (s3.secretkey.get_secret_value(), s3.accesskey) == ("a${HOME}b", "0123")


def test_a_dotenv_may_name_the_other_sources(alone: Path, needed: dict[str, str]) -> None:
    (alone / "mover.yaml").write_text("attempts: 9\n")
    (alone / "mine.env").write_text(f"S3MOVER_CONFIG={alone / 'mover.yaml'}\n")

    assert load(needed, dotenv=alone / "mine.env").attempts == 9


def test_a_secret_is_read_from_its_file(alone: Path, loaded: Loaded) -> None:
    (alone / "s3mover_s3_secretkey").write_text("0123\r\n")
    (alone / "another_service").write_text("x")

    given = loaded(SECRETS_DIR=str(alone))

    assert given.s3.secretkey.get_secret_value() == "0123"


def test_the_file_of_a_secret_may_be_in_upper_case(alone: Path, loaded: Loaded) -> None:
    (alone / "S3MOVER_VERIFY").write_text("read")

    assert loaded(SECRETS_DIR=str(alone)).verify == "read"


@pytest.mark.parametrize("line", ['S3MOVER_VERIFY="read', "S3MOVER_VERIFY: read"])
def test_a_line_of_a_dotenv_that_is_none_is_a_fault(
    alone: Path, needed: dict[str, str], line: str
) -> None:
    dotenv = alone / "mine.env"
    dotenv.write_text(f"# mine\nS3MOVER_ATTEMPTS=9\n{line}\n")

    with pytest.raises(SettingsError, match=r"mine\.env: line 3 is not NAME=value"):
        load(needed, dotenv=dotenv)


def test_a_yaml_file_gives_every_kind_of_setting(alone: Path) -> None:
    (alone / "mover.yaml").write_text(
        "attempts: 9\n"
        "part_lease: 1.5\n"
        "buckets: [one, two]\n"
        "verify:\n"
        "s3:\n"
        "  bucket: photos\n"
        "  region: eu-central-1\n"
        "  accesskey: 0123\n"
        "  chunksize: 0x500000\n"
        "  secure: no\n"
        "  loglevel: off\n"
    )

    given = load({"S3MOVER_CONFIG": str(alone / "mover.yaml")})

    assert (given.attempts, given.part_lease, given.verify) == (9, 1.5, "auto")
    assert given.buckets == {"one", "two"}
    assert (given.s3.accesskey, given.s3.chunksize) == ("0123", 5242880)
    assert (given.s3.secure, given.s3.loglevel) == (False, "off")


@pytest.mark.parametrize("text", ["", "s3:\n", "# nothing\n"])
def test_an_empty_yaml_file_gives_nothing(alone: Path, loaded: Loaded, text: str) -> None:
    (alone / "mover.yaml").write_text(text)

    assert loaded(CONFIG=str(alone / "mover.yaml")) == loaded()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("secretkey", "0123", "0123"),
        ("keyid", "yes", "yes"),
        ("accesskey", "1e5", "1e5"),
        ("rootdirectory", "ab: c", "ab: c"),
        ("storageclass", "", "STANDARD"),
        ("chunksize", "0x500000", 5242880),
        ("chunksize", '"5242880"', 5242880),
        ("chunksize", "", 10485760),
        ("secure", "no", False),
        ("secure", "~", True),
    ],
)
def test_the_registrys_variables_are_read_as_it_reads_them(
    needed: dict[str, str], name: str, text: str, value: object
) -> None:
    s3 = load(needed | {f"REGISTRY_STORAGE_S3_{name.upper()}": text}).s3

    found = getattr(s3, name)
    assert (s3.secretkey.get_secret_value() if name == "secretkey" else found) == value


def test_the_registrys_variables_suffice() -> None:
    given = load(
        {
            "REGISTRY_STORAGE_S3_BUCKET": "photos",
            "REGISTRY_STORAGE_S3_REGION": "eu-central-1",
            "REGISTRY_STORAGE_S3_NEWNAME": "ignored as the registry does",
            "REGISTRY_HTTP_ADDR": ":5000",
        }
    )

    assert given.s3.bucket == "photos"


def test_a_bad_value_of_the_registrys_is_named_as_typed(needed: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(needed | {"REGISTRY_STORAGE_S3_CHUNKSIZE": "[5"})

    assert caught.value.faults == [
        "REGISTRY_STORAGE_S3_CHUNKSIZE: chunksize parameter must be an integer, [5 invalid"
    ]


@pytest.mark.parametrize(
    "name", ["S3_CHUNKSIZE", "S3_SECURE", "S3_FORCEPATHSTYLE", "PART_LEASE", "HEALTH_FILE"]
)
def test_an_empty_variable_means_the_default(loaded: Loaded, name: str) -> None:
    assert loaded(**{name: ""}) == loaded()


def test_an_empty_variable_hides_a_lower_source(alone: Path, loaded: Loaded) -> None:
    (alone / "mover.yaml").write_text("attempts: 9\n")

    assert loaded(CONFIG=str(alone / "mover.yaml"), ATTEMPTS="").attempts == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attempts: 0\n", "attempts in {path}: The attempts 0 parameter should be"),
        ("s3: {chunksize: 5}\n", "s3.chunksize in {path}: The chunksize 5 parameter should be"),
        ("brokr_url: x\n", "brokr_url in {path}: unknown setting, did you mean broker_url?"),
        ("s3: {keyd: x}\n", "s3.keyd in {path}: unknown setting, did you mean s3.keyid?"),
        ("s3: photos\n", "s3 in {path}: should be a mapping of s3 parameters"),
        ("- a\n", "{path}: should be a mapping of settings"),
        ("a: [\n", "S3MOVER_CONFIG: cannot read {path}: not valid YAML at line 2, column 1"),
        ("a: \ud800", "S3MOVER_CONFIG: cannot read {path}: not UTF-8 text"),
    ],
)
def test_a_fault_in_the_yaml_file_is_named_as_typed(
    alone: Path, faults: Faults, text: str, expected: str
) -> None:
    path = alone / "mover.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    (only,) = faults(CONFIG=str(path))

    assert only.startswith(expected.format(path=path))


def test_a_fault_in_a_dotenv_or_secret_is_named_as_typed(
    alone: Path, needed: dict[str, str]
) -> None:
    (alone / "s3mover_s3_secure").write_text("maybe\n")
    (alone / "s3mover_s3_secretky").write_text(SECRET)
    (alone / "mine.env").write_text("S3MOVER_ATTEMPTS=0\nS3MOVER_ATTEMPT=1\n")

    with pytest.raises(SettingsError) as caught:
        load(needed | {"S3MOVER_SECRETS_DIR": str(alone)}, dotenv=alone / "mine.env")

    unknown_in_env, unknown_secret, secure, attempts = caught.value.faults
    assert unknown_in_env.startswith(f"S3MOVER_ATTEMPT in {alone}/mine.env: unknown setting")
    assert unknown_secret.startswith(f"{alone}/s3mover_s3_secretky: unknown setting")
    assert secure.startswith(f"{alone}/s3mover_s3_secure: The secure parameter should be")
    assert attempts.startswith(f"S3MOVER_ATTEMPTS in {alone}/mine.env: The attempts 0 parameter")


@pytest.mark.parametrize("name", ["CONFIG", "SECRETS_DIR"])
def test_a_source_that_is_named_must_be_there(faults: Faults, name: str) -> None:
    assert faults(**{name: "/nowhere"}) == [
        f"S3MOVER_{name}: cannot read /nowhere: No such file or directory"
    ]


def test_a_dotenv_that_is_named_must_be_there(needed: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"/nowhere: No such file or directory"):
        load(needed, dotenv=Path("/nowhere"))


def test_all_faults_of_all_sources_come_at_once(alone: Path) -> None:
    (alone / "mover.yaml").write_text("attempts: 0\ns3: {keyd: x}\n")

    with pytest.raises(SettingsError) as caught:
        load(
            {
                "S3MOVER_CONFIG": str(alone / "mover.yaml"),
                "S3MOVER_S3_CHUNKSIZE": "5",
                "S3MOVER_VERIFY": "maybe",
                "S3MOVER_PART_LEASE": "500",
                "S3MOVER_BROKR_URL": "x",
                "REGISTRY_STORAGE_S3_SECURE": "maybe",
            }
        )

    assert [fault.split(":")[0].split(" ")[0] for fault in caught.value.faults] == [
        "S3MOVER_BROKR_URL",
        "s3.keyd",
        "S3MOVER_S3_REGION",
        "S3MOVER_S3_BUCKET",
        "REGISTRY_STORAGE_S3_SECURE",
        "S3MOVER_S3_CHUNKSIZE",
        "S3MOVER_VERIFY",
        "S3MOVER_VISIBILITY_TIMEOUT",
        "attempts",
    ]
    assert str(caught.value) == "\n".join(caught.value.faults)


def test_a_fault_is_one_line(faults: Faults) -> None:
    assert faults(S3_OBJECTACL="a\nb") == [
        "S3MOVER_S3_OBJECTACL: Invalid value for objectacl parameter: a b"
    ]


def test_faults_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(SettingsError(["a", "b"])))  # noqa: S301  # made here

    assert error.faults == ["a", "b"]


def test_faults_end_the_program_with_a_line_each(
    alone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("S3MOVER_S3_REGION", "eu-central-1")
    monkeypatch.setenv("S3MOVER_ATTEMPTS", "many")

    with pytest.raises(SystemExit) as ended:
        load_or_exit()

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "S3MOVER_S3_BUCKET: No bucket parameter provided\n"
        "S3MOVER_ATTEMPTS: attempts parameter must be an integer, many invalid\n"
    )


def test_a_program_without_faults_goes_on(sources: list[str]) -> None:
    assert load_or_exit() == load()


def test_a_secret_is_in_no_text_of_the_settings(loaded: Loaded) -> None:
    given = loaded(
        S3_SECRETKEY=SECRET, S3_SESSIONTOKEN=SECRET, BROKER_URL=f"redis://:{SECRET}@redis"
    )

    assert given.s3.secretkey.get_secret_value() == SECRET
    for text in (repr(given), str(given), str(given.model_dump()), given.model_dump_json()):
        assert SECRET not in text


@pytest.mark.parametrize(
    "section",
    [
        f"secretkey: [{SECRET}]",
        f"sessiontoken: {{{SECRET}: x}}",
        f"secretkey: *{SECRET}",
        f"secretkey: !{SECRET} x",
        f"secretkey: {SECRET}: x",
    ],
)
def test_a_secret_is_in_no_fault_of_the_yaml_file(
    alone: Path, faults: Faults, section: str
) -> None:
    (alone / "mover.yaml").write_text(f"s3:\n  {section}\n")

    found = faults(CONFIG=str(alone / "mover.yaml"), BROKER_URL=f"redis://:{SECRET}/@redis")

    assert SECRET not in "".join(found)


def test_a_secret_is_in_no_error_behind_a_fault(needed: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(needed | {"S3MOVER_S3_SECRETKEY": SECRET, "S3MOVER_ATTEMPTS": "0"})

    assert SECRET not in repr(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_variable_by_which_celery_would_take_another_broker_is_refused(
    needed: dict[str, str],
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            needed
            | {"CELERY_BROKER_URL": "redis://:hunter2@elsewhere", "CELERY_RESULT_BACKEND": ""}
        )

    assert caught.value.faults == [
        "CELERY_BROKER_URL: unset it; it would override S3MOVER_BROKER_URL"
    ]


CLOUDFRONT = {"BASEURL": "example.com", "PRIVATEKEY": "/key.pem", "KEYPAIRID": "0123"}


def test_cloudfront_has_variables_too(loaded: Loaded) -> None:
    given = loaded(**{f"CLOUDFRONT_{name}": text for name, text in CLOUDFRONT.items()})

    assert given.cloudfront is not None
    assert (given.cloudfront.baseurl, given.cloudfront.keypairid) == (
        "https://example.com/",
        "0123",
    )


def test_cloudfront_is_a_section_of_the_yaml_file(alone: Path, loaded: Loaded) -> None:
    (alone / "mover.yaml").write_text(
        "cloudfront: {baseurl: example.com, privatekey: /key.pem, keypairid: 0123}\n"
    )

    given = loaded(CONFIG=str(alone / "mover.yaml"), CLOUDFRONT_DURATION="5m")

    assert given.cloudfront is not None
    assert given.cloudfront.keypairid == "0123"
    assert given.cloudfront.duration.total_seconds() == 300


def test_empty_variables_are_no_cloudfront(loaded: Loaded) -> None:
    assert loaded(**{f"CLOUDFRONT_{name}": "" for name in CLOUDFRONT}).cloudfront is None


def test_half_a_cloudfront_is_a_fault(faults: Faults) -> None:
    assert faults(CLOUDFRONT_BASEURL="example.com", CLOUDFRONT_BASE_URL="x") == [
        "S3MOVER_CLOUDFRONT_BASE_URL: unknown setting, did you mean S3MOVER_CLOUDFRONT_BASEURL?",
        "S3MOVER_CLOUDFRONT_PRIVATEKEY: no privatekey provided",
        "S3MOVER_CLOUDFRONT_KEYPAIRID: no keypairid provided",
    ]


def test_a_registrys_file_is_read_only_where_the_mapping_names_it(
    alone: Path, needed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (alone / "config.yml").write_text("storage: {s3: {useragent: registry}}\n")
    monkeypatch.setenv("REGISTRY_CONFIGURATION_PATH", "config.yml")

    named = {"REGISTRY_CONFIGURATION_PATH": "config.yml"}

    assert load(needed).s3.useragent == ""
    assert load(needed | named).s3.useragent == "registry"


@pytest.mark.parametrize("start", ["...\n", "# mine\n\n...\n", "\ufeff...\r\n", "---\n"])
def test_a_document_may_begin_with_its_marks(alone: Path, loaded: Loaded, start: str) -> None:
    (alone / "mover.yaml").write_text(f"{start}attempts: 9\n...\n", encoding="utf-8")

    assert loaded(CONFIG=str(alone / "mover.yaml")).attempts == 9
