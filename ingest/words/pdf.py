"""A PDF → a digest of everything that does not change by itself, without interpreting pages.

Servers that generate or stamp a PDF for each request change its /ID, its dates, dates and ids in
its XMP metadata, comments, and with their lengths the offsets in the cross-reference table. All
else (each object, each stream, inflated) counts, as pictures are content too. Time is linear in the
size of the file; streams beyond `_UNPACKED` inflated bytes are compared as they are.

ISO 32000-1: 7.2.4 comments, 7.3.4 strings, 7.3.8 streams, 7.5.4 cross-reference table, 7.5.7 object
streams, 14.3 metadata, 14.4 file identifiers.
"""

import hashlib
import re
import zlib

_VERSION = "pdf1"
_UNPACKED = 256_000_000
"""Inflated bytes of all streams of a file together."""
_DICTIONARY = 8192
"""Bytes before a stream in which its dictionary is looked for."""

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_MARK = re.compile(rb"[%(]")
_IN_STRING = re.compile(rb"[()\\]")
_LINE_END = re.compile(rb"[\r\n]")
_DATE = re.compile(rb"D:\d{4}[0-9+\-Z'\s]*")
_DATE_KEY = re.compile(rb"/(?:CreationDate|ModDate|LastModified|M)\s*\Z")
_ID_OPEN = re.compile(rb"/ID\s*\[[^\]]*\Z")
_OWN = re.compile(
    rb"/ID\s*\[[^\]]{0,300}\]"  # bounded, as all below: else many openings take quadratic time
    rb"|/(?:CreationDate|ModDate|LastModified)\s*<[0-9A-Fa-f\s]*>"
    rb"|/DocChecksum\s*/?[^\s/>]*"
    rb"|/(?:Length|Prev|XRefStm|First)\s+\d+(?:\s+\d+\s+R)?"
    rb"|startxref\s+\d+"
    rb"|\b\d{10}\s\d{5}\s[nf]"
)
_LINEARIZED = re.compile(rb"/[LET]\s+\d+|/H\s*\[[^\]]{0,100}\]")
_SPACE = re.compile(rb"[\0\t\n\f\r ]+")
_KIND = re.compile(rb"/Type\s*/(XRef|ObjStm|Metadata)\b")
_FLATE = re.compile(rb"/Filter\s*(?:\[\s*)?/(?:FlateDecode|Fl)\b\s*(?:\]|/(?!\w*Decode)|>|\Z)")
_XMP = re.compile(
    rb"(\b(?:xmp|xap):(?:Create|Modify|Metadata)Date|\b(?:xmp|xap)MM:(?:Original)?(?:Document|"
    rb"Instance|Version)ID|\bst(?:Evt|Ref):(?:when|instanceID|documentID))"
    rb"(?:\s*=\s*(?:\"[^\"]{0,200}\"|'[^']{0,200}')|>[^<]{0,200}<)"
)


def pdf_digest(data: bytes) -> str:
    """Return a digest that is equal for PDFs with the same visible content."""
    digest = hashlib.sha256()
    left = _UNPACKED
    position = 0
    while match := _STREAM.search(data, position):
        between = data[position : match.start()]
        digest.update(b"o" + plain(between) + b"\0")
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        said, left = _stream(between[-_DICTIONARY:], data[match.end() : end], left)
        digest.update(b"s" + hashlib.sha256(said).digest())
        position = end + len(b"endstream")
    digest.update(b"o" + plain(data[position:]))
    return f"{_VERSION}:{digest.hexdigest()}"


def _stream(head: bytes, content: bytes, left: int) -> tuple[bytes, int]:
    """Return the bytes of a stream that count, and how many bytes may still be inflated."""
    # The dictionary of this object only.
    head = head[max(0, head.rfind(b" obj")) :]
    kind = _KIND.search(head)
    if kind and kind[1] == b"XRef":
        return b"", left
    content = content.rstrip(b"\r\n")
    if _FLATE.search(head):
        unpacked = _inflated(content, left)
        if unpacked is not None:
            left -= len(unpacked)
            content = unpacked
        else:
            return content, left
    if kind and kind[1] == b"Metadata":
        return _SPACE.sub(b" ", _XMP.sub(rb"\1", content)), left
    if kind and kind[1] == b"ObjStm":
        return _objects(head, content), left
    return content, left


def _inflated(content: bytes, left: int) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(content, max(left, 1))
    except zlib.error:
        return None
    return found if unpacker.eof else None


def _objects(head: bytes, content: bytes) -> bytes:
    """Return the objects of an object stream without their offsets, which change with the dates."""
    first = re.search(rb"/First\s+(\d{1,10})", head)
    begin = int(first[1]) if first else 0
    numbers = content[:begin].split()[::2]
    return b" ".join(numbers) + b"\0" + plain(content[begin:])


def plain(data: bytes) -> bytes:
    """Return objects of a PDF without comments, dates, ids and offsets; white space collapsed.

    A "%" within a string is no comment (7.2.4), so strings are followed to their ends.
    """
    out: list[bytes] = []
    position = 0
    while match := _MARK.search(data, position):
        start = match.start()
        out.append(data[position:start])
        if match[0] == b"%":
            line_end = _LINE_END.search(data, start)
            position = line_end.start() if line_end else len(data)
            continue
        position = _string_end(data, start)
        text = data[start:position]
        before = b"".join(out[-2:])[-200:]
        if _DATE_KEY.search(before) or _DATE.fullmatch(text[1:-1]) or _ID_OPEN.search(before):
            text = b"()"
        out.append(text)
    out.append(data[position:])
    found = _OWN.sub(b" ", b"".join(out))
    if b"/Linearized" in found:
        found = _LINEARIZED.sub(b" ", found)
    return _SPACE.sub(b" ", found).strip()


def _string_end(data: bytes, start: int) -> int:
    """Return the offset after the string that begins at `start`; the end of `data` for none."""
    depth, position = 1, start + 1
    while match := _IN_STRING.search(data, position):
        position = match.end()
        if match[0] == b"\\":
            position += 1
        else:
            depth += 1 if match[0] == b"(" else -1
            if not depth:
                return position
    return len(data)
