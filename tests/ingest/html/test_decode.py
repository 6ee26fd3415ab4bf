import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.html.decode import LOST, declared_charset, decode

TEXT = "<p>人身取引対策に関する関係省庁連絡会議の開催状況。警察庁では、ｱｲｳ</p>"
EXTRA = "①㈱髙"  # in cp932, not in Shift_JIS


def _page(label: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'


def _cp51932(text: str) -> bytes:
    """Write EUC-JP as Windows does, with the rows of NEC that Python's codec has not."""
    out = bytearray()
    for char in text:
        code = char.encode("cp932")
        if len(code) == 1:
            out += b"\x8e" + code if code[0] > 0x7F else code
            continue
        lead, trail = code
        row = 2 * (lead - (0x81 if lead < 0xA0 else 0xC1)) + (trail >= 0x9F)
        cell = trail - (0x9F if trail >= 0x9F else 0x40 if trail < 0x7F else 0x41)
        out += bytes((row + 0xA1, cell + 0xA1))
    return bytes(out)


@pytest.mark.parametrize(
    ("label", "data", "encoding", "warned"),
    [
        ("Shift_JIS", TEXT.encode("cp932"), "cp932", False),
        ("x-sjis", TEXT.encode("cp932"), "cp932", False),
        ("EUC-JP", TEXT.encode("euc_jp"), "euc", False),
        ("ISO-2022-JP", TEXT.replace("ｱｲｳ", "").encode("iso2022_jp"), "jis", False),
        ("UTF-8", TEXT.encode(), "utf-8", False),
        ("Shift_JIS", TEXT.encode(), "utf-8", True),  # converted by someone, label kept
        ("UTF-8", TEXT.encode("cp932"), "cp932", True),
        ("iso-8859-1", TEXT.encode("euc_jp"), "euc", True),
        ("nonsense", TEXT.encode("cp932"), "cp932", True),
        ("utf-16", TEXT.encode(), "utf-8", False),  # ASCII bytes cannot announce UTF-16
    ],
)
def test_what_is_declared_is_checked_against_the_bytes(
    label: str, data: bytes, encoding: str, warned: bool
) -> None:
    result = decode(_page(label).encode() + data)
    assert result.encoding == encoding
    assert "警察庁では、" in result.text
    assert [problem.failed for problem in result.problems] == [False] * warned
    assert result.lost == 0


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "utf-8", "iso2022_jp"])
def test_without_a_declaration_the_bytes_tell_and_nobody_is_bothered(codec: str) -> None:
    text = TEXT.replace("ｱｲｳ", "")
    result = decode(text.encode(codec))
    assert result.text == text
    assert result.problems == ()


SHORT = "施策"  # too short to be told by its bytes: in EUC-JP it is half-width katakana, too


@pytest.mark.parametrize(
    ("header", "meta", "codec", "encoding"),
    [
        # The header goes before the page (HTML Standard, 13.2.3.2) …
        ("euc-jp", "", "euc_jp", "euc"),
        ("EUC-JP", "shift_jis", "euc_jp", "euc"),
        ('"euc-jp"', "", "euc_jp", "euc"),
        ("", "euc-jp", "euc_jp", "euc"),
        # … unless the bytes speak against it, …
        ("shift_jis", "", "utf-8", "utf-8"),
        ("utf-8", "shift_jis", "cp932", "cp932"),
        ("euc-jp", "shift_jis", "cp932", "cp932"),
        # … or it names nothing Japanese, as servers are delivered.
        ("iso-8859-1", "euc-jp", "euc_jp", "euc"),
        ("iso-8859-1", "", "utf-8", "utf-8"),
        ("nonsense", "euc-jp", "euc_jp", "euc"),
    ],
)
@pytest.mark.parametrize("text", [SHORT, TEXT.replace("ｱｲｳ", "")])
def test_the_header_goes_before_the_page_and_the_bytes_before_both(
    header: str, meta: str, codec: str, encoding: str, text: str
) -> None:
    data = (_page(meta) if meta else "").encode() + text.encode(codec)
    result = decode(data, header)
    assert result.text.endswith(text) and result.encoding == encoding
    assert result.problems == ()


def test_a_byte_order_mark_goes_before_the_header() -> None:
    assert decode("施策".encode("utf-8-sig"), "shift_jis").text == "施策"


def test_extensions_of_each_charset() -> None:
    assert EXTRA in decode(_page("shift_jis").encode() + (TEXT + EXTRA).encode("cp932")).text
    assert "①㈱" in decode(_page("euc-jp").encode() + _cp51932(TEXT + "①㈱")).text
    jis = TEXT.replace("ｱｲｳ", "").encode("iso2022_jp") + b"\x1b$B-!\x1b(B\x1b(I12\x1b(B"
    assert decode(_page("iso-2022-jp").encode() + jis).text.endswith("①ｱｲ")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_wins_over_the_declaration(codec: str) -> None:
    result = decode((_page("shift_jis") + TEXT).encode(codec))
    assert TEXT in result.text
    assert not result.problems


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        (_page("utf-8"), ["lost_characters"]),
        ("", ["lost_characters"]),
        (_page("shift_jis"), ["charset", "lost_characters"]),
    ],
)
def test_lost_bytes_are_counted_and_leave_a_mark(head: str, codes: list[str]) -> None:
    data = head.encode() + TEXT.encode() + b"\xff\xfe" + "終わり".encode()
    result = decode(data)
    assert result.lost == 2
    assert result.text.endswith(LOST * 2 + "終わり")
    assert "2 characters" in result.problems[-1].reason
    assert [(problem.code, problem.needs_attention) for problem in result.problems] == [
        (code, code == "charset")
        for code in codes  # losing one is no reason to ring every night
    ]


def test_a_stray_lead_byte_does_not_swallow_the_tag_behind_it() -> None:
    data = _page("euc-jp").encode() + TEXT.encode("euc_jp") + b"\xa4<b>x</b>"
    assert "<b>x</b>" in decode(data).text


def test_a_page_that_is_not_japanese() -> None:
    text = "<p>Révision du règlement général: accès, données, à jour</p>"
    assert decode(text.encode("cp1252")).text == text


def test_jis_line_end_without_escape_returns_to_ascii() -> None:
    data = _page("iso-2022-jp").encode() + b"\x1b$B7Y;!D#\n<br>\x1b$B7Y;!\x1b(B"
    assert decode(data).text.endswith("警察庁\n<br>警察")


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b"<meta charset=utf-8>", "utf-8"),
        (b"<META HTTP-EQUIV='content-type' CONTENT='text/html;charset=EUC-JP'>", "euc-jp"),
        (b'<?xml version="1.0" encoding="Shift_JIS"?>', "shift_jis"),
        (b"<!-- <meta charset=utf-8> --><meta charset=euc-jp>", "euc-jp"),
        (b"<meta name=x content='charset'>", ""),
        (b"", ""),
    ],
)
def test_declared_charset(head: bytes, label: str) -> None:
    assert declared_charset(head) == label


@given(st.binary(max_size=400))
def test_any_bytes_give_text(data: bytes) -> None:
    assert isinstance(decode(data).text, str)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_declared_utf8_is_read_back(text: str) -> None:
    page = _page("utf-8") + "これは会議の開催状況についてのページです。" * 8 + text
    assert decode(page.encode()).text == page
