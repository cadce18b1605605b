"""The registry's variables change its document by its own rules, and nothing else of it."""

import pytest

from config.overrides import Document, overridden


def tree(document: object, **variables: str) -> object:
    changed = overridden(Document(document), variables)
    assert changed.faults == ()
    return changed.tree


def test_a_section_is_replaced_before_its_parameters_are_added() -> None:
    file = {"storage": {"s3": {"bucket": "old"}, "cache": {}}}

    assert tree(file, REGISTRY_STORAGE_S3_REGION="us-east-1", REGISTRY_STORAGE="s3") == {
        "storage": {"s3": {"region": "us-east-1"}}
    }


def test_a_name_goes_through_a_key_in_any_case_and_adds_in_lower_case() -> None:
    file = {"storage": {"S3": {"Bucket": "old"}}}

    assert tree(file, REGISTRY_STORAGE_S3_BUCKET="new") == {
        "storage": {"S3": {"Bucket": "old", "bucket": "new"}}
    }


def test_an_empty_section_is_made_anew() -> None:
    assert tree({"storage": {"s3": None}}, REGISTRY_STORAGE_S3_BUCKET="b") == {
        "storage": {"s3": {"bucket": "b"}}
    }


def test_what_yaml_shares_is_changed_in_one_place() -> None:
    shared = {"bucket": "old"}

    changed = tree({"storage": {"cache": shared, "s3": shared}}, REGISTRY_STORAGE_CACHE_BUCKET="c")

    assert changed == {"storage": {"cache": {"bucket": "c"}, "s3": {"bucket": "old"}}}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("S3_SECRETKEY", "*ab", "*ab"),
        ("S3AWS_KEYID", "ab: c", "ab: c"),
        ("S3_ACCESSKEY", "", None),
        ("S3_ENCRYPT", "yes", "yes"),
        ("S3_CHUNKSIZE", "[5", "[5"),
        ("CACHE_BLOBDESCRIPTOR", "inmemory", "inmemory"),
    ],
)
def test_a_text_stays_as_it_is_and_the_rest_is_yaml(name: str, text: str, value: object) -> None:
    section, parameter = name.lower().split("_")

    assert tree(None, **{f"REGISTRY_STORAGE_{name}": text}) == {
        "storage": {section: {parameter: value}}
    }


def test_a_list_grows_by_one_at_its_end() -> None:
    assert tree(
        None,
        REGISTRY_MIDDLEWARE_STORAGE_0_NAME="a",
        REGISTRY_MIDDLEWARE_STORAGE_1="{name: b}",
        REGISTRY_MIDDLEWARE_STORAGE_1_OPTIONS_KEYPAIRID="*k: 0",
    ) == {
        "middleware": {"storage": [{"name": "a"}, {"name": "b", "options": {"keypairid": "*k: 0"}}]}
    }


@pytest.mark.parametrize(
    "name", ["REGISTRY_HTTP_ADDR", "registry_STORAGE", "REGISTRYSTORAGE", "REGISTRY_storage_s3"]
)
def test_another_variable_is_passed_over(name: str) -> None:
    assert tree({"storage": "s3"}, **{name: "[not yaml"}) == {"storage": "s3"}


def test_a_name_below_a_text_is_passed_over() -> None:
    file = {"storage": {"s3": {"bucket": "b"}}}

    assert tree(file, REGISTRY_STORAGE_S3_BUCKET_X="y") == file


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "REGISTRY_MIDDLEWARE_STORAGE_1_NAME",
            "a",
            "undefined index: 1; the next of the list is 0",
        ),
        ("REGISTRY_MIDDLEWARE_STORAGE_-1_NAME", "a", "non-numeric index: -1"),
        ("REGISTRY_MIDDLEWARE_STORAGE_²_NAME", "a", "non-numeric index: ²"),
        ("REGISTRY_STORAGE_S3", "{secretkey: *hunter2", "not valid YAML at line 1, column 13"),
    ],
)
def test_a_variable_that_leads_nowhere_is_a_fault(name: str, text: str, fault: str) -> None:
    changed = overridden(Document(), {name: text})

    (only,) = changed.faults
    assert only.startswith(f"{name}: {fault}")
    assert (changed.tree, "hunter2" in only) == (None, False)


def test_a_value_is_called_by_its_variable_or_by_its_place_in_the_file() -> None:
    file = Document({"storage": {"s3": {}}}, "/config.yml")

    changed = overridden(file, {"REGISTRY_STORAGE_S3_BUCKET": "b"})

    assert changed.label("storage", "s3", "bucket") == "REGISTRY_STORAGE_S3_BUCKET"
    assert changed.label("middleware", "storage", 0, "name") == (
        "middleware.storage[0].name in /config.yml"
    )
    assert Document().label("middleware", "storage", 0) == "REGISTRY_MIDDLEWARE_STORAGE_0"
