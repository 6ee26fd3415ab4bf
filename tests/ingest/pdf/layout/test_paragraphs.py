"""From lines to paragraphs: what a break says, and what it does not."""

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Box, Line, TextBlock
from shisaku.ingest.pdf.layout.edges import ends_with_value
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from tests.support.setting import line, lines, span

LEFT, EM = 72.0, 10.0


def make(rows: list[Line], chars: int = 20, *, cell: bool = False) -> list[TextBlock]:
    return make_blocks(rows, LEFT, LEFT + chars * EM, cell=cell)


def read(*texts: str, chars: int = 20, cell: bool = False) -> list[str]:
    """Set a line for each text, full-width spaces at its head as indent, in a column of `chars`."""
    rows = []
    for at, text in enumerate(texts):
        words = text.lstrip("\u3000")
        rows.append(line(words, LEFT + EM * (len(text) - len(words)), 100 + 16 * at))
    return [block.text for block in make(rows, chars, cell=cell)]


ONE = "人身取引の被害者を保護するため各地の窓口に"  # twenty characters and one
assert len(ONE) == 21

# Lines as set in a column of twenty characters, paragraphs as read.
CASES: list[tuple[str, list[str], list[str]]] = [
    (
        "a word goes on over the line break",
        ["\u3000地球温暖化対策として各地で再生可能エネル", "ギーの導入を進める。"],
        ["地球温暖化対策として各地で再生可能エネルギーの導入を進める。"],
    ),
    (
        "Latin words keep the space that the break stood for",
        ["\u3000各省庁は国際機関と協力しevidence based", "policy making を進める。"],
        ["各省庁は国際機関と協力しevidence based policy making を進める。"],
    ),
    (
        "a number broken over the line is one number",
        ["\u3000被害者の数は前の年に比べて増え、総数は12", "34人となった。"],
        ["被害者の数は前の年に比べて増え、総数は1234人となった。"],
    ),
    (
        "an indent opens a paragraph",
        ["\u3000窓口を設けた各地の警察署で多くの相談", "を受けた。", "\u3000研修を行った。"],
        ["窓口を設けた各地の警察署で多くの相談を受けた。", "研修を行った。"],
    ),
    (
        "a line that ends early ends the paragraph",
        ["\u3000窓口を設けた。", "次に研修を行った。"],
        ["窓口を設けた。", "次に研修を行った。"],
    ),
    (
        "a line may end early because a bracket must not stand at its end",
        ["\u3000政府は新たな計画をここに定め、各省は", "「人身取引対策行動計画」を進める。"],
        ["政府は新たな計画をここに定め、各省は「人身取引対策行動計画」を進める。"],
    ),
    (
        "… or because a Latin word did not fit",
        ["\u3000各国の窓口と連携を深めることとし、", "INTERPOL を通じて知らせる。"],
        ["各国の窓口と連携を深めることとし、INTERPOL を通じて知らせる。"],
    ),
    (
        "items of a list that fill their lines",
        ["・相談窓口を全国の警察署に設けることとする", "・職員の研修を毎年度二回は行うこととする"],
        ["・相談窓口を全国の警察署に設けることとする", "・職員の研修を毎年度二回は行うこととする"],
    ),
    (
        "an item with a hanging indent",
        [
            "○警察では、被害者が相談できる窓口を各地に",
            "\u3000設け、通訳を置いた。",
            "○研修を行った。",
        ],
        ["○警察では、被害者が相談できる窓口を各地に設け、通訳を置いた。", "○研修を行った。"],
    ),
    (
        "a mark at the head of a line may belong to its sentence",
        ["\u3000必要な様式及び記載の要領はすべて別表", "（１）のとおりとする。"],
        ["必要な様式及び記載の要領はすべて別表（１）のとおりとする。"],
    ),
    (
        "numbered headings that fill their lines",
        ["（１）被害者の相談に応じる窓口を設けること", "（２）職員に対する研修を毎年度行うこと"],
        ["（１）被害者の相談に応じる窓口を設けること", "（２）職員に対する研修を毎年度行うこと"],
    ),
    (
        "entries of a contents page are full and go nowhere",
        ["第１章　総論…………………………………１", "第２章　各論…………………………………７"],
        ["第１章　総論…………………………………１", "第２章　各論…………………………………７"],
    ),
    (
        "a full numbered heading over a paragraph that is indented like it",
        [
            "\u3000①被害者の相談に応じる全国の窓口の新設",
            "\u3000各地の警察署に被害者の相談に応じる窓口",
            "を設け、通訳を置いた。",
        ],
        [
            "①被害者の相談に応じる全国の窓口の新設",
            "各地の警察署に被害者の相談に応じる窓口を設け、通訳を置いた。",
        ],
    ),
    (
        "… which an item in two lines is not, though the next paragraph hangs out",
        [
            "\u3000①被害者の相談に応じる全国の窓口を新た",
            "\u3000に設けること。",
            "政府は、これを進める。",
        ],
        ["①被害者の相談に応じる全国の窓口を新たに設けること。", "政府は、これを進める。"],
    ),
    (
        "the ministries in charge close a paragraph, though no 。 follows them",
        [
            "\u3000各地の窓口で研修を行った。（厚生労働省）",
            "１　職員の研修",
        ],
        ["各地の窓口で研修を行った。（厚生労働省）", "１　職員の研修"],
    ),
    (
        "articles of a law, their further lines hanging out",
        [
            "第一条　この法律は、被害者を保護することを",
            "\u3000目的とする。",
            "第二条　国は、施策を定める。",
        ],
        ["第一条　この法律は、被害者を保護することを目的とする。", "第二条　国は、施策を定める。"],
    ),
]


@pytest.mark.parametrize(("what", "printed", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_paragraphs(what: str, printed: list[str], wanted: list[str]) -> None:
    assert read(*printed) == wanted


def test_an_indent_opens_a_paragraph_after_one_full_line() -> None:
    printed = ["\u3000窓口を設けた各地の警察署で相談を受けた。", "\u3000研修を行った。"]
    assert read(*printed) == [text.strip() for text in printed]


def test_marks_that_hang_out_do_not_make_the_column_wider() -> None:
    # Two lines stick out by a mark; 「職 had no room before the edge at which the others end.
    texts = [ONE[:20], ONE[:20] + "、", ONE[:20], ONE[:20] + "。", ONE[:20], ONE[:18]]
    rows = lines([*texts, "「職員」を置く。"], LEFT, 100)
    (block,) = make_blocks(rows, LEFT, LEFT + 21 * EM)
    assert len(block.lines) == 7


def test_a_mark_that_hangs_out_of_ragged_text_is_no_edge_either() -> None:
    texts = [ONE[:19] + "、", ONE[:19], ONE[:17]]
    rows = lines([*texts, "「職員」を置く。"], LEFT, 100)
    (block,) = make_blocks(rows, LEFT, LEFT + 20 * EM)
    assert len(block.lines) == 4


def test_letter_spaced_lines_leave_as_much_room_as_they_are_spaced() -> None:
    heading = line("被害者の相談に応じる窓口の整", LEFT, 100, right=LEFT + 184)
    rest = line("備", LEFT, 116, right=LEFT + 13)
    (block,) = make([heading, rest])
    assert len(block.lines) == 2
    # Set solid, the last character would have fitted.
    solid = line("被害者の相談に応じる窓口の早急の整備", LEFT, 100)
    assert len(make([solid, line("費", LEFT, 116)])) == 2


def test_less_than_half_a_line_parts_paragraphs_after_a_full_stop() -> None:
    rows = [*lines([ONE[:20], ONE[:19] + "。"], LEFT, 100), *lines([ONE[:20]] * 3, LEFT, 136.5)]
    assert [len(block.lines) for block in make(rows)] == [2, 3]


def test_the_column_is_as_wide_as_its_widest_line_where_none_end_together() -> None:
    # Ragged: what would have fitted at the end of a line begins the next paragraph.
    rows = [line(ONE[:20], LEFT, 100), line(ONE[:17], LEFT, 116), line("次に行う。", LEFT, 132)]
    assert len(make_blocks(rows, LEFT, LEFT + 20 * EM)) == 2


def test_a_quotation_that_goes_on_joins_the_lines_of_a_widely_set_heading() -> None:
    rows = [
        *lines([ONE[:20]] * 3, LEFT, 60),
        line("（６）各地の窓口及び「子どもの人権を守る", LEFT, 120, bold=True),
        line("手紙」の活用", LEFT, 145, bold=True),
        *lines([ONE[:20]] * 2, LEFT, 170),
    ]
    assert [len(block.lines) for block in make(rows)] == [3, 2, 2]
    # A quotation that begins anew says nothing.
    rows[4] = line("「手紙」の活用", LEFT, 145, bold=True)
    assert [len(block.lines) for block in make(rows)] == [3, 1, 1, 2]


@pytest.mark.parametrize(
    ("what", "x", "count"),
    [
        # 「…別表／第４節のとおり」: a mark at a hanging indent goes on with the sentence.
        ("a hanging indent", 72 + 20, 1),
        ("a heading further in than any indent", 72 + 70, 2),
    ],
)
def test_a_mark_far_in_opens_a_heading(what: str, x: float, count: int) -> None:
    rows = [line("Ｋ９３９　切開した創の機器加算", 72, 100), line("第４節　薬剤", x, 114)]
    assert len(make_blocks(rows, 72, 72 + 155)) == count, what


def test_a_gap_parts_paragraphs() -> None:
    full = ONE[:20]
    rows = [*lines([full] * 3, LEFT, 100), *lines([full] * 2, LEFT, 170)]
    assert [len(block.lines) for block in make(rows)] == [3, 2]


def test_wide_leading_alone_parts_nothing() -> None:
    rows = lines([ONE[:20]] * 4, LEFT, 100, leading=24)
    assert len(make(rows)) == 1


@pytest.mark.parametrize(
    "other",
    [
        line("警察庁の取組について窓口を設けた件", LEFT, 100, 14),  # a heading by its size
        line("警察庁の取組について窓口を設けた件の報告", LEFT, 100, bold=True),  # by its weight
    ],
)
def test_type_parts_paragraphs(other: Line) -> None:
    rows = [other, line(ONE[:20], LEFT, other.box.bottom + 6)]
    assert len(make(rows)) == 2


def centred(*texts: str, chars: int = 20) -> list[Line]:
    return [
        line(text, LEFT + (chars * EM - span(text, EM)) / 2, 100 + 16 * at)
        for at, text in enumerate(texts)
    ]


def test_centred_lines_are_titles_each() -> None:
    blocks = make(centred("人身取引対策行動計画", "フォローアップ"))
    assert [block.text for block in blocks] == ["人身取引対策行動計画", "フォローアップ"]
    assert all(block.centered for block in blocks)


def test_lines_set_to_the_right_stay_apart() -> None:
    # Number and date of a notice; joined, neither is found.
    rows = [
        line(text, LEFT + 200 - span(text, EM), 100 + 16 * at)
        for at, text in enumerate(["厚生労働省発0729第４号", "平成28年７月29日"])
    ]
    assert [block.text for block in make(rows)] == ["厚生労働省発0729第４号", "平成28年７月29日"]


def test_in_a_cell_centred_lines_are_one_label() -> None:
    (block,) = make(centred("職員の", "研修", chars=6), 6, cell=True)
    assert block.text == "職員の研修"
    assert not block.centered


# Labels of narrow cells: a line is a name or a piece of one.
NARROW = [
    (["文部科学", "省"], ["文部科学省"]),
    (["警察庁", "法務省"], ["警察庁", "法務省"]),
    (["厚生労働省", "（職業安定", "局）"], ["厚生労働省（職業安定局）"]),
    (["①窓口の", "②研修の"], ["①窓口の", "②研修の"]),
    (["令和2021", "2022年度"], ["令和2021", "2022年度"]),  # no number breaks
    (["警察庁生活", "安全局"], ["警察庁生活安全局"]),
]


@pytest.mark.parametrize(("printed", "wanted"), NARROW)
def test_lines_of_narrow_cells(printed: list[str], wanted: list[str]) -> None:
    assert read(*printed, chars=6, cell=True) == wanted


@pytest.mark.parametrize(
    ("text", "open_end"),
    [
        (ONE[:20], True),  # full, and in the middle of a sentence
        (ONE[:19] + "。", False),
        ("窓口を設けた", False),  # short
        ("窓口を設け、職員を置くことを定めた（注）。", False),
        ("窓口を設け、職員を置いた。（厚生労働省）", False),
        ("窓口を設け、職員を置いた（厚生労働省）", True),
    ],
)
def test_whether_a_paragraph_may_go_on_elsewhere(text: str, open_end: bool) -> None:
    (block,) = make([line(text, LEFT, 100)])
    assert block.open_end is open_end


def test_pieces_of_a_row_are_one_line_again() -> None:
    row = [line("日時", LEFT, 100), line("平成23年11月30日", LEFT + 60, 100.5)]
    (block,) = make(row, 30)
    assert block.text == "日時\u3000平成23年11月30日"
    assert len(block.lines) == 1


def test_marks_and_ruby_keep_their_words_when_pieces_are_joined() -> None:
    first = line("条約", LEFT, 100)
    box = line("絆の会1", LEFT + 60, 100).box
    second = Line("絆の会1", box, EM, ruby=((0, 1, "きずな"),), marks=((3, 4),))
    (block,) = make([first, second], 30)
    (whole,) = block.lines
    ((start, end),) = whole.marks
    assert whole.text[start:end] == "1"
    ((start, end, _),) = whole.ruby
    assert whole.text[start:end] == "絆"


def test_indent_is_counted_in_characters() -> None:
    (block,) = make([line("窓口を設けた。", LEFT + 20, 100)])
    assert block.indent == 2.0


def test_each_line_keeps_its_place() -> None:
    (block,) = make(lines([ONE[:20], "設けた。"], LEFT))
    assert [row.box.top for row in block.lines] == [72, 88]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("・項目", "bullet"), ("○警察では", "bullet"), ("※注意", "bullet"),
        ("\uf0b7項目", "bullet"), ("①協議", "circled"), ("（１）推進", "paren"),
        ("(ア) 研修", "paren"), ("１）目的", "closed"), ("第１章　総論", "ordinal"),
        ("第三十条　国は", "ordinal"), ("Ⅳ　方針", "roman"), ("I. 実態", "roman"),
        ("1.2 背景", "number"), ("３　目的", "number"), ("【警察庁】", "label"),
        ("注１）出典", "label"), ("ア　広報", "kana"), ("\u3000・項目", "bullet"),
        ("2016年に", ""), ("第三次計画", ""), ("カメラ", ""), ("", ""),
        ("（以下「法」という。）", ""),
    ],
)  # fmt: skip
def test_marks(text: str, kind: str) -> None:
    assert mark_of(text) == kind


def test_a_face_that_a_program_fills_in_opens_no_paragraph() -> None:
    # LibreOffice sets a line from another font where the first one lacks a letter of it.
    rows = [line("各地の窓口に相談員を置き続ける。", LEFT, 100, EM, font="Mincho"),
            line("（厚生労働省等）", LEFT, 116, EM, font="Gothic")]  # fmt: skip
    assert len(make(rows, 17)) == 1


# A line that ends in a value at the right edge, and whether the next one goes on with it.
VALUES: list[tuple[str, str, float, str, bool]] = [
    ("an item with its points", "Ｊ００１　会議室の利用", 180, "500点", False),
    ("… with a sum", "展示室の利用", 180, "1,500円", False),
    ("a space within a sentence", "会議は、次の要領により、平成三十年に", 12, "500人が", True),
    ("a date", "展示室の利用を始めるのは、早くとも", 25, "５月", True),
]


@pytest.mark.parametrize(("what", "item", "gap", "value", "goes_on"), VALUES,
                         ids=[case[0] for case in VALUES])  # fmt: skip
def test_an_item_ends_with_the_value_at_its_right(
    what: str, item: str, gap: float, value: str, goes_on: bool
) -> None:
    first = line(item, 72, 100)
    second = line(value, first.box.x1 + gap, 100)
    right = second.box.x1
    rows = [first, second, line("録音室又は撮影室の利用", 72, 116, right=right - 10)]
    made = make_blocks(rows, 72, right)
    assert (len(made) == 1) is goes_on


def test_a_bracket_below_a_value_belongs_to_its_item() -> None:
    rows = [
        line("ロ　入院料", 72, 100),
        line("827点", 300, 100),
        line("（受ける場合は813点）", 210, 116),
    ]
    assert len(make_blocks(rows, 72, rows[1].box.x1)) == 1


def set_to(*rows: tuple[str, float, float], cell: bool = False, right: float = 500) -> list[str]:
    """Give the paragraphs of rows (text, left edge, right edge in points), 16 points apart."""
    made = [
        replace(line(text, x0, 100 + 16 * at), box=Box(1, x0, 100 + 16 * at, x1, 110 + 16 * at))
        for at, (text, x0, x1) in enumerate(rows)
    ]
    if not cell:
        # A line that is full, well above.
        wide = replace(line(WIDE, LEFT, 40), box=Box(1, LEFT, 40, right, 50))
        made.insert(0, wide)
    return [block.text for block in make_blocks(made, LEFT, right, cell=cell)]


WIDE = "各地の窓口の一覧を示し、相談の件数と対応とを載せた。"


def test_text_beside_a_picture_has_an_edge_of_its_own() -> None:
    beside = [
        ("令和元年に開いた窓口では、警察と支援団", 82.0, 290.0),
        ("体とが協力し、五言語で相談を受け付けて", 72.0, 301.0),
        ("おり、翌年には二十の市に広がった。", 72.0, 240.0),
    ]
    read = set_to(*beside)
    assert read[1:] == ["".join(text for text, _, _ in beside)]


@pytest.mark.parametrize(
    ("second", "together"),
    [(277.0, False), (279.0, True), (301.0, True), (303.0, False)],  # 1.2 em on either side
)
def test_lines_of_an_edge_of_their_own_end_within_an_em(second: float, together: bool) -> None:
    rows = [
        ("令和元年に開いた窓口では、警察と支援団", 72.0, 290.0),
        ("体とが協力して相談を受け付けて", 72.0, second),
        ("おり、翌年には二十の市に広がった。", 72.0, 240.0),
    ]
    assert (len(set_to(*rows)) == 2) == together


@pytest.mark.parametrize(
    "rows",
    [
        # names that end alike: no sentence ends the list
        [("東京都立中央大学法学部教授　山田太郎様", 72.0, 290.0),
         ("大阪府立北部大学理学部教授　鈴木花子様", 72.0, 290.0),
         ("福岡県立南部大学工学部教授　佐藤一郎様", 72.0, 290.0)],
        # sentences that end alike
        [("相談の窓口を全ての県に置くこととした。", 72.0, 290.0),
         ("研修の回数を年に四度とすることとした。", 72.0, 290.0)],
        # a heading as long as the text below it, which shows its indent
        [("令和元年における窓口での相談の受付状況", 72.0, 290.0),
         ("各地の窓口では相談を受け付けている", 82.0, 290.0),
         ("ところである。", 72.0, 142.0)],
        # short lines: labels
        [("相談窓口の", 72.0, 122.0), ("設置状況と", 72.0, 122.0), ("した。", 72.0, 102.0)],
    ],
)  # fmt: skip
def test_lines_that_end_alike_are_no_paragraph_without_a_sentence(
    rows: list[tuple[str, float, float]],
) -> None:
    read = set_to(*rows)
    assert read[1] == rows[0][0]


def test_a_box_wider_than_its_text_has_the_edge_of_the_text() -> None:
    sentence = "次に二点目の窓口についてですが、少し懸念している点がございまして、英語で"
    rows = [
        (sentence, 72.0, 441.0), ("なくては相談ができないことです。", 72.0, 241.0),
        (sentence, 72.0, 444.0), ("なくては相談ができないことです。", 72.0, 241.0),
        (sentence, 72.0, 438.0), ("なくては相談ができないことです。", 72.0, 241.0),
        (sentence, 72.0, 440.0), (sentence, 72.0, 432.0),
        ("なくては相談ができないことです。", 72.0, 241.0),
    ]  # fmt: skip
    assert len(set_to(*rows, cell=True)) == 4
    # Four lines tell no edge, by which one that no sentence begins or ends is another paragraph.
    few = [rows[0], rows[2], ("相談の窓口", 72.0, 132.0), ("研修の予定である。", 72.0, 162.0)]
    assert len(set_to(*few, cell=True)) == 4


def test_an_item_with_a_value_at_the_right_edge_ends_there() -> None:
    item = ("Ｋ０１６　動脈皮弁術　41,120点", 72.0, 500.0)
    assert len(set_to(item, ("Ｋ０１７　遊離皮弁術", 72.0, 172.0))) == 3


@pytest.mark.parametrize(
    ("text", "width", "right", "wanted"),
    [
        ("動脈皮弁術　41,120点", 110.0, 110.0, True),  # 9.3 em of letters
        ("動脈皮弁術　41,120点", 106.0, 106.0, False),  # 1.3 em of white space parts words
        ("動脈皮弁術　41,120点", 110.0, 121.0, False),  # it ends before the edge
        ("動脈皮弁術　施行の日", 120.0, 120.0, False),
        ("動脈皮弁術41,120点", 120.0, 120.0, False),
    ],
)
def test_what_a_value_at_the_right_edge_is(
    text: str, width: float, right: float, wanted: bool
) -> None:
    assert ends_with_value(line(text, 0, right=width), right) == wanted


EMPHASIS = (
    "今後は窓口を増やすこととし、特に若い世代に",
    "向けた情報の発信を更に強めてゆくことを各省",
    "に求める。",
)


@pytest.mark.parametrize(
    ("bold", "count"),
    [
        ((False, True, False), 1),  # emphasis that fills a line
        ((True, False, False), 2),  # a heading over text
        ((True, True, False), 2),
        ((False, False, True), 1),
    ],
)
def test_bold_within_a_paragraph_is_emphasis(bold: tuple[bool, ...], count: int) -> None:
    rows = [
        replace(line(text, LEFT, 100 + 16 * at), bold=each)
        for at, (text, each) in enumerate(zip(EMPHASIS, bold, strict=True))
    ]
    assert len(make(rows, 21)) == count


# A paragraph beside a picture: its lines end before the edge of the column.
BESIDE = ["\u3000本年四月に、関係する機関と合同で、台湾", "から那覇港に入港した船を利用し、薬物七",
          "グラムを密輸しようとした者を逮捕した。"]  # fmt: skip


def test_a_paragraph_may_be_narrower_than_its_column() -> None:
    wide = "これは欄の右の端まで届いている行であり、その端がどこにあるかをよく示している。"
    assert read(*BESIDE, wide, chars=39) == ["".join(BESIDE).strip(), wide]


@pytest.mark.parametrize(("what", "texts"), [
    ("ragged lines", [BESIDE[0], BESIDE[1][:-3], BESIDE[2]]),
    ("sentences", [BESIDE[0][:-1] + "。", *BESIDE[1:]]),
    ("short lines", ["\u3000東京都千代田区", "霞が関一の二の二", "厚生労働省御中"]),
])  # fmt: skip
def test_what_is_no_narrow_paragraph(what: str, texts: list[str]) -> None:
    wide = "これは欄の右の端まで届いている行であり、その端がどこにあるかをよく示している。"
    assert len(read(*texts, wide, chars=39)) > 2


def test_notes_in_brackets_are_items() -> None:
    notes = [
        "（注３）協定に係る規定が盛り込まれているもの",
        "（注４）改正の内容が盛り込まれているもの",
    ]
    assert read(*notes, chars=20) == notes


@pytest.mark.parametrize(("end", "joined"), [("、", True), ("。", False), ("者", False)])
def test_a_line_that_stops_at_a_comma_goes_on(end: str, joined: bool) -> None:
    rows = ["署名した国について、その手続が完了したもの" + end, "協定の効力が発生する。"]
    assert (len(read(*rows, chars=40)) == 1) is joined


def test_an_item_with_a_number_in_brackets_follows_a_value() -> None:
    rows = [line("(1)　１月目", 72, 100), line("75点", 442, 100), line("(2)　２月目以降", 72, 116)]
    assert len(make_blocks(rows, 72, rows[1].box.x1)) == 2
