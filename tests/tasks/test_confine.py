"""Which keys moves may touch: never the driver's own, none that climbs, and a root on demand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import S3Settings, Settings
from driver import Location
from tasks.errors import BucketNotAllowed, KeyNotAllowed
from tasks.plan import locate

BUCKETS = frozenset({"bucket", "other"})
COMPOSED, DECOMPOSED = "r\u00f6\u00f6t", "ro\u0308o\u0308t"  # of one look
COMPONENTS = st.sampled_from(["a", "..", ".", "", "root", "~s3mover", "%2e%2e", "ro\u0308ot"])


def settings_of(*, confine: bool = False, root: str = "/root", amazon: bool = False) -> Settings:
    place = {"region": "eu-central-1"} if amazon else {"regionendpoint": "http://s3.local"}
    s3 = S3Settings.model_validate({"bucket": "bucket", "rootdirectory": root, **place})
    return Settings(s3=s3, buckets=BUCKETS, confine=confine)


OPEN, CONFINED = settings_of(), settings_of(confine=True)
AMAZONS = settings_of(amazon=True)


@pytest.mark.parametrize("settings", [OPEN, CONFINED, AMAZONS])
@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/~s3mover/tails/x",
        "s3://bucket/root/~s3mover/tails/x",
        "s3://bucket/root//~s3mover//x",
        "s3://bucket//~s3mover",
        "s3://bucket/another/root/~s3mover/tails/x",
        "s3://other/~s3mover/doctor/x",
    ],
)
def test_what_the_driver_keeps_for_itself_is_no_moves(settings: Settings, location: str) -> None:
    with pytest.raises(KeyNotAllowed, match="belongs to the driver"):
        locate(settings, location)


@pytest.mark.parametrize(
    "key", ["~s3mover2/a", "root/~s3mover-a", "\uff5es3mover/a", "~S3MOVER/a", "%7Es3mover/a"]
)
def test_a_look_alike_is_another_key(key: str) -> None:
    assert locate(OPEN, f"s3://bucket/{key}") == Location("bucket", key)


@pytest.mark.parametrize("settings", [OPEN, CONFINED])
@pytest.mark.parametrize(
    "location",
    ["s3://bucket/root/../a", "s3://other/..", "s3://other/./a", "s3://bucket/../other/a", "/../a"],
)
def test_no_key_climbs_on_a_store_whose_keys_may_be_file_paths(
    settings: Settings, location: str
) -> None:
    with pytest.raises(KeyNotAllowed, match=r"component \. or \.\."):
        locate(settings, location)


@pytest.mark.parametrize("key", ["../a", "a/../b", "./", ".."])
def test_a_key_is_no_path_in_amazons_s3(key: str) -> None:
    assert locate(AMAZONS, f"s3://bucket/{key}") == Location("bucket", key)


@pytest.mark.parametrize("key", ["...", "a..b/c", "root/%2e%2e/a", "a//b", "/a"])
def test_what_only_looks_like_climbing_is_a_key(key: str) -> None:
    assert locate(OPEN, f"s3://bucket/{key}") == Location("bucket", key)


@pytest.mark.parametrize("root", ["root", "/root", "root/", "/root/"])
def test_a_confined_bucket_is_touched_below_the_root_only(root: str) -> None:
    settings = settings_of(confine=True, root=root)

    assert locate(settings, "s3://bucket/root/a") == Location("bucket", "root/a")
    assert locate(settings, "/a") == Location("bucket", "root/a")
    for outside in ("a", "root", "roots/a", "/root/a", "ROOT/a", "%72oot/a"):
        with pytest.raises(KeyNotAllowed, match="S3MOVER_CONFINE keeps moves in bucket below"):
            locate(settings, f"s3://bucket/{outside}")


def test_a_root_of_another_spelling_is_another_root() -> None:
    settings = settings_of(confine=True, root=COMPOSED)

    assert locate(settings, f"s3://bucket/{COMPOSED}/a").key == f"{COMPOSED}/a"
    with pytest.raises(KeyNotAllowed):
        locate(settings, f"s3://bucket/{DECOMPOSED}/a")


def test_other_buckets_have_no_root() -> None:
    assert locate(CONFINED, "s3://other/a") == Location("other", "a")


def test_nothing_is_confined_without_a_root() -> None:
    settings = settings_of(confine=True, root="")

    assert locate(settings, "s3://bucket/a") == Location("bucket", "a")


def test_the_bucket_is_looked_at_before_the_key() -> None:
    with pytest.raises(BucketNotAllowed):
        locate(CONFINED, "s3://elsewhere/../a")


@given(names=st.lists(COMPONENTS, min_size=1).map("/".join))
def test_whatever_is_located_in_a_confined_bucket_lies_below_its_root(names: str) -> None:
    try:
        found = locate(CONFINED, f"s3://bucket/{names or 'x'}")
    except KeyNotAllowed:
        return
    assert found.key.startswith("root/")
    assert not {"..", ".", "~s3mover"} & set(found.key.split("/"))
