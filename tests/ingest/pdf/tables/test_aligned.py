"""Tables without rules: what is certain becomes one, whatever only looks like one does not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Line, TableBlock
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.pdf.tables import aligned
from shisaku.ingest.pdf.tables.aligned import take_aligned
from tests.support.setting import Sheets, line, rows_of

XS = (72.0, 200.0, 300.0, 400.0)
NAMES = ["都道府県", "件数", "人数", "割合"]
FIGURES = [
    ["北海道", "1,204", "98", "12.5%"],
    ["青森県", "310", "7", "－"],
    ["岩手県", "△12", "1", "３％"],
]
PLACES = ["地域", "窓口", "所在地"]
OFFICES = [
    ["北海道", "出入国課", "札幌市"],
    ["青森県", "青森出張所", "青森市"],
    ["岩手県", "盛岡出張所", "盛岡市内"],
]


def set_rows(
    rows: Sequence[Sequence[str]], *, step: float = 16, xs: Sequence[float] = XS,
    bold: int = 0, first: int = 0,
) -> list[Line]:  # fmt: skip
    """Set rows from `xs` on; the first `bold` are bold, the first row begins in column `first`."""
    return [
        line(text, x, 100 + at * step, bold=at < bold)
        for at, row in enumerate(rows)
        for text, x in zip(row, xs[first if not at else 0 :], strict=False)
        if text
    ]


def tables(lines: Sequence[Line]) -> list[list[list[str]]]:
    rest, found = take_aligned(lines, 1)
    held = sum(bool(cell.text) for each in found for cell in each.cells)
    assert len(rest) + held == len(lines), "each line stands in one place"
    return [rows_of(each) for each in found]


def test_words_over_figures_are_a_table() -> None:
    _, (found,) = take_aligned(set_rows([NAMES, *FIGURES]), 1)
    assert rows_of(found) == [NAMES, *FIGURES]
    assert [cell.header for cell in found.cells] == [True] * 4 + [False] * 12
    assert len(found.edges) == 5 and list(found.edges) == sorted(found.edges)


def test_the_labels_at_the_left_need_no_name() -> None:
    (found,) = tables(set_rows([["平成28年", "平成29年", "平成30年"], *FIGURES], first=1))
    assert found == [["", "平成28年", "平成29年", "平成30年"], *FIGURES]


def test_years_name_columns_of_figures() -> None:
    head = ["区分", "2019", "2020", "2021年度"]
    assert tables(set_rows([head, *FIGURES])) == [[head, *FIGURES]]


def test_a_figure_may_be_missing() -> None:
    rows = [NAMES, FIGURES[0], ["青森県", "310", "", "－"], *FIGURES[1:]]
    assert tables(set_rows(rows)) == [rows]
    last = [NAMES, *FIGURES, ["宮城県", "", "5", ""]]
    assert tables(set_rows(last)) == [last]


def test_words_between_figures_are_no_row_of_them() -> None:
    rows = [NAMES, *FIGURES[:2], ["（再掲）", "うち 外国人"], FIGURES[2]]
    assert tables(set_rows(rows)) == []


def test_bold_names_are_a_header_over_words() -> None:
    rows = [PLACES, *OFFICES]
    assert tables(set_rows(rows, bold=1)) == [rows]
    assert tables(set_rows(rows)) == []


def test_what_stands_around_is_no_row() -> None:
    title, note = line("表１　件数の推移", 72, 70), line("（注）件数は速報値である。", 72, 180)
    rest, found = take_aligned([title, *set_rows([NAMES, *FIGURES]), note], 1)
    assert rest == (title, note)
    assert len(found) == 1


ITEMS = ["項目", "内容", "備考"]


def under(head: list[str], *body: list[str], bold: int = 1) -> list[Line]:
    """Set rows under a bold one; a single row stands there four times."""
    return set_rows([head, *(body if len(body) > 1 else body * 4)], bold=bold)


NO_TABLE: list[tuple[str, list[Line]]] = [
    ("no row that names the columns", set_rows(FIGURES * 2)),
    ("two columns", set_rows([row[:2] for row in [NAMES, *FIGURES]])),
    ("two rows below the names", set_rows([NAMES, *FIGURES[:2]])),
    ("a contents page", set_rows([["編", "題名", "頁"], ["総論", "1", "3"],
                                  ["各論", "2", "15"], ["資料", "3", "27"]])),
    ("leaders", under(ITEMS, ["総論", "総則……", "3"])),
    ("letter-spaced lines", under(["件", "数", "等"], ["各", "省", "庁"])),
    ("columns of prose", under(["一の段の見出し", "二の段", "三の段"], ["各省の施策を進める"] * 3)),
    ("sentences", under(ITEMS, ["施策", "進めた。", "なし"])),
    ("items of lists", under(ITEMS, ["①施策", "進捗", "なし"])),
    ("rows that do not align", [
        *set_rows([["地域", "件数", "人数"]]),
        *(line("甲乙", 72, 116 + 16 * at) for at in range(4)),
        *(line("10" + "0" * (at % 3), 200 + 17 * at, 116 + 16 * at) for at in range(4)),
        *(line("200", 300, 116 + 16 * at) for at in range(4)),
    ]),
    ("no white between the columns", [
        *set_rows([["地域", "件数", "人数"]]),
        *(line("甲乙" + "の地域に置く出張" * (at == 2), 72, 116 + 16 * at) for at in range(4)),
        *(line("1" * (2 + 18 * (at == 0)), 150 + 90 * (at > 0), 116 + 16 * at) for at in range(4)),
        *(line("200", 300, 116 + 16 * at) for at in range(4)),
    ]),
    ("rows far apart", set_rows([NAMES, *FIGURES], step=60)),
    ("two lines are bold", under(PLACES, *OFFICES, bold=2)),
    ("a long cell", under(PLACES, *OFFICES[:2], [
        "岩手県", "盛岡の出張所", "盛岡市の内丸にある合同庁舎の五階の南側",
    ])),
    ("a name beside its column", [
        *set_rows([["", *NAMES[1:]], *FIGURES]), line("都道府県", 130, 100),
    ]),
    ("nothing", []),
]  # fmt: skip


@pytest.mark.parametrize(("why", "lines"), NO_TABLE, ids=[row[0] for row in NO_TABLE])
def test_what_is_no_table(why: str, lines: list[Line]) -> None:
    assert tables(lines) == [], why


def test_rows_carry_the_names_of_their_columns(tmp_path: Path) -> None:
    sheet = Sheets()
    sheet.text(72, 72, "１　取締りの状況")
    for at, row in enumerate([NAMES, *FIGURES]):
        for text, x in zip(row, XS, strict=True):
            sheet.text(x, 110 + at * 18, text)
    sheet.text(72, 220, "このように、取締りを進めた結果、件数は前の年より増えている。")
    data = sheet.bytes()
    (page,) = read_pdf(data).pages
    assert [type(block) is TableBlock for block in page.blocks] == [False, True, False]
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    rows = [p for p in parse_file(path, "x.pdf", (), "0" * 64).passages if p.type == "row"]
    # The header itself is kept as a row; the font has one glyph for － and −.
    assert rows[0].text == " | ".join(NAMES)
    cells = [[(c.column, c.text.replace("−", "－")) for c in r.cells or ()] for r in rows[1:]]
    assert cells == [list(zip(NAMES, row, strict=True)) for row in FIGURES]


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from([12, 16, 60])), max_size=25))
def test_runs_are_the_longest_that_follow(shapes: list[tuple[int, int]]) -> None:
    top = 100
    rows: list[list[Line]] = []
    for count, step in shapes:
        top += step
        rows.append([line("字", 72 + 40 * at, top) for at in range(count)])
    parts: list[list[list[Line]]] = []
    for row in rows:
        if parts and aligned._follows(parts[-1], row) and aligned._is_open([*parts[-1], row]):
            parts[-1].append(row)
        else:
            parts.append([row])
    runs = [rows[start:end] for start, end in aligned._runs(rows)]
    assert runs == [part for part in parts if len(part) >= 3 and len(part[0]) >= 3]
