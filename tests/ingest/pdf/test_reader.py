"""Whole PDFs, drawn in memory: blocks in reading order, or the reason why there are none."""

import re

import pytest

from shisaku.ingest.model import Box, Page, RawDocument, TableBlock, TextBlock
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.pdf.drawing import open_drawing
from shisaku.ingest.problems import UnreadableError
from tests.support.pdf_by_hand import pdf
from tests.support.setting import HEIGHT, WIDTH, Sheets, rows_of, texts

LONG = "警察では、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置いた。"


def tables(page: Page) -> list[TableBlock]:
    return [block for block in page.blocks if isinstance(block, TableBlock)]


def read(*pages: list[tuple[float, float, str]], size: float = 10.5) -> RawDocument:
    """Read a PDF with these words at these places (x, top)."""
    sheets = Sheets()
    for at, page in enumerate(pages):
        if at:
            sheets.turn()
        for x, top, words in page:
            sheets.text(x, top, words, size)
    return read_pdf(sheets.bytes())


def test_text_with_an_unembedded_font() -> None:
    raw = read([(72, 72, "人身取引の被害者を保護した。")])
    assert texts(raw.pages[0].blocks) == ["人身取引の被害者を保護した。"]
    assert (raw.pages[0].width, raw.pages[0].height) == (WIDTH, HEIGHT)
    assert not raw.problems


def test_a_paragraph_is_joined_and_remembers_where_its_lines_stand() -> None:
    raw = read([(72, 100, "地球温暖化対策として再生可能エネル"), (72, 116, "ギーの導入を進める。")])
    (block,) = raw.pages[0].blocks
    assert isinstance(block, TextBlock)
    assert block.text == "地球温暖化対策として再生可能エネルギーの導入を進める。"
    assert [round(line.box.top) for line in block.lines] == [101, 117]


def test_two_columns() -> None:
    left = [(60.0, 100.0 + 16 * at, f"左{at}" + "段" * 18) for at in range(8)]
    right = [(310.0, 100.0 + 16 * at, f"右{at}" + "段" * 18) for at in range(8)]
    rows = [each for pair in zip(left, right, strict=True) for each in pair]
    found = "".join(texts(read(rows).pages[0].blocks))
    order = re.findall(r"[左右]\d", found)
    assert order == [f"{side}{at}" for side in "左右" for at in range(8)]


def test_page_numbers_and_running_heads_are_kept_aside() -> None:
    raw = read(*(
        [(72.0, 30.0, "年次報告"), (72.0, 300.0, f"本文の{sign}。"), (285.0, 800.0, f"- {at} -")]
        for at, sign in enumerate("一二三四", start=1)
    ))  # fmt: skip
    assert [texts(page.blocks) for page in raw.pages] == [[f"本文の{k}。"] for k in "一二三四"]
    assert [page.label for page in raw.pages] == ["- 1 -", "- 2 -", "- 3 -", "- 4 -"]
    assert {part.kind for page in raw.pages for part in page.furniture} == {
        "page_number",
        "running_head",
    }


def test_a_table_stands_between_the_paragraphs_around_it() -> None:
    sheets = Sheets()
    sheets.text(72, 72, "次の表のとおりである。")
    sheets.grid([72, 200, 400], [100, 120, 140])
    for x, top, words in [
        (75, 104, "施策名"), (203, 104, "省庁名"), (75, 124, "窓口"), (203, 124, "警察庁"),
    ]:  # fmt: skip
        sheets.text(x, top, words)
    sheets.text(72, 160, "以上である。")
    (page,) = read_pdf(sheets.bytes()).pages
    before, table, after = page.blocks
    assert texts([before, after]) == ["次の表のとおりである。", "以上である。"]
    assert rows_of(table) == [["施策名", "省庁名"], ["窓口", "警察庁"]]


def test_footnotes_stand_after_the_text_and_are_marked() -> None:
    sheets = Sheets()
    for at in range(6):
        sheets.text(72, 400 + 18 * at, LONG)
    sheets.rule(72, 700, 200, 700)
    sheets.text(72, 706, "1 件数は暦年による。", 8)
    sheets.text(285, 800, "- 1 -")  # as large as the text, and no part of it
    blocks = read_pdf(sheets.bytes()).pages[0].blocks
    assert [b.role for b in blocks if isinstance(b, TextBlock)][-1] == "footnote"
    assert texts(blocks)[-1] == "1 件数は暦年による。"


def upright_page() -> Sheets:
    sheets = Sheets()
    sheets.upright(500, 60, "第一条　この法律は、公布の日から施行する。")
    sheets.upright(460, 60, "第二条　国は、施策を定める。")
    return sheets


def test_vertical_writing_is_read_from_the_right_and_boxes_stand_on_the_page() -> None:
    (page,) = read_pdf(upright_page().bytes()).pages
    first, second = (block for block in page.blocks if isinstance(block, TextBlock))
    assert first.text.startswith("第一条")
    assert second.text.startswith("第二条")
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    assert 495 < first.lines[0].box.x0 < 505
    assert first.lines[0].box.top < 70
    assert second.lines[0].box.x1 < first.lines[0].box.x0


def test_the_cells_of_a_vertical_page_stand_on_the_page_as_well() -> None:
    sheets = upright_page()
    sheets.grid([150, 200, 250], [60, 260, 460])
    for x, first, second in [(220, "施策", "省庁"), (170, "窓口", "警察庁")]:
        sheets.upright(x, 64, first)
        sheets.upright(x, 264, second)
    (page,) = read_pdf(sheets.bytes()).pages
    (table,) = tables(page)
    for cell in table.cells:
        boxes = [cell.box, *(line.box for block in cell.blocks for line in block.lines)]
        for box in boxes:
            assert box is not None
            assert table.box.x0 - 1 <= box.x0 < box.x1 <= table.box.x1 + 1
            assert table.box.top - 1 <= box.top < box.bottom <= table.box.bottom + 1


def test_pages_of_vertical_writing_have_numbers_as_well() -> None:
    sheets = Sheets()
    for at in range(1, 5):
        sheets.upright(500, 60, f"第{'一二三四'[at - 1]}条　この法律は、公布の日から施行する。")
        sheets.upright(460, 60, "第二条　国は、被害者の保護のため施策を定める。")
        sheets.text(285, 805, f"- {at} -")
        if at < 4:
            sheets.turn()
    assert [page.label for page in read_pdf(sheets.bytes()).pages] == [
        "- 1 -", "- 2 -", "- 3 -", "- 4 -",
    ]  # fmt: skip


def test_a_turned_tab_in_the_margin_is_read_in_its_direction() -> None:
    sheets = Sheets()
    for at in range(10):
        sheets.text(72, 100 + 18 * at, LONG)
    sheets.turned(560, 500, "第２章　施策")
    found = texts(read_pdf(sheets.bytes()).pages[0].blocks)
    assert "第２章\u3000施策" in found


def test_a_line_at_the_right_above_the_text_is_read_before_it() -> None:
    sheets = Sheets()
    sheets.text(490, 60, "別添１")
    for at in range(6):
        sheets.text(72, 100 + 18 * at, LONG)
    assert texts(read_pdf(sheets.bytes()).pages[0].blocks)[0] == "別添１"


def test_a_page_set_sideways_is_read_line_by_line() -> None:
    # A wide table on an upright page: the letters of its lines must not be mixed.
    sheets = Sheets()
    for at, sign in enumerate("甲乙丙丁"):
        sheets.turned(200 + 20 * at, 700, f"{sign}　{LONG}")
    found = "".join(texts(read_pdf(sheets.bytes()).pages[0].blocks))
    assert found.count(LONG) == 4


def test_a_left_column_alone_below_a_heading_across_the_page() -> None:
    rows = [
        (x, 100.0 + 16 * at, f"{side}{at}" + "段" * 18)
        for side, x in (("左", 60.0), ("右", 310.0))
        for at in range(8)
    ]
    rows.append((60.0, 250.0, "全幅の見出しの文" * 5))
    rows += [(60.0, 280.0 + 16 * at, f"下{at}" + "段" * 18) for at in range(6)]
    last = texts(read(rows).pages[0].blocks)[-1]
    assert re.findall(r"下\d", last) == [f"下{at}" for at in range(6)]


def test_the_title_in_the_file_is_handed_on() -> None:
    sheets = Sheets(title="人身取引対策行動計画")
    sheets.text(72, 72, "本文。")
    assert read_pdf(sheets.bytes()).title == "人身取引対策行動計画"
    assert read([(72, 72, "本文。")]).title in (None, "untitled")


# --- what cannot be read, or not wholly ----------------------------------------------------------


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_pdf(data)
    problem = caught.value.problem
    assert problem.failed
    assert problem.reason
    assert problem.remedy
    return problem.code


def sound() -> bytes:
    sheets = Sheets()
    sheets.text(72, 72, LONG)
    return sheets.bytes()


def test_a_user_password_locks() -> None:
    sheets = Sheets(password="secret")
    sheets.text(72, 72, LONG)
    assert code_of(sheets.bytes()) == "password"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj\n<< /Type /Cat",
        b"%PDF-1.4\n",
        b"%PDF-1.4\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
        sound()[: len(sound()) // 3],
    ],
)
def test_a_damaged_file_says_so(data: bytes) -> None:
    assert code_of(data) == "truncated"


def test_a_file_cut_at_its_end_is_read_or_says_so() -> None:
    # Without its table of contents (xref) a PDF can still be searched for its objects.
    data = sound()
    for length in range(len(data) - 400, len(data), 40):
        try:
            raw = read_pdf(data[:length])
        except UnreadableError as error:
            assert error.problem.code in {"truncated", "needs_ocr"}
        else:
            assert "".join(texts(raw.pages[0].blocks)) == LONG


def test_a_scan_needs_ocr() -> None:
    sheets = Sheets()
    sheets.picture()
    assert code_of(sheets.bytes()) == "needs_ocr"


def test_an_empty_page_has_no_text() -> None:
    assert code_of(Sheets().bytes()) == "needs_ocr"


def test_a_page_that_is_a_picture_among_others_is_a_warning() -> None:
    sheets = Sheets()
    sheets.text(72, 72, LONG)
    sheets.turn()
    sheets.picture()
    sheets.turn()  # an empty page is nothing to warn of
    raw = read_pdf(sheets.bytes())
    (problem,) = raw.problems
    assert (problem.code, problem.failed) == ("pages_without_text", False)
    assert "Page 2" in problem.reason
    assert len(raw.pages) == 3


def test_rules_are_read_where_there_is_text_between_them() -> None:
    rules = b"10 10 90 20 re S 10 30 m 90 30 l S "
    text = b"BT /F1 9 Tf 12 14 Td (B!) Tj ET "

    def shapes(content: bytes) -> int:
        with open_drawing(pdf(content)) as drawing:
            (page,) = drawing.pages()
            assert page and bool(page.edges) == bool(page.shapes)
            return len(page.shapes)

    assert (shapes(rules + text), shapes(rules)) == (2, 0)


def test_places_are_from_the_corner_of_what_is_shown() -> None:
    content = b"10 220 90 20 re S BT /F1 9 Tf 12 224 Td (B!) Tj ET"

    def shown(page: str) -> tuple[list[float], list[float], list[Box]]:
        data = pdf(content, page)
        with open_drawing(data) as drawing:
            (drawn,) = drawing.pages()
            assert drawn
            size = [drawn.width, drawn.height]
            edges = [min(e["x0"] for e in drawn.edges), min(e["top"] for e in drawn.edges)]
        (block,) = read_pdf(data).pages[0].blocks
        box = block.box if isinstance(block, TableBlock) else block.lines[0].box
        return size, edges, [box]

    size, (x0, top), (box,) = shown("")
    size_cut, (x0_cut, top_cut), (box_cut,) = shown("/CropBox [5 20 190 290]")
    assert (size, size_cut) == ([200, 300], [185, 270])
    assert (x0_cut, top_cut) == (x0 - 5, top - 10)
    near = [box.x0 - 5, box.top - 10, box.x1 - 5, box.bottom - 10]
    assert [box_cut.x0, box_cut.top, box_cut.x1, box_cut.bottom] == pytest.approx(near)


@pytest.mark.parametrize(
    "far",
    [
        b"@ 1 2 3 re f", b"1 1 2 @ re f", b"BT /F1 @ Tf (B!) Tj ET",
        b"BT /F1 9 Tf @ 0 0 1 5 9 Tm (B!) Tj ET",
        b"BT /F1 9 Tf @ 9 Td [9 (B) -@ (!) @ (!)] TJ ET", b"@ 0 0 1 0 0 cm 1 1 5 5 re S",
    ],
)  # fmt: skip
def test_what_has_no_end_is_left_out(far: bytes) -> None:
    text = b"BT /F1 9 Tf 12 224 Td (B!) Tj ET "
    content = text + far.replace(b"@", b"9" * 400) + b" 10 220 90 20 re S"
    found, plain = (read_pdf(pdf(each)).pages[0].blocks for each in (content, text))
    assert texts(found) == texts(plain) != []


def test_the_same_bytes_give_the_same_blocks() -> None:
    data = upright_page().bytes()
    assert read_pdf(data) == read_pdf(data)
