import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.sniff import FileKind, sniff

CASES: list[tuple[bytes, FileKind]] = [
    (b"%PDF-1.7\n...", "pdf"),
    (b"\xef\xbb\xbf%PDF-1.4", "pdf"),  # some servers put a byte order mark before everything
    (b"junk\n" * 100 + b"%PDF-1.3", "pdf"),  # readers accept the header within 1,024 bytes
    (b" " * 1024 + b"%PDF-1.3", "other"),  # and no further
    (b"<html><body>%PDF- is how they begin", "html"),
    (b"<!DOCTYPE html><title>404 Not Found</title>", "html"),
    ("お知らせ<BR>次のとおり".encode("cp932"), "html"),
    ("<html><p>方針".encode("utf-16"), "html"),
    (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html xmlns="y"><body/></html>', "html"),
    (b'<?xml version="1.0"?><!-- a --><rdf:RDF><title>feed</title></rdf:RDF>', "other"),
    (b"", "empty"),
    (b" \r\n\0\0", "empty"),
    (b"\xef\xbb\xbf", "empty"),
    (b"just words", "other"),
    (b"a < b and c > d", "other"),
    (b"PK\x03\x04" + b"\0" * 200 + b"<html>", "other"),  # an Office file with a tag inside
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "other"),
]


@pytest.mark.parametrize(("data", "kind"), CASES)
def test_bytes_decide(data: bytes, kind: FileKind) -> None:
    assert sniff(data) == kind


@given(st.binary(max_size=3000))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert sniff(data) in ("pdf", "html", "other", "empty")
