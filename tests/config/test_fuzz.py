"""Variables of any value: the settings are loaded, or every fault is a readable line."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import SettingsError, load
from config.names import VARIABLES

NEEDED = {"S3MOVER_S3_BUCKET": "photos", "S3MOVER_S3_REGION": "eu-central-1"}
PLACES = {"S3MOVER_CONFIG", "S3MOVER_SECRETS_DIR"}
REGISTRYS = ["REGISTRY_STORAGE", "REGISTRY_STORAGE_S3", "REGISTRY_MIDDLEWARE_STORAGE_0_NAME"]
REGISTRYS += [f"REGISTRY_STORAGE_S3_{name}" for name in ("BUCKET", "REGION", "CHUNKSIZE", "SECURE")]

SECRET = "redis://:hunter2@["
SECRETS = {
    "S3MOVER_BROKER_URL",
    "S3MOVER_S3_SECRETKEY",
    "S3MOVER_S3_SESSIONTOKEN",
    "S3MOVER_CUSTOMER_KEYS",
}

NAMES = st.sampled_from(sorted(VARIABLES.keys() - PLACES) + REGISTRYS)
# No NUL: no environment can hold one.
TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=60)
WORDS = st.sampled_from(
    [
        *("", "0", "-1", "1e9", "true", "NaN", "inf", "9" * 5000, "0x", "_1", "\u0661\u0662"),
        *("[]", "{}", "null", "[" * 1100, '{"a": 1}', "a=1", "photos=123456789012"),
        *("http://[", "http://a:b", "&a *a", "!!python/object:os.system x", "rediss://", SECRET),
    ]
)
ENVIRONMENTS = st.dictionaries(NAMES, WORDS | TEXTS, max_size=4)


def faults_of(environ: dict[str, str], dotenv: Path | None = None) -> list[str]:
    """Load the settings and return their faults, each a line; no other error passes."""
    try:
        loaded = load(NEEDED | environ, dotenv=dotenv)
    except SettingsError as error:
        faults = error.faults
    else:
        assert "hunter2" not in repr(loaded.broker_url) + repr(loaded.s3.secretkey)
        return []
    assert faults
    assert not [fault for fault in faults if not fault or "\n" in fault]
    return faults


@settings(max_examples=500)
@given(environ=ENVIRONMENTS)
def test_settings_of_any_value_are_loaded_or_refused_line_by_line(
    environ: dict[str, str],
) -> None:
    faults = faults_of(environ)

    if any(environ.get(name) == SECRET for name in SECRETS):
        others = {name for name, text in environ.items() if text == SECRET} - SECRETS
        assert others or "hunter2" not in "".join(faults)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | TEXTS.map(str.encode))
def test_a_file_of_any_content_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "s3mover.yml"
    file.write_bytes(content)

    faults_of({"S3MOVER_CONFIG": str(file)}, dotenv=file)
