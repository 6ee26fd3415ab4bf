"""Each way in which a file can be unreadable, through the whole of `parse_file`."""

from pathlib import Path

import pytest

from shisaku.ingest.batch.parse import parse_file, parser_versions, read_raw
from shisaku.ingest.model import Source
from shisaku.ingest.problems import UnreadableError

PAGE = '<meta charset="utf-8"><title>開催状況</title><p>警察庁は、被害者を保護した。</p>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.html", b" \n\0", "empty"),
        ("a.pdf", PAGE.encode(), "not_a_document"),  # an error page in place of the PDF
        ("a.html", b"%PDF-1.7\n", "not_a_document"),
        ("a.HTM", b"\x89PNG\r\n\x1a\n", "not_a_document"),
        ("a.html", b"<html><script>write()</script></html>", "no_text"),
        ("a.html", b"<html><frameset><frame src=b.html></frameset></html>", "frameset"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", "truncated"),
    ],
)
def test_an_unreadable_file_says_why_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    document = parse_file(path, f"x/{name}", (Source(f"raw/x/{name}"),), "0" * 64)
    assert [problem.code for problem in document.problems] == [code]
    assert document.failed
    assert document.title == name
    assert document.problems[0].reason
    assert document.problems[0].remedy
    with pytest.raises(UnreadableError):
        read_raw(path)


def test_a_page_becomes_a_document_with_its_address(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<link rel=canonical href=https://example.jp/a>{PAGE}", encoding="utf-8")
    document = parse_file(path, "a.html", (Source("raw/a.html"),), "0" * 64)
    assert not document.failed
    assert document.sources == (Source("raw/a.html", "https://example.jp/a"),)
    assert "警察庁は、被害者を保護した。" in [passage.text for passage in document.passages]


def test_a_wrong_charset_is_a_warning_beside_the_whole_text(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(PAGE.encode("cp932"))
    document = parse_file(path, "a.html", (Source("raw/a.html"),), "0" * 64)
    assert [(problem.code, problem.failed) for problem in document.problems] == [("charset", False)]
    assert any("警察庁" in passage.text for passage in document.passages)


def test_versions_name_parser_and_data() -> None:
    assert parser_versions() == parser_versions()
    assert set(parser_versions()) == {"shisaku", "data"}
