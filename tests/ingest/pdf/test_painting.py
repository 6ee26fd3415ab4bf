"""The fast reader of content streams against pdfplumber's own: the same objects, or none at all."""

import io
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF, PSException
from pdfminer.psparser import PSStackParser

from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.pdf.actual_text import layout
from shisaku.ingest.pdf.glyphs.visible import read_glyphs
from shisaku.ingest.pdf.painting import FontShelf, QuickPdf, UnknownContentError, read_page
from shisaku.ingest.pdf.painting.parser import QuickParser, QuickStreamParser
from shisaku.ingest.pdf.painting.syntax import shown_array
from tests.support.corpus import seed
from tests.support.pdf_by_hand import pdf

SAMPLE = Path(__file__).parents[3] / "data/raw/sample"


def plain(value: Any) -> Any:
    """Give a value so that equal ones of two documents compare as equal."""
    if isinstance(value, PDFStream):
        return "stream"
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


OF_CHARS = {"text", "x0", "x1", "top", "bottom", "doctop", "size", "fontname", "upright"}
"""What the fast reader gives of a character."""
OF_PATHS = {"x0", "x1", "top", "bottom", "stroke", "fill", "non_stroking_color"}
"""What it gives of a path, with the next of those of one kind."""
OF_KIND: dict[str, set[str]] = {"line": set(), "rect": {"height"}, "curve": {"pts"}}
UNREAD = {"mcid", "tag", "page_number"}
"""What it does not give of an image."""


def table(objects: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # An inline image is called by the address of its data.
    return {
        kind: [{key: plain(v) for key, v in item.items() if key != "name"} for item in items]
        for kind, items in objects.items()
    }


def stock(objects: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Give pdfplumber's objects as the fast reader has to give them."""

    def given(kind: str, key: str) -> bool:
        if kind == "char":
            return key in OF_CHARS
        return key in OF_PATHS | OF_KIND[kind] if kind in OF_KIND else key not in UNREAD

    return table({
        kind: [{key: v for key, v in item.items() if given(kind, key)} for item in items]
        for kind, items in objects.items()
    })  # fmt: skip


def both(data: bytes) -> list[tuple[Any, Any]]:
    """Read each page by pdfplumber and by the fast reader."""
    read = []
    with pdfplumber.open(io.BytesIO(data)) as theirs, QuickPdf(data) as ours:
        fonts = FontShelf()
        for other, page in zip(theirs.pages, ours.pages, strict=True):
            other._layout, replaced = layout(other)
            painted = read_page(page, fonts)
            ours_ = table(painted.for_pdfplumber(page))
            read.append(((stock(other.objects), replaced), (ours_, painted.replaced)))
    return read


def assert_same(data: bytes) -> dict[str, list[dict[str, Any]]]:
    pages = both(data)
    for expected, found in pages:
        assert found == expected
    objects: dict[str, list[dict[str, Any]]] = pages[0][0][0]
    return objects


TEXT = b"BT /F1 10 Tf 20 250 Td "
LINE = (
    b"q 5 6 7 8 re W* n BT /F2 9.5 Tf 1 0 0 1 20 30.5 Tm 1 0 0 RG 0 g 2 Tc "
    b"[<0001>-23.5<00010002> 4 (\0\1)] TJ ET Q "
)


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        (TEXT + b"(B!\\042) Tj ET", {"char": 3}),
        (TEXT + b"[(B) -250 <42 4> 3.5 (\\(B\\)\\\n)] TJ ET", {"char": 6}),
        (TEXT + b"3 Tc 2 Tw 80 Tz 14 TL (B B) Tj T* (B) ' 1 2 (B B) \" ET", {"char": 7}),
        (TEXT + b"0 -12 TD 4 Ts (B) Tj T* (B) Tj ET (B) Tj", {"char": 3}),
        # A two-byte font; a code that stands for nothing, a pair of surrogates, a ligature.
        (b"BT /F2 12 Tf 1 0 0 1 20 100 Tm <0001000200030006FFFF> Tj ET", {"char": 5}),
        (b"BT /F2 12 Tf 0 1 -1 0 50 50 Tm [<0001> 120 <0003>] TJ ET", {"char": 2}),
        (b"BT /F2 12 Tf 1 0 .3 1 50 50 Tm <00010003> Tj ET", {"char": 2}),
        (b"BT /F2 12 Tf -1 0 0 -1 90 90 Tm <00010003> Tj ET", {"char": 2}),
        (b"BT /F3 12 Tf 90 280 Td 1 Tc [<4EBA8EAB> 200 <53D6>] TJ ET", {"char": 3}),
        (b"BT /F4 12 Tf 9 9 Td (Av) Tj /None 8 Tf (x) Tj ET", {"char": 3}),
        # What is invisible is read all the same.
        (TEXT + b"3 Tr (B) Tj ET", {"char": 1}),
        (b"10 10 30 20 re S 10 10 30 0 re f 10 10 0 9 re f* 5 5 m 9 5 l S", {
            "rect": 2, "curve": 1, "line": 1,
        }),
        (b"1 0 0 -1 0 300 cm 2 w [3 1] 0 d 10 10 30 20 re 50 50 10 10 re B", {"rect": 2}),
        (b"0 1 -1 0 0 0 cm 10 10 30 20 re B .7 .7 -.7 .7 0 0 cm 1 1 3 3 re s", {
            "rect": 1, "curve": 1,
        }),
        (b"1 1 m 1 1 5 5 re W n 5 5 l S 7 1 1 5 5 re W* n 5 l n 3 M /G gs 1 1 2 2 re ET f",
         {"rect": 1}),
        (b"1 1 m 5 1 l 5 5 l 1 5 l 1 1 l h S 1 1 m 5 1 l 5 5 l 1 5 l 1 1 l f", {"rect": 2}),
        (b"1 1 m 2 2 3 3 4 1 c 2 2 4 4 v 5 5 6 6 y h B*", {"curve": 1}),
        (b"9 9 m 1 1 m 5 1 l 3 3 m S  4 4 m S  5 5 l S  h f", {"line": 1, "curve": 1}),
        (b"1 1 5 5 re 9 9 l S  1 1 m 1 1 5 5 re h f  1 1 5 5 re W n 0 0 m", {"curve": 2}),
        # Colours: of spaces, of patterns, left as they were where they cannot be read.
        (b".5 g 1 0 0 RG 0 0 0 1 k 1 1 5 5 re B /CS0 cs 1 .5 0 scn /CS1 CS 1 1 SCN 1 1 5 5 re B "
         b"/CS2 cs /P1 scn /Nil CS 3 SC 1 1 5 5 re f /Pattern CS .5 SC (x) scn 1 1 5 5 re S " + TEXT
         + b"(B) Tj ET", {"rect": 4, "char": 1}),
        (b"q 3 w .2 G 2 0 0 2 0 0 cm q 1 1 5 5 re S Q Q Q 1 1 5 5 re S", {"rect": 2}),
        # Forms, within one another and without q; images.
        (b"/Fm Do 1 1 5 5 re S q 2 0 0 2 0 0 cm /Fm Do Q /No Do /Im Do", {
            "rect": 3, "char": 4, "image": 1,
        }),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID \0EI\nEI 1 1 5 5 re S", {"image": 1, "rect": 1}),
        # Marked content, and what it stands for.
        (b"/P <</MCID 3>> BDC " + TEXT + b"(B) Tj ET 1 1 5 5 re S EMC f /P BMC 1 1 2 2 re f EMC",
         {"char": 1, "rect": 2}),
        (b"/Span <</ActualText <FEFF4EBA8EAB>>> BDC " + TEXT + b"(BB) Tj /Q BMC (B) Tj EMC EMC ET",
         {"char": 3}),
        (b"/P <</Lang (ja)/MCID 7>>BDC /P <</MCID 1 /MCID 2>> BDC f 1 1 2 2 re f /N BMC 1 1 5 5 re "
         b"f", {"rect": 2}),
        (b"1 1 2 2 re f " + TEXT + b"(B) Tj ET /P BMC f EMC", {"rect": 1, "char": 1}),
        (b"/Span <</ActualText (one)>> BDC " + TEXT + b"(BB) Tj EMC ET", {"char": 2}),
        (b"/Span /Named BDC /Artifact <</Type/Pagination/BBox[1 2 3 4]/X true>> BDC " + TEXT
         + b"(B) Tj ET EMC EMC /P MP /P <<>> DP", {"char": 1}),
        # Numbers, comments and operands as no writer should leave them.
        (b"%(a\n1 1 5. +5 re%x\nS -.5 .5 .25 -0 re S 7 1 1 5 5 re S 5 5 re S --5 6 m 1 2 l S", {
            "rect": 2, "curve": 1, "line": 1,
        }),
        (b"1 2 3 4 5 6 7 8 9 10 11 re S 1 1 5 5re S 0 0 1 1 xx 1 1 re S", {"rect": 3}),
        (TEXT + b"(B(B\\)) Tj) Tj [] TJ () Tj <> Tj [(a)1 2(b)]TJ/F1 4 Tf(B)Tj ET", {"char": 11}),
        (TEXT + b"/F#31 7 Tf (a\\\r\nb\\z\\8\\53) Tj ET", {"char": 3}),
        # A line within its own clip leaves font, place, spacing, colour and path as they were.
        (TEXT + b"1 Tc /Fm Do 5 5 m " + LINE + b" (B B) Tj ET 9 9 l S 1 1 5 5 re B", {
            "char": 9, "rect": 2,
        }),
        (b"5 5 m " + LINE.replace(b"5 6 7 8 re W* n", b"") + b" 9 9 l S", {"char": 4, "line": 1}),
        (LINE.replace(b"2 Tc ", b"-.5 Tc") + LINE.replace(b"2 Tc ", b"0 g") + b"(B B) Tj" +
         LINE.replace(b"2 Tc ", b"2 Tcx") + LINE.replace(b"2 Tc ", b"3 g1 g"), {"char": 16}),
        (LINE.replace(b"1 0 0 RG", b"7 0 g") + LINE.replace(b"ET Q", b"ET (B) Tj Q"), {"char": 8}),
        (b"q 2 0 0 2 0 0 cm 7 " + LINE.replace(b"1 0 0 1 20", b"0 1 -1 0 20") + b" w Q " + LINE,
         {"char": 8}),
        # A line that is all of a marked content, in another that stands for other characters.
        (TEXT + b"/S <</ActualText (ab)>> BDC (B) Tj /P <</MCID 7>> BDC " + LINE + b"EMC (B) Tj "
         b"EMC " + LINE + b" EMC /P <</MCID 8>> BDC " + LINE + b"EMCx (B) Tj", {"char": 15}),
        # A fill with its colour, with that before it, and in a path; a font with what it sets.
        (b"1 0 .5 rg 1 1 5 5 re f* 9 2 2 2 re f .5 0 0 rg 2 2 4 3 re fx 7 7 m 0 1 0 rg 3 3 2 2 re "
         b"f 1 1 2 2 re B 1 rg 9 9 1 1 re f", {"rect": 6}),
        (TEXT + b"0 0 1 rg /F2 9 Tf 5 0 Td <0001> Tj 4 0 Td <0001> Tj 1 0 0 rg BT\n/F1 7 Tf(B) Tj "
         b"1 1 5 5 re f BT /F2 8 Tf <0001> Tj 3 4 Td <0001> Tj 0 0 1 rg 3 4 Td <0001> Tj",
         {"char": 6, "rect": 1}),
        # Steps: level, down, in a slanted line, in a vertical font, in none, out of rule.
        (TEXT + b"9 /F2 9 Tf <0001> Tj 3 0 Td <0001> Tj 4 -5 Td<00 02>Tj 0 0 Td <> Tj 4 0 Td "
         b"<00010003> Tj 1 Tc 3 0 Td <00010001> Tj /Q gs 5 0 Td <0001> Tj 5 0 TD <0001> Tj",
         {"char": 9}),
        (b"/F2 9 Tf 0 1 1 .5 50 60 Tm 3 4 Td <0001> Tj 3 4 Td <00010001> Tj /F3 9 Tf 3 4 Td <4EBA> "
         b"Tj 7 6 Td <4EBA> Tj 1 2 3 Td <4EBA> Tj", {"char": 6}),
        (b"/F2 9 Tf 2 0 0 3 50 60 Tm <00010003> Tj 2 0 0 3 70 60 Tm <0001> Tj 0 0 Td <0001> Tj 4 0 "
         b"Td <0001> Tj 2 0 0 2 70 60 Tm<0001>Tj 3 0 0 2 70 60 Tm <0001> Tj 3 0 1 2 9 60 Tm "
         b"<0001> Tj 3 0 1 2 70 60 Tm <00010001> Tj 3 1 0 2 9 60 Tm <0001> Tj 7 3 0 0 2 9 60 Tm "
         b"<0001> Tj",
         {"char": 12}),
        (b"3 4 Td <0001> Tj 5 6 Td <0001> Tj /F2 9 Tf <0001> Tj", {"char": 1}),
        (b"/F2 9 Tf /S <</ActualText (ab)>> BDC 3 4 Td <0001> Tj 5 0 Td <0001> Tj EMC 1 1 3 3 re f "
         b"0 0 m f", {"char": 2, "rect": 1, "curve": 1}),
        (TEXT + b"/F2 9 Tf 2 Tc 4 0 Td <0001> Tj 9 0 Td <00010002> Tj 9 0 Td <0001> Tj 9 0 Td "
         b"<0001> Tj 1 Tw 2 0 Td <00010007> Tj", {"char": 7}),
        # Numbers with two points are two, also where they mean nothing.
        (TEXT + b"(B) Tj 1.2.3 J 5 5 9 re f 1 0.1.2 0 rg 1 0 0.1.2 rg /F1 10 Tf (B) Tj 1.2.3 4 5 "
         b"re W n 6 re f 1..2 M 3 4 5 re f", {"char": 2, "rect": 2}),
        # Words that stand for others between words at the same height that don't.
        (TEXT + b"(B) Tj /S <</ActualText (ab)>> BDC (BB) Tj [(B) 9 (B)] TJ EMC (B) Tj /S <<"
         b"/ActualText (c)>> BDC (B) Tj EMC (B) Tj ET", {"char": 8}),
        (b"", {}),
    ],
)  # fmt: skip
def test_each_operator_paints_what_pdfplumber_paints(
    content: bytes, counts: dict[str, int]
) -> None:
    objects = assert_same(pdf(content))
    assert {kind: len(items) for kind, items in objects.items()} == counts


@pytest.mark.parametrize(
    "page",
    [
        "/Rotate 90",
        "/Rotate 180 /MediaBox [10 20 210 320]",
        "/Rotate 270 /CropBox [20 20 150 250]",
        "/MediaBox [-50 -40 150 260] /CropBox [0 0 100 100]",
    ],
)
def test_pages_that_are_turned_or_do_not_begin_at_the_origin(page: str) -> None:
    assert_same(pdf(TEXT + b"(B!) Tj ET 10 10 30 20 re S /Fm Do /Im Do", page))


def test_a_token_ends_with_the_stream_that_holds_it() -> None:
    streams = {20: ("", b"10 10 30"), 21: ("", b"20 re S BT /F1 9 Tf (B) T"), 22: ("", b"j ET")}
    objects = assert_same(pdf(b"", contents="[20 0 R 21 0 R 99 0 R 22 0 R]", streams=streams))
    assert len(objects["rect"]) == 1


# N! is 両 in the font of two bytes: a code without a character advances here, and not in pdfminer.
WORDS = [
    b"q", b"Q", b"BT", b"ET", b"S", b"f", b"f*", b"B", b"n", b"h", b"W", b"EMC", b"T*",
    b"1 0 0 1 3 4 cm", b"0 2 -1 0 3 4 cm", b"5 5 20 30 re", b"1 2 m", b"30 2 l", b"1 2 3 4 5 6 c",
    b"/F1 9 Tf", b"/F2 11 Tf", b"/F3 8 Tf", b"(N!) Tj", b"<00010002> Tj", b"[(B) -9 <01>] TJ",
    b"3 -4 Td", b"3 -4 TD", b"1 0 0 1 50 60 Tm", b"0 1 1 0 5 6 Tm", b"2 Tc", b"3 Tw", b"90 Tz",
    b"12 TL", b"5 Ts", b"(B) '", b"1 2 (B) \"", b".5 g", b"1 0 0 RG", b"/CS0 cs", b"/CS1 CS",
    b"1 0 1 sc", b"/P1 scn", b"1 SCN", b"2 w", b"[2] 1 d", b"/P <</MCID 4>> BDC", b"/P BMC",
    b"/S <</ActualText (ab)>> BDC", b"/Fm Do", b"/Im Do", b"7", b"/N", b"(s)", b"[1 2]", b"true",
    b"<</A 1>>", b"gs", b"re", b"nonsense", b"% note\n", LINE, b"3 0 Td <0001> Tj",
    b"3 1 Td <00010001> Tj", b"4 0 Td <42> Tj",
    b"/P <</MCID 4>> BDC " + LINE + b"EMC", b"1 0 0 rg BT /F2 9 Tf 4 0 Td <0001> Tj",
    b"5 5 7 8 re f", b"0 .5 1 rg", b".2 .3 .4 rg 1 1 5 5 re f*",
    b"1 0 0 1 70 60 Tm <0001> Tj", b"1 0 0 2 80 60 Tm <00010001> Tj",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_operators_reads_alike_or_is_left_to_pdfplumber(words: list[bytes]) -> None:
    data = pdf(b"BT /F1 9 Tf " + b" ".join(words))
    try:
        assert_same(data)
    except UnknownContentError:
        read_pdf_or_not(data)


@given(
    st.lists(
        st.sampled_from(
            [b"<4E>", b"<4EBA 8E>", b"<4>", b"<>", b"< 4E>", b"-23", b"+.5", b"7.", b".", b"-",
             b"--5", b"1.2.3", b" ", b"\n", b"3 4", b"5-3"],
        ),
        max_size=12,
    )
)  # fmt: skip
def test_an_array_of_hexadecimal_strings_reads_as_one_of_plain_strings(pieces: list[bytes]) -> None:
    inner = b"".join(pieces)
    # An empty string adds nothing, but has the array taken piece by piece.
    assert shown_array(inner) == shown_array(inner + b"()")


def read_pdf_or_not(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as file:
        layout(file.pages[0])


@pytest.mark.parametrize(
    "content",
    [b"[(B) Tj", b"(B", b"<0g> Tj", b"<< /A", b"(a) w", b"1 2 /X rg", b"(B) TJ", b"}",
     b"/F1 (x) Tf", b"(\\777) Tj", b"[" * 99],
)  # fmt: skip
def test_what_breaks_the_syntax_is_left_to_pdfplumber(content: bytes) -> None:
    data = pdf(TEXT + content)
    with pdfplumber.open(io.BytesIO(data)) as file, pytest.raises(UnknownContentError):
        read_page(file.pages[0], FontShelf())


def test_a_page_with_a_stray_sign_is_read_by_pdfplumber() -> None:
    data = pdf(TEXT + b"(!) Tj } (B!) Tj ET")
    with QuickPdf(data) as file, pytest.raises(UnknownContentError):
        read_page(file.pages[0], FontShelf())
    (block,) = read_pdf(data).pages[0].blocks
    assert "".join(block.text.split()) == "!B!"


PIECES = [
    b"1 0 obj", b"<<", b">>", b"[", b"]", b"/Na#20me", b"/Key", b"12", b"-3.5", b".5", b"+", b"1.",
    b"(a(b)\\)", b"(plain)", b"<41 42>", b"<4>", b"3 0 R", b"R", b"true", b"null", b"%x\n", b"{",
    b"}", b"endobj", b"[1 2.5 -3]", b"[ 1 (a) 2 0 R ]", b"<</A 1/B[/C]>>", b"x#y", b">", b"\0",
    b"\n", b"  ", b"[0/a /b.c 7/d_*]", b"[/x#y 1/]", b"[1 2]",
]  # fmt: skip


def objects_of(parser: PSStackParser[Any]) -> list[str]:
    found = []
    try:
        while True:
            place, value = parser.nextobject()
            found.append(f"{place} {value!r}")
    except PSEOF:
        return found
    except (PSException, ValueError) as error:
        return [*found, type(error).__name__]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([b"", b" "]))
@settings(max_examples=300, deadline=None)
def test_objects_are_read_as_pdfminer_reads_them(pieces: list[bytes], between: bytes) -> None:
    data = between.join(pieces)
    assert objects_of(QuickStreamParser(data)) == objects_of(PDFStreamParser(data))
    data += b" endobj"
    expected = objects_of(PDFParser(io.BytesIO(data)))
    assert objects_of(QuickParser(io.BytesIO(data))) == expected


def test_what_is_known_does_without_pdfplumbers_interpreter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(page: object) -> None:
        pytest.fail(f"{page} was left to pdfplumber")

    monkeypatch.setattr("shisaku.ingest.pdf.drawing.layout", forbidden)
    for path in SAMPLE.glob("*.pdf"):
        assert read_pdf(path.read_bytes()).pages


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.pdf")), ids=lambda path: path.name)
def test_the_sample_reads_alike(path: Path) -> None:
    assert_same(path.read_bytes())


@pytest.mark.parametrize("name", ["jidou-porno-taisaku-3-2016-07.pdf", "isa-brochure-2023.pdf"])
def test_the_seeds_read_alike(name: str) -> None:
    assert_same(seed(name).read_bytes())


def test_a_media_box_by_its_other_corners_is_the_same_page() -> None:
    content = TEXT + b"(BCD) Tj ET 5 5 9 re f"
    boxes = ("/MediaBox [0 0 200 300]", "/MediaBox [200 300 0 0]")
    first, second = (both(pdf(content, box))[0][1] for box in boxes)
    assert first == second


@pytest.mark.parametrize(
    ("content", "bold"),
    [
        # What Word prints where a font has no bold: filled and stroked in one colour, 0.02 em.
        (b"2 Tr 0.24 w (B) Tj", True),
        (b"0 0 0 RG 0 0 0 rg 2 Tr 0.24 w (B) Tj", True),
        (b"0.24 w /DeviceGray CS 0 SCN 2 Tr (B) Tj", True),
        (b"0 0 0 1 K 0 g 2 Tr 0.24 w (B) Tj", True),  # black in CMYK and in gray
        (b"6 Tr 0.24 w (B) Tj", True),  # and added to the clipping path
        # The width is in units of the page: 0.06 of a point on either side of the bound.
        (b"2 Tr 0.06 w (B) Tj", True),
        (b"2 Tr 0.05 w (B) Tj", False),
        (b"2 Tr 0 w (B) Tj", False),  # the thinnest line that a printer draws
        (b"q 2 0 0 2 0 0 cm 2 Tr 0.06 w /F1 5 Tf (B) Tj Q", True),
        (b"1 1 1 RG 2 Tr 0.24 w (B) Tj", False),  # a white rim parts letters from a picture
        (b"2 Tr 0.24 w 1 0 0 RG (B) Tj", False),
        (b"2 Tr 0.24 w 1 0 0 RG 1 0 0 rg (B) Tj", True),
        (b"0 Tr 0.24 w (B) Tj", False),
        (b"1 Tr 0.24 w (B) Tj", False),  # an outline alone
        (b"q 2 Tr 0.24 w Q (B) Tj", False),
        (b"2 Tr 0.24 w q 0 Tr Q (B) Tj", True),
    ],
)
def test_letters_with_an_outline_of_their_colour_are_bold(content: bytes, bold: bool) -> None:
    data = pdf(b"BT /F1 10 Tf 20 100 Td " + content + b" ET")
    with QuickPdf(data) as document:
        strips = read_page(document.pages[0], FontShelf()).strips
    assert [strip.emboldened for strip in strips] == [bold]
    glyphs = read_glyphs(strips, 200, 300).glyphs
    assert [glyph.doubled for glyph in glyphs] == [bold]
