"""New names of objects, by a template."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest

from s3mover import InvalidRequest
from s3mover.prefix_rekey import is_one_to_one, needs_date, rekeyed
from s3mover.prefix_request import parse_prefix_request

WRITTEN = datetime(2026, 1, 2, 23, tzinfo=timezone(timedelta(hours=-2)))


@pytest.mark.parametrize(
    ("template", "name", "new"),
    [
        ("{name}", "a/b.txt", "a/b.txt"),
        ("old/{dir}{base}", "a/b/c.txt", "old/a/b/c.txt"),
        ("{stem}-x{ext}", "a/b.tar.gz", "b.tar-x.gz"),
        ("{stem}|{ext}", ".bashrc", ".bashrc|"),
        ("{stem}|{ext}", "a.b/plain", "plain|"),
        ("{dir}|{base}", "a/b/", "a/b/|"),
        ("{name:1}", "a/b/c", "b/c"),
        ("{name:9}", "a/b/c", "c"),
        ("{year}/{month}/{day}/{hour}/{base}", "x", "2026/01/03/01/x"),
        ("{{{name}}}", "x", "{x}"),
        ("{base}", "a/", ""),
        ("{name}", "", ""),
    ],
)
def test_a_name_is_made_by_the_template(template: str, name: str, new: str) -> None:
    assert rekeyed(template, name, WRITTEN) == new


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", "at least 1"),
        ("fixed", "all objects would get one name"),
        ("{year}/{dir}{ext}", "all objects would get one name"),
        ("{Name}", "written twice"),
        ("{size}-{name}", "{size} is no field"),
        ("{name", "written twice"),
        ("}{name}", "written twice"),
        ("{base:1}", "only {name:N}"),
        ("{name!r}", "written twice"),
        ("{name.__class__}", "written twice"),
        ("{" * 1025, "at most 1024"),
    ],
)
def test_a_template_that_is_none_is_refused_at_once(template: str, text: str) -> None:
    with pytest.raises(InvalidRequest, match="rekey") as caught:
        parse_prefix_request(source="s3://bbb/a/", destination="s3://bbb/b/", rekey=template)
    assert text in str(caught.value)


def test_overwriting_is_refused_where_two_objects_may_get_one_name() -> None:
    ends = {"source": "s3://bbb/a/", "destination": "s3://bbb/b/", "overwrite": "always"}

    assert parse_prefix_request(**ends, rekey="{year}/{name}").overwrite == "always"
    with pytest.raises(InvalidRequest, match="one name"):
        parse_prefix_request(**ends, rekey="{base}")


ONE_TO_ONE = [
    "{name}", "x-{name}.old", "{year}-{month}/{name}", "{dir}{base}", "{dir}{stem}{ext}",
    "{year}/{dir}{day}-{base}", "{dir}{base}.bak", "{{{dir}{base}",
]  # fmt: skip
MAYBE = [
    "{base}", "{name:1}", "{dir}{stem}", "{dir}x/{base}", "{base}/{dir}", "{stem}{ext}",
    "{dir}{stem}.old{ext}", "{base}-{name}", "{ext}/{name}",
]  # fmt: skip


def test_one_to_one_is_said_only_of_what_is() -> None:
    letters = [*"ab/."]
    names = ["".join(each) for size in range(6) for each in product(letters, repeat=size)]
    dates = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 2, 2, tzinfo=UTC)]

    for template in ONE_TO_ONE:
        assert is_one_to_one(template), template
        found = [rekeyed(template, name, dates[len(name) % 2]) for name in names]
        assert len(set(found)) == len(names), template
    assert not any(is_one_to_one(template) for template in MAYBE)
    assert is_one_to_one(None)


def test_only_dates_need_to_be_known() -> None:
    assert needs_date("{year}/{name}")
    assert not needs_date("{{year}}{name}")
    assert not needs_date(None)
