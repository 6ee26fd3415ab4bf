"""The objects of a PDF file read by pattern: pdfminer's parser with another lexer.

pdfminer works through a state machine on buffers of 4 KB; widths of fonts alone are ten thousands
of tokens in some files. Here the file is one buffer and a token one match; what the pattern does
not take, the last token of a file for one, goes through the state machine as before.
"""

import contextlib
import io
import re
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psexceptions import PSEOF, PSSyntaxError, PSTypeError
from pdfminer.psparser import KWD, LIT, PSBaseParser, PSLiteral, PSStackParser, literal_name
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.pdfinternals import resolve_and_decode

from shisaku.ingest.pdf.painting.syntax import hex_string, plain_number

_TOKEN = re.compile(
    rb"(?:[\s\0]++|%[^\r\n]*+(?=[\r\n]))*+(?:"
    rb"([-+]?\d++)(?=[^\d.])"
    rb"|/([^#/%\[\]()<>{}\s]*+)(?=[^\#])"
    rb"|([A-Za-z][^#/%\[\]()<>{}\s]*+)(?=[\s\0-\xff])"
    rb"|(\[|\]|<<|>>)"
    rb"|([-+]?(?:\d++\.\d*+|\.\d++))(?=[\s\0-\xff])"
    rb"|\(([^()\\]*+)\)"
    rb"|<([0-9A-Fa-f\s]*+)>(?!>)"
    rb")"
)
_INTEGER, _NAME, _WORD, _SIGN, _FLOAT, _TEXT, _HEX = range(1, 8)
_WORDS = {b"true": True, b"false": False}
_VALUES = {int, float, bool, bytes, PSLiteral}

# A reference, or an array of numbers and plain names, as are the widths and the characters of a
# font: as one where several tokens would do.
_SHORT = re.compile(
    rb"[\s\0]*+(?:"
    rb"(\d++)\s++\d++\s++R(?=[\s/\[\]<>(])"
    rb"|\[((?:\s*+(?:[-+]?(?:\d++(?:\.\d*+)?|\.\d++)|/[\w.+*-]++)(?=[\s\]/]))*+)\s*+\]"
    rb")"
)
_BEGINS = {KWD(b"["): "a", KWD(b"<<"): "d", KWD(b"{"): "p"}
_ENDS = {KWD(b"]"): "a", KWD(b">>"): "d", KWD(b"}"): "p"}


class _WholeBuffer(PSBaseParser):
    """A parser whose buffer is the file. `seek` and `nexttoken` give what pdfminer's would."""

    whole = b""

    def seek(self, pos: int) -> None:
        super().seek(pos)
        if not self.whole:
            self.fp.seek(0)
            self.whole = self.fp.read()
            self.fp.seek(pos)
        self.bufpos, self.buf, self.charpos = 0, self.whole, pos

    def fillbuf(self) -> bool:
        if self.charpos < len(self.buf):
            return False
        self.buf = b""
        raise PSEOF("Unexpected EOF")

    def nexttoken(self) -> tuple[int, Any]:
        if self._tokens or self.eof or not self.buf:
            return super().nexttoken()
        match = _TOKEN.match(self.buf, self.charpos)
        if match is None:
            return super().nexttoken()
        kind = match.lastindex
        assert kind
        raw = match[kind]
        self.charpos = match.end()
        at = match.start(kind)
        token: Any
        if kind == _INTEGER:
            return at, int(raw)
        if kind == _NAME:
            try:
                token = LIT(raw.decode("utf-8"))
            except UnicodeDecodeError:
                token = LIT(raw)
            return at - 1, token
        if kind == _WORD:
            token = _WORDS.get(raw)
            return at, KWD(raw) if token is None else token
        if kind == _SIGN:
            return at, KWD(raw)
        if kind == _FLOAT:
            return at, float(raw)
        return at - 1, raw if kind == _TEXT else hex_string(raw)


class _Objects(_WholeBuffer, PSStackParser[Any]):
    """A parser of objects; `nextobject` gives what pdfminer's would."""

    doc: PDFDocument | None

    def nextobject(self) -> tuple[int, Any]:
        while not self.results:
            if self.context and not self._tokens:
                match = _SHORT.match(self.buf, self.charpos)
                if match is not None:
                    self.charpos = match.end()
                    if match[1]:
                        reference = PDFObjRef(self.doc, int(match[1]))
                        self.curstack.append((match.end() - 1, reference))
                    else:
                        self.curstack.append((match.start(2) - 1, _plain_array(match[2])))
                    continue
            at, token = self.nexttoken()
            if token.__class__ in _VALUES:
                self.curstack.append((at, token))
            elif token in _BEGINS:
                self.start_type(at, _BEGINS[token])
            elif token in _ENDS:
                # What ends nothing that has begun is passed over.
                with contextlib.suppress(PSTypeError):
                    at, objects = self.end_type(_ENDS[token])
                    self.push((at, _dictionary(objects) if _ENDS[token] == "d" else objects))
            else:
                self.do_keyword(at, token)
            if not self.context:
                self.flush()
        return self.results.pop(0)


def _plain_array(raw: bytes) -> list[Any]:
    if b"/" in raw:
        items = raw.replace(b"/", b" /").split()
        return [LIT(i[1:].decode("ascii")) if i[:1] == b"/" else plain_number(i) for i in items]
    return list(map(plain_number if b"." in raw else int, raw.split()))


def _dictionary(objects: list[Any]) -> dict[str, Any]:
    if len(objects) % 2:
        raise PSSyntaxError(f"Invalid dictionary construct: {objects!r}")
    pairs = zip(objects[::2], objects[1::2], strict=True)
    return {literal_name(key): value for key, value in pairs if value is not None}


class QuickParser(_Objects, PDFParser):
    """pdfminer's parser of files."""


class QuickStreamParser(_Objects, PDFStreamParser):
    """pdfminer's parser of streams that hold objects."""


class QuickDocument(PDFDocument):
    """pdfminer's document, whose object streams are read by pattern too."""

    def _get_objects(self, stream: PDFStream) -> tuple[list[object], int]:
        count = stream.get("N", 0)
        parser = QuickStreamParser(stream.get_data())
        parser.set_document(self)
        objects: list[object] = []
        try:
            while True:
                objects.append(parser.nextobject()[1])
        except PSEOF:
            return objects, count


class QuickPdf(PDF):
    """pdfplumber's open PDF over `QuickDocument`.

    Raises `PdfminerException` around whatever pdfminer raises, as pdfplumber does.
    """

    def __init__(self, data: bytes) -> None:
        # What pdfplumber's own constructor sets, which takes no document.
        self.stream = io.BytesIO(data)
        self.stream_is_external = True
        self.path = None
        self.pages_to_parse = None
        self.laparams = None
        self.password = None
        self.unicode_norm = None
        self.raise_unicode_errors = True
        try:
            self.doc = QuickDocument(QuickParser(self.stream))
        except Exception as error:
            raise PdfminerException(error) from error
        self.rsrcmgr = PDFResourceManager()
        self.metadata = {}
        for info in self.doc.info:
            for key, value in info.items():
                # A value that cannot be read is kept as it is.
                self.metadata[key] = value
                with contextlib.suppress(Exception):
                    self.metadata[key] = resolve_and_decode(value)
