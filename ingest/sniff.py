"""What a file is, by its bytes alone.

Names lie: of the "PDFs" that one ministry's site served, every eighth was an HTML error page. A
reader is only ever chosen by what `sniff` says; the name decides no more than whether a file is
looked at, and whether what was found is what the name promised.
"""

import re
from typing import Literal

FileKind = Literal["pdf", "html", "other", "empty"]

_HEAD = 1024
"""ISO 32000-1, note to 7.5.2: readers accept the header anywhere in the first 1,024 bytes."""
_LOOK = 1 << 18
"""Bytes at the head of a file that are looked at; what stands beyond decides nothing."""
_NAME = 100
"""Bytes of an element's name that are read; no name that matters is longer."""

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
    """Give what `data` is; "empty" where there is nothing but white space and NUL bytes."""
    if not data.strip(b"\0 \t\r\n\f\v\xef\xbb\xbf"):
        return "empty"
    pdf = data.find(b"%PDF-", 0, _HEAD)
    if pdf >= 0 and not _TAG.search(data, 0, pdf):
        return "pdf"
    head = _head(data)
    if head.count(b"\0") * 50 > len(head):
        return "other"  # binary that happens to hold a tag, e.g. an Office file
    if head.lstrip().startswith(b"<?xml"):
        # An XML document of another kind (RSS, RDF, XBRL) may well hold <title> or <link>.
        return "html" if _root(head) == "html" else "other"
    return "html" if _TAG.search(head) else "other"


def xml_root(data: bytes) -> str:
    """Give the name of the first element in lower case and without prefix, "" where there is none.

    Only what may stand before the root of an XML document is read over, so any other text before
    the first element makes it "".
    """
    return _root(_head(data))


def _head(data: bytes) -> bytes:
    head = data[:_LOOK]
    if encoding := _UTF16.get(head[:2]):
        return head[2:].decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _root(head: bytes) -> str:
    # One pass with `find`, never a step back: as one regular expression this took a time that
    # doubled with every processing instruction.
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
