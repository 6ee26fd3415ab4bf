"""PDFs written byte by byte, for content that no library would write."""

from collections.abc import Mapping

FONTS = {
    # A font with its own widths, and codes that stand for nothing.
    "F1": "<< /Type /Font /Subtype /TrueType /BaseFont /Latin /FirstChar 32 /Widths [250 333 408] "
    "/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /fi /B] >> "
    "/FontDescriptor << /FontName /Latin /Ascent 800 /Descent -200 /FontBBox [0 0 900 800] >> >>",
    "F2": "<< /Type /Font /Subtype /Type0 /BaseFont /Wide /Encoding /Identity-H /ToUnicode 9 0 R "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Wide /DW 1000 "
    "/W [1 [500 600] 5 9 250] /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) >> "
    "/FontDescriptor << /FontName /Wide /Descent -120 /FontBBox [0 -120 1000 880] >> >>] >>",
    "F3": "<< /Type /Font /Subtype /Type0 /BaseFont /Tate /Encoding /UniJIS-UCS2-V "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Tate "
    "/W2 [100 [-900 450 800]] /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) >> "
    "/FontDescriptor << /FontName /Tate /Descent -120 /FontBBox [0 -120 1000 880] >> >>] >>",
    "F4": "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
}
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <4EBA> <0002> <D840DC0B> endbfchar
2 beginbfrange <0003> <0005> <3042> <0006> <0007> [<0066006C> <0020>] endbfrange
endcmap end"""
FORM = b"q 1 0 0 1 5 5 cm 0 0 20 10 re S BT /F1 9 Tf 3 3 Td (B!) Tj ET Q"
IMAGE = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray " \
    "/BitsPerComponent 8"  # fmt: skip


def pdf(content: bytes, page: str = "", streams: Mapping[int, tuple[str, bytes]] | None = None,
        contents: str = "4 0 R") -> bytes:  # fmt: skip
    """Give a PDF of one page of 200 x 300 points with this content stream.

    `page` is added to the page's dictionary; `streams` are further objects from number 20 on.
    """
    fonts = " ".join(f"/{key} {value}" for key, value in FONTS.items())
    resources = (
        f"<< /Font << {fonts} >> /XObject << /Fm 7 0 R /Im 8 0 R >> "
        "/ColorSpace << /CS0 [/ICCBased 8 0 R] /CS1 [/DeviceN [/A /B] /DeviceGray 8 0 R] "
        "/CS2 [/Pattern /DeviceRGB] >> >>"
    )
    box = "" if "/MediaBox" in page else "/MediaBox [0 0 200 300]"
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R {box} {page} /Resources {resources} "
        f"/Contents {contents} >>".encode(),
        4: _stream("", content),
        7: _stream(
            f"/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Matrix [1 0 0 2 10 20] "
            f"/Resources << /Font << /F1 {FONTS['F1']} >> /XObject << /Fm 7 0 R >> >>", FORM
        ),
        8: _stream(IMAGE + " /N 3", b"\0"),
        9: _stream("", TO_UNICODE),
    }  # fmt: skip
    for number, (dictionary, data) in (streams or {}).items():
        objects[number] = _stream(dictionary, data)
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        max(objects) + 1, start,
    )  # fmt: skip
    return bytes(out)


def _stream(dictionary: str, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary.encode(), len(data), data)
