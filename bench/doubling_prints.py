"""PDFs that grow in one dimension, for `bench.doubling`."""

import zlib
from collections.abc import Callable, Sequence

_FONTS = (
    b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"/F2 << /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /UniJIS-UCS2-H"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) >> >>] >>",
    b"/F3 << /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /UniJIS-UCS2-V"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) >> >>] >>",
)
_IMAGE = (
    b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
)


def pdf(contents: bytes | Sequence[bytes], pages: int = 1, size: str = "595 842") -> bytes:
    """Return a PDF of so many equal pages, or of a page for each of `contents`.

    Its fonts are F1 (Latin), F2 (Japanese) and F3 (the same set vertically); Fm paints a word, Im a
    picture.
    """
    each = [contents] * pages if isinstance(contents, bytes) else list(contents)
    streams = list(dict.fromkeys(each))
    number = {content: 5 + at for at, content in enumerate(streams)}
    first = 5 + len(streams)
    kids = b" ".join(b"%d 0 R" % (first + at) for at in range(len(each)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(each)),
        _stream(
            b"q BT /F1 9 Tf (word) Tj ET Q", b"/Type /XObject /Subtype /Form /BBox [0 0 50 50]"
        ),
        _stream(b"\0", _IMAGE),
        *map(_stream, streams),
    ]
    objects += [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents %d 0 R"
        b" /Resources << /Font << %s >> /XObject << /Fm 3 0 R /Im 4 0 R >> >> >>"
        % (size.encode(), number[content], b" ".join(_FONTS))
        for content in each
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for at, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _stream(data: bytes, dictionary: bytes = b"") -> bytes:
    packed = zlib.compress(data, 1)
    return b"<< %s /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        dictionary,
        len(packed),
        packed,
    )


def _hex(text: str) -> bytes:
    return b"<%s>" % text.encode("utf-16-be").hex().encode()


def _lines(texts: Sequence[str], left: float = 50, top: float = 780, size: int = 10) -> bytes:
    """Return operators that set Japanese lines below each other."""
    shown = b"".join(
        b"1 0 0 1 %.2f %.2f Tm %s Tj\n" % (left, top - 1.5 * size * at, _hex(text))
        for at, text in enumerate(texts)
    )
    return b"BT /F2 %d Tf\n%sET\n" % (size, shown)


def _running(page: int) -> list[str]:
    """Return the lines of a page full of one paragraph that ends nowhere."""
    return [
        f"{page * 37 + at:05}" + "人身取引対策を推進しその内容を検討する会議" * 2
        for at in range(40)
    ]


def _slide(page: int) -> bytes:
    title = _lines([f"施策その{page}の概要"], top=360, size=28)
    return title + _lines([f"研修その{page}を行う", "支援を進める"], top=250, size=18)


def _ruled(page: int) -> bytes:
    """Return a page full of a table's rows."""
    lines = [b"50 %d m 550 %d l S\n" % (y, y) for y in range(40, 801, 20)]
    lines += [b"%d 40 m %d 800 l S\n" % (x, x) for x in (50, 200, 300, 550)]
    words = [
        _lines([text], left, 786 - 20 * at, 8)
        for at in range(38)
        for left, text in (
            (52, f"研修{page}の{at}"),
            (202, "警察庁"),
            (302, f"◎研修を{page}回行い{at}人が受けた。"),
        )
    ]
    return b"".join([*lines, *words])


def _text(operators: bytes) -> bytes:
    return b"BT /F1 10 Tf 50 800 Td (text) Tj ET\n" + operators


def _set(size: int, places: str, n: int) -> bytes:
    """Return text operators that show a word at each of n places."""
    if places == "lines":
        at = [(50 + i // 60 % 6 * 80, 800 - i % 60 * 12) for i in range(n)]
    elif places == "scattered":
        at = [(i * 37 % 590, i * 53 % 840) for i in range(n)]
    elif places == "row":
        at = [(i % 590, 400) for i in range(n)]
    else:
        at = [(50, 50)] * n
    words = b"".join(
        b"1 0 0 1 %d %d Tm (w%d) Tj\n" % (x, y, i % 100) for i, (x, y) in enumerate(at)
    )
    return b"BT /F1 %d Tf\n%sET\n" % (size, words)


def _grid(rows: int, columns: int) -> bytes:
    lines = [b"20 %.3f m 580 %.3f l S\n" % (y, y) for y in _spread(20, 820, rows + 1)]
    lines += [b"%.3f 20 m %.3f 820 l S\n" % (x, x) for x in _spread(20, 580, columns + 1)]
    words = [
        b"1 0 0 1 %.3f %.3f Tm (v) Tj\n" % (x + 1, y + 1)
        for y in _spread(20, 820, rows + 1)[:-1]
        for x in _spread(20, 580, columns + 1)[:-1]
    ]
    return b"".join([*lines, b"BT /F1 2 Tf\n", *words, b"ET\n"])


def _spread(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * at / (count - 1) for at in range(count)]


PRINTS: dict[str, Callable[[int], bytes]] = {
    "pages": lambda n: pdf(_set(10, "lines", 60), n),
    "lines": lambda n: pdf(
        b"BT /F1 1 Tf 0.01 TL 10 800 Td\n" + b"(line of text) Tj T*\n" * n + b"ET"
    ),
    "words in lines": lambda n: pdf(_set(10, "lines", n)),
    "scattered words": lambda n: pdf(_set(2, "scattered", n)),
    "words on a row": lambda n: pdf(_set(2, "row", n)),
    "words at one place": lambda n: pdf(_set(12, "same", n)),
    "glyphs of a string": lambda n: pdf(b"BT /F1 1 Tf 10 400 Td (" + b"a" * n + b") Tj ET"),
    "turned words": lambda n: pdf(
        b"BT /F1 8 Tf\n"
        + b"".join(b"0 1 -1 0 %d %d Tm (ab) Tj\n" % (i * 37 % 595, i * 53 % 842) for i in range(n))
        + b"ET"
    ),
    "rectangles": lambda n: pdf(
        _text(b"".join(b"%d %d 5 5 re f\n" % (i * 37 % 590, i * 53 % 840) for i in range(n)))
    ),
    "rules": lambda n: pdf(
        _text(b"".join(b"20 %.3f m 500 %.3f l S\n" % (i * 0.01, i * 0.01) for i in range(n)))
    ),
    "segments of a path": lambda n: pdf(
        _text(b"0 0 m\n" + b"".join(b"%d %d l\n" % (i % 595, i % 842) for i in range(n)) + b"S\n")
    ),
    "curves": lambda n: pdf(
        _text(
            b"".join(b"%d %d m 1 2 3 4 %d 6 c S\n" % (i % 595, i % 842, i % 595) for i in range(n))
        )
    ),
    "rows of a table": lambda n: pdf(_grid(n, 4)),
    "columns of a table": lambda n: pdf(_grid(4, n)),
    "saved states": lambda n: pdf(b"q " * n + _text(b"")),
    "marked content": lambda n: pdf(b"/P BMC " * n + _text(b"")),
    "nested arrays": lambda n: pdf(b"[" * n + b"]" * n + _text(b"")),
    "nested brackets": lambda n: pdf(
        b"BT /F1 12 Tf " + b"(" * n + b")" * n + b" Tj ET\n" + _text(b"")
    ),
    "operands": lambda n: pdf(b"1 " * n + _text(b"")),
    "numbers of a TJ": lambda n: pdf(b"BT /F1 9 Tf 9 400 Td [" + b"(a) -10 " * n + b"] TJ ET"),
    "long name": lambda n: pdf(b"/" + b"a" * n + b" gs " + _text(b"")),
    "long number": lambda n: pdf(b"1" * n + b" w " + _text(b"")),
    "inline images": lambda n: pdf(_text(b"BI /W 1 /H 1 /BPC 8 /CS /G ID a EI\n" * n)),
    "unknown operators": lambda n: pdf(_text(b"foo " * n)),
    "strips in one field": lambda n: pdf(
        b"BT /F1 1 Tf\n"
        + b"".join(
            b"1 0 0 1 %.2f %.3f Tm (%c) Tj\n"
            % (10 + i * 37 % 18000 / 100, 400 + i % 7, 97 + i % 26)
            for i in range(n)
        )
        + b"ET"
    ),
    "large strips over each other": lambda n: pdf(
        b"BT /F1 60 Tf\n"
        + b"".join(
            b"1 0 0 1 %.2f %.3f Tm (w%d) Tj\n"
            % (i * 37 % 40000 / 100, 400 + i * 53 % 7919 / 1200, i)
            for i in range(n)
        )
        + b"ET"
    ),
    "small strips over each other": lambda n: pdf(
        b"BT /F1 0.01 Tf\n"
        + b"".join(b"1 0 0 1 %.3f 400 Tm (w%d) Tj\n" % (100 + i * 0.001, i) for i in range(n))
        + b"ET"
    ),
    "Japanese lines": lambda n: pdf(
        b"".join(
            _lines([f"人身取引対策その{i}を"], 50 + i % 7 * 70, 800 - i % 97 * 8, 5)
            for i in range(n)
        )
    ),
    "vertical lines": lambda n: pdf(
        b"BT /F3 8 Tf\n"
        + b"".join(
            b"1 0 0 1 %d %d Tm %s Tj\n"
            % (570 - i % 50 * 11, 800 - i // 50 * 3, _hex("人身取引対策を"))
            for i in range(n)
        )
        + b"ET"
    ),
    "a paragraph over pages": lambda n: pdf([_lines(_running(page)) for page in range(n)]),
    "inline items over pages": lambda n: pdf(
        [
            _lines(
                [
                    ("・" if page == at == 0 else "")
                    + f"研修その{page}の{at}を全国で実施し支援を進め検討した。・会議の開催と推進を"
                    for at in range(40)
                ]
            )
            for page in range(n)
        ]
    ),
    "a table over pages": lambda n: pdf([_ruled(page) for page in range(n)]),
    "slides": lambda n: pdf([_slide(page) for page in range(n)], size="595 420"),
    "short pages": lambda n: pdf([_lines([f"本文その{page}である。"]) for page in range(n)]),
    "headings over pages": lambda n: pdf(
        [
            _lines([f"{page + 1}　施策その{page}"], size=16)
            + _lines([f"研修{page}を行う。"] * 20, top=740)
            for page in range(n)
        ]
    ),
    "running heads": lambda n: pdf(
        [
            _lines([f"第{page}章　人身取引対策"], top=820, size=8)
            + _lines([f"本文{page}を書く。"] * 5)
            for page in range(n)
        ]
    ),
    "columns": lambda n: pdf(
        b"".join(
            _lines([f"段{i}の文を書く" for i in range(20)], 20 + 560 / (n + 1) * at, 780, 1)
            for at in range(n)
        )
    ),
    "pictures": lambda n: pdf(
        _text(
            b"".join(
                b"q 5 0 0 5 %d %d cm /Im Do Q\n" % (i * 37 % 590, i * 53 % 840) for i in range(n)
            )
        )
    ),
    "forms": lambda n: pdf(
        b"".join(b"q 1 0 0 1 %d %d cm /Fm Do Q\n" % (i * 37 % 590, i * 53 % 840) for i in range(n))
    ),
    "boxes": lambda n: pdf(
        _text(b"".join(b"%d %d 30 9 re S\n" % (i * 37 % 560, i * 53 % 830) for i in range(n)))
    ),
    "boxes in boxes": lambda n: pdf(
        _text(
            b"".join(
                b"%.3f %.3f %.3f %.3f re S\n"
                % (i * 200 / n, i * 300 / n, 590 - i * 400 / n, 840 - i * 600 / n)
                for i in range(n)
            )
        )
    ),
    "boxes of text": lambda n: pdf(
        b"".join(b"%d %d 30 9 re S\n" % (i % 18 * 32, i // 18 * 10 % 830) for i in range(n))
        + b"BT /F1 7 Tf\n"
        + b"".join(
            b"1 0 0 1 %d %d Tm (w%d) Tj\n" % (i % 18 * 32 + 2, i // 18 * 10 % 830 + 2, i)
            for i in range(n)
        )
        + b"ET"
    ),
    "shaded boxes": lambda n: pdf(
        _text(b"0.5 g\n" + b"".join(b"%d %d 30 9 re f\n" % (i % 3, i % 5) for i in range(n)))
    ),
    "dashes of a rule": lambda n: pdf(
        _text(
            b"".join(
                b"%.3f 400 m %.3f 400 l S\n" % (i * 590 / n, i * 590 / n + 100 / n)
                for i in range(n)
            )
        )
    ),
    "actual texts": lambda n: pdf(
        b"BT /F1 8 Tf\n"
        + b"".join(
            b"1 0 0 1 %d %d Tm /Span << /ActualText (x) >> BDC (a) Tj EMC\n"
            % (i * 37 % 590, i * 53 % 840)
            for i in range(n)
        )
        + b"ET"
    ),
    "nested actual texts": lambda n: pdf(
        b"BT /F1 8 Tf 50 400 Td\n"
        + b"/Span << /ActualText (x) >> BDC (a) Tj\n" * n
        + b"EMC\n" * n
        + b"ET"
    ),
    "stacks of glyphs": lambda n: pdf(
        b"BT /F1 8 Tf\n"
        + b"".join(
            b"1 0 0 1 %d %d Tm (a) Tj\n" % (20 + i // 100 * 9 % 560, 820 - i % 100 * 8)
            for i in range(n)
        )
        + b"ET"
    ),
    "aligned words": lambda n: pdf(
        b"BT /F1 5 Tf\n"
        + b"".join(
            b"1 0 0 1 %d %.2f Tm (w%d) Tj\n" % (20 + i % 6 * 95, 820 - i // 6 * 6 % 800, i)
            for i in range(n)
        )
        + b"ET"
    ),
    "sizes": lambda n: pdf(
        b"BT\n"
        + b"".join(
            b"/F1 %.3f Tf 1 0 0 1 %d %d Tm (word) Tj\n"
            % (5 + i % 1000 / 100, i * 37 % 590, i * 53 % 840)
            for i in range(n)
        )
        + b"ET"
    ),
    "footnote signs": lambda n: pdf(
        b"BT\n"
        + b"".join(
            b"/F1 9 Tf 1 0 0 1 %d %d Tm (text) Tj /F1 5 Tf 4 Ts (%d) Tj 0 Ts\n"
            % (20 + i % 12 * 45, 820 - i // 12 * 12 % 800, i)
            for i in range(n)
        )
        + b"ET"
    ),
}
"""PDFs in one dimension each."""

DIGESTS: dict[str, Callable[[int], bytes]] = {
    "open streams": lambda n: b"%PDF-1.7\n" + b"stream\n" * n,
    "streams": lambda n: b"%PDF-1.7\n" + b"<< /Length 1 >>\nstream\na\nendstream\n" * n,
    "object streams": lambda n: (
        b"%PDF-1.7\n" + b"<< /Type /ObjStm /N 1 /First 4 >>\nstream\n1 0 a\nendstream\n" * n
    ),
    "open brackets": lambda n: b"%PDF-1.7\n" + b"(" * n,
    "escaped brackets": lambda n: b"%PDF-1.7\n" + b"(\\)" * n,
    "open dictionaries": lambda n: b"%PDF-1.7\n" + b"<< /ID [ " * n,
    "dates": lambda n: b"%PDF-1.7\n" + b"/ModDate (D:2023)" * n,
    "open dates": lambda n: b"%PDF-1.7\n" + b"/ModDate (" * n,
    "names": lambda n: b"%PDF-1.7\n" + b"/ID" * n,
    "spaces": lambda n: b"%PDF-1.7\n/ID" + b" " * n,
    "metadata": lambda n: b"%PDF-1.7\n<< /Type /Metadata >>\nstream\n" + b"<xmp:CreateDate>" * n,
    "filters": lambda n: b"%PDF-1.7\n<< /Filter " + b"[ " * n + b">>\nstream\na\nendstream",
}
"""Bytes of PDFs, for what tells whether a file that was fetched again has changed."""
