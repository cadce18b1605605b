import pytest

from config import S3Settings
from config.table import PAGE, filled, tables


def test_the_page_has_the_tables_of_today() -> None:
    page = PAGE.read_text()

    assert filled(page) == page, "run `python -m config.table`"


def test_every_parameter_has_a_row_with_all_cells() -> None:
    rows = tables()["s3 parameters"].splitlines()[2:]

    assert [row.split("`")[1] for row in rows] == list(S3Settings.model_fields)
    for row in rows:
        assert all(cell.strip() for cell in row.replace("\\|", "").strip("|").split("|"))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("s3 parameters", "| `bucket` | required |"),
        ("s3 parameters", "`10485760` (10 MiB)"),
        ("s3 parameters", "| 0 to 5368709120 (5 GiB) |"),
        ("s3 parameters", "| 5242880 (5 MiB) to 5368709120 (5 GiB), or `auto` |"),
        ("s3 parameters", "| `multipartcopymaxconcurrency` | `100` |"),
        ("s3 parameters", "`STANDARD_IA`"),
        ("s3 parameters", "| `secure` | `true` |"),
        ("cloudfront options", "| `duration` | `20m` |"),
        ("settings", "| `S3MOVER_PART_LEASE` | `20.0` |"),
        ("settings", "| `S3MOVER_BUCKETS` | none |"),
    ],
)
def test_a_row_says_default_and_bounds(table: str, row: str) -> None:
    assert row in tables()[table]


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        filled("# no places")
