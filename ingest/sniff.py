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

_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|table|frameset|div|p|br|h[1-6]|font|center"
    rb"|script|style|link|article|section|main|ul|ol|span|a)(?=[\s>/])",
    re.IGNORECASE,
)
# An XML document of another kind (RSS, RDF, XBRL) may well hold <title> or <link>.
_XML_ROOT = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*<([\w:.-]+)", re.S | re.I
)
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def sniff(data: bytes) -> FileKind:
    """Give what `data` is; "empty" where there is nothing but white space and NUL bytes."""
    if not data.strip(b"\0 \t\r\n\f\v\xef\xbb\xbf"):
        return "empty"
    pdf = data.find(b"%PDF-", 0, _HEAD)
    if pdf >= 0 and not _TAG.search(data, 0, pdf):
        return "pdf"
    head = data[:_LOOK]
    if encoding := _UTF16.get(head[:2]):
        head = head[2:].decode(encoding, "replace").encode("utf-8", "replace")
    elif head.count(b"\0") * 50 > len(head):
        return "other"  # binary that happens to hold a tag, e.g. an Office file
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.lstrip().startswith(b"<?xml"):
        root = _XML_ROOT.match(head)
        return "html" if root and root[1].lower().rpartition(b":")[2] == b"html" else "other"
    return "html" if _TAG.search(head) else "other"
