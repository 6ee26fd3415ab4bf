"""The kind of a file (PDF, web page, other, empty) by its bytes alone.

File names are not reliable: of the "PDFs" that one ministry's site served, every eighth was an HTML
error page. The reader is chosen by `sniff` only; the suffix decides whether a file is looked at at
all, and whether the kind found is the expected one.
"""

import re
from typing import Literal

FileKind = Literal["pdf", "html", "other", "empty"]

_HEAD = 1024
"""Bytes at the beginning in which "%PDF-" may stand: Adobe PDF Reference 1.7, Appendix H, note 13.
ISO 32000-1, 7.5.2, wants it at the first byte, but viewers go by the older rule."""
_LOOK = 1 << 18
"""Bytes at the beginning of a file that are looked at."""
_NAME = 100
"""Bytes of an element's name that are read; no name of interest is longer."""

_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|table|frameset|div|p|br|h[1-6]|font|center"
    rb"|script|style|link|article|section|main|ul|ol|span|a)(?=[\s>/])",
    re.IGNORECASE,
)
_BLANK = re.compile(rb"[ \t\r\n\f\v]*+")
_ROOT = re.compile(rb"<([\w:.-]{1,%d})" % _NAME)
# What may stand before the root of an XML document (XML 1.0, production 22), by how it begins and
# how it ends. A document type with an internal subset ends at its first ">", which is early, but
# what follows then is no element name.
_PROLOG = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!", b">"))
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def sniff(data: bytes) -> FileKind:
    """Return the kind of `data`; "empty" where it is white space and NUL bytes only."""
    if not data.strip(b"\0 \t\r\n\f\v\xef\xbb\xbf"):
        return "empty"
    pdf = data.find(b"%PDF-", 0, _HEAD)
    if pdf >= 0 and not _TAG.search(data, 0, pdf):
        return "pdf"
    head = _head(data)
    if head.count(b"\0") * 50 > len(head):
        return "other"  # binary that happens to contain a tag, e.g. an Office file
    if head.lstrip().startswith(b"<?xml"):
        # An XML document of another kind (RSS, RDF, XBRL) may contain <title> or <link>.
        return "html" if _root(head) == "html" else "other"
    return "html" if _TAG.search(head) else "other"


def xml_root(data: bytes) -> str:
    """Return the local name of the root element in lower case; "" where there is none.

    Only what XML allows before the root is skipped; other text before the first element gives "".
    """
    return _root(_head(data))


def _head(data: bytes) -> bytes:
    head = data[:_LOOK]
    if encoding := _UTF16.get(head[:2]):
        return head[2:].decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _root(head: bytes) -> str:
    # One pass with `find` and no backtracking: one regular expression took a time that doubled with
    # every processing instruction.
    place = 0
    while True:
        blank = _BLANK.match(head, place)
        place = blank.end() if blank else place
        for opening, closing in _PROLOG:
            if head.startswith(opening, place):
                end = head.find(closing, place + len(opening))
                if end < 0:
                    return ""
                place = end + len(closing)
                break
        else:
            root = _ROOT.match(head, place)
            return root[1].lower().rpartition(b":")[2].decode("latin-1") if root else ""
