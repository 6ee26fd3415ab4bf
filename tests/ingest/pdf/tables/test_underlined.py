"""Links whose underline looks like a rule of the table."""

import pytest

from shisaku.ingest.pdf.tables.underlined import join_links
from tests.support.setting import rows_of, table

TALL = ["^", "^", "^"]


def joined(above: str, below: str, beside: list[str] | None = None) -> list[list[str]]:
    made = table([["園", "県", "数", "URL"], ["北", "東", "三", above], [*(beside or TALL), below]])
    return rows_of(join_links(made))


@pytest.mark.parametrize(
    ("above", "below"),
    [("https://example.jp/to", "morrow"), ("http://hospital.web", ".example.jp/"),
     ("https://mc-", "kita.example.jp/"), ("www.example.jp/", "a?b=1")],
)  # fmt: skip
def test_a_link_over_two_lines_is_one_cell(above: str, below: str) -> None:
    assert joined(above, below)[1:] == [["北", "東", "三", above + below], ["^", "^", "^", "^"]]


@pytest.mark.parametrize(
    ("above", "below", "beside"),
    [
        ("https://example.jp/to", "https://example.jp/b", None),  # two links
        ("https://example.jp/to", "二号館", None),
        ("example", "morrow", None),
        ("https://example.jp/to", "morrow", ["南", "西", "四"]),  # a row of its own
        ("https://example.jp/to", "morrow", ["^", "西", "四"]),
    ],
)
def test_two_cells_stay_two(above: str, below: str, beside: list[str] | None) -> None:
    assert joined(above, below, beside)[2][3] == below
