import pytest

from shisaku.ingest.html import read_html
from shisaku.ingest.model import TableBlock, TextBlock


def _read(html: str) -> tuple[TextBlock | TableBlock, ...]:
    return read_html(f'<meta charset="utf-8"><body>{html}'.encode()).pages[0].blocks


def _table(html: str) -> TableBlock:
    (block,) = [block for block in _read(html) if isinstance(block, TableBlock)]
    return block


ROWS = "<tr><td>年<td>件数<tr><td>2010<td>19<tr><td>2011<td>25"


@pytest.mark.parametrize(
    ("html", "data"),
    [
        (f"<table border=1>{ROWS}</table>", True),
        (f"<table>{ROWS}</table>", True),  # short cells in rows and columns
        ("<table><tr><th>年<th>件数<tr><td>2010<td>19</table>", True),
        ("<table><caption>表１</caption><tr><td>2010<td>19</table>", True),
        (f"<table role=presentation border=1>{ROWS}</table>", False),
        ("<table border=1><tr><td>枠の中の文章</table>", False),  # one cell is a frame
        ("<table><tr><td>●第1回会合<tr><td>●第2回会合</table>", False),  # one column
        ("<table border=1><tr><td>左<td>右</table>", False),  # one row
        ("<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>d</table></table>", False),
        ("<table border=0><tr><td>目次<td><h1>計画</h1>本文<tr><td>a<td>b</table>", False),
        ("<table><tr><td>" + "長文" * 99 + "<td>x<tr><td>y<td>" + "文" * 900 + "</table>", False),
        ("<p>x<table>" + "<tr><td><a href=a>甲</a><td><a href=b>乙</a>" * 3 + "</table>", False),
    ],
)
def test_layout_and_data_are_told_apart(html: str, data: bool) -> None:
    assert any(isinstance(block, TableBlock) for block in _read(html)) is data


def test_layout_gives_its_cells_in_reading_order() -> None:
    blocks = _read(
        "<table><tr><td>左<td><table><tr><td>中の一<tr><td>中の二</table>"
        "<tr><td colspan=2>下</table>"
    )
    assert [block.text for block in blocks if isinstance(block, TextBlock)] == [
        "左", "中の一", "中の二", "下",
    ]  # fmt: skip


def test_spans_headers_and_caption() -> None:
    table = _table(
        "<table><caption>表１　件数</caption>"
        "<thead><tr><td rowspan=2>省庁<td colspan=2>年度<tr><td>2010<td>2011</thead>"
        "<tr><th>警察庁<td>19<td>25<br>（人）</table>"
    )
    assert (table.rows, table.columns, table.caption) == (3, 3, "表１　件数")
    places = [
        (cell.row, cell.column, cell.rowspan, cell.colspan, cell.header, cell.text)
        for cell in table.cells
    ]
    assert places == [
        (0, 0, 2, 1, True, "省庁"),
        (0, 1, 1, 2, True, "年度"),
        (1, 1, 1, 1, True, "2010"),
        (1, 2, 1, 1, True, "2011"),
        (2, 0, 1, 1, True, "警察庁"),
        (2, 1, 1, 1, False, "19"),
        (2, 2, 1, 1, False, "25\n（人）"),
    ]


def test_broken_markup_keeps_its_rows() -> None:
    # <tr> left out, and a form that browsers look through
    table = _table(
        "<table border=1><tr><td>a<td>b</td></tr> <td>c</td><td>d</td></tr>"
        "<form><tr><td>e<td>f</tr></form></table>"
    )
    rows = [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]
    assert rows == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_foot_comes_last() -> None:
    table = _table(f"<table border=1><tfoot><tr><td>計<td>44</tfoot>{ROWS}</table>")
    assert [cell.text for cell in table.cells][-2:] == ["計", "44"]


@pytest.mark.parametrize("span", ["99999999999", "-1", "１", "", "x", "0"])
def test_absurd_spans_are_cut(span: str) -> None:
    spans = f"rowspan='{span}' colspan='{span}'"
    table = _table(f"<table border=1><tr><td {spans}>a<td>b{ROWS}</table>")
    assert table.rows == 4
    assert table.columns <= 1001
    assert all(cell.row + cell.rowspan <= table.rows for cell in table.cells)


def test_text_beside_the_cells_is_kept() -> None:
    blocks = _read(f"<table border=1>外の文{ROWS}</table>")
    assert [block.text for block in blocks if isinstance(block, TextBlock)] == ["外の文"]


def test_groups_of_rows_may_be_nested_as_deep_as_the_parser_goes() -> None:
    table = _table("<table>" + "<thead>" * 2000 + "<tr><td>a<td>b<tr><td>c<td>d</table>")
    assert [cell.text for cell in table.cells] == ["a", "b", "c", "d"]
    assert all(cell.header for cell in table.cells)


def test_text_between_nested_groups_is_kept() -> None:
    blocks = _read("<table border=1>" + "<tbody>文" * 1500 + ROWS + "</table>")
    assert "".join(b.text for b in blocks if isinstance(b, TextBlock)).count("文") == 1500


@pytest.mark.parametrize(
    ("cells", "rows", "spans"),
    [(4, 50, True), (20, 500, False)],  # over 100 columns each: 20 thousand and a million places
)
def test_spans_cover_no_more_than_a_table_of_its_cells_can_need(
    cells: int, rows: int, spans: bool
) -> None:
    head = "<td colspan=100 rowspan=0>字" * cells
    table = _table(f"<table border=1><tr>{head}" + "<tr><td>a<td>b" * rows + "</table>")
    covered = sum(cell.rowspan * cell.colspan for cell in table.cells)
    assert (table.cells[cells - 1].rowspan == rows + 1) is spans
    assert covered < 20_000 + 101 * len(table.cells)
    assert (table.cells[-1].row, table.cells[-1].text) == (rows, "b")
