"""Inputs that grow in one dimension, for `bench.doubling`: web pages, print, texts, queries.

Each function takes how often its unit comes and gives the input; the unit is what an author, a
word processor or a hostile file repeats: headings, cells, brackets, digits, glyphs.
"""

import zlib
from collections.abc import Callable

Make = Callable[[int], str]

_HEAD = "<!DOCTYPE html><html><head><meta charset=utf-8><title>試験文書</title></head><body>"
SENTENCE = "人身取引対策を推進する。"
LONG = (
    "はじめに、次のとおり定める。この段落は六十字を超えるので表紙の行とはみなされず、"
    "本文として読まれるはずである、と書いておく。"
)


def page(body: str, head: str = _HEAD) -> str:
    """Return a web page with `body`."""
    return f"{head}{body}</body></html>"


def first(text: str) -> str:
    """Return a page whose first paragraph is `text`: on a first page it may be a title."""
    return page(f"<p>{text}</p>")


def later(text: str) -> str:
    """Return a page whose second paragraph is `text`."""
    return page(f"<h1>計画</h1><p>{LONG}</p><p>{text}</p>")


def _rows(cells: str, count: int) -> str:
    return "<table border=1>" + f"<tr>{cells}</tr>" * count + "</table>"


TEXTS: dict[str, Make] = {
    "sentences": lambda n: SENTENCE * n,
    "no break": lambda n: "あ" * n,
    "one ideograph": lambda n: "省" * n,
    "ideographs": lambda n: "人身取引対策推進会議" * n,
    "katakana": lambda n: "ガイドライン" * n,
    "half-width kana": lambda n: "ｶﾞｲﾄﾞﾗｲﾝ" * n,
    "Latin word": lambda n: "a" * n,
    "Latin words": lambda n: "policy " * n,
    "digits": lambda n: "1" * n,
    "wide digits": lambda n: "１" * n,
    "numbers": lambda n: "1," * n,
    "decimals": lambda n: "1.5" * n,
    "digits and spaces": lambda n: "1 " * n,
    "ideographic numerals": lambda n: "千百十一" * n,
    "tens": lambda n: "平成" + "十" * n,
    "eras": lambda n: "平成" * n,
    "dates": lambda n: "令和元年" * n,
    "years": lambda n: "2020年" * n,
    "full dates": lambda n: "平成23年11月30日" * n,
    "opening brackets": lambda n: "（" * n,
    "closing brackets": lambda n: "）" * n,
    "nested brackets": lambda n: "（" * n + "）" * n,
    "quotes": lambda n: "「" * n + "」" * n,
    "brackets in a row": lambda n: "（警察庁）" * n,
    "brackets of words": lambda n: "会議（注）" * n,
    "acronyms": lambda n: "国際移住機関（ＩＯＭ）" * n,
    "definitions": lambda n: "国際移住機関（以下「ＩＯＭ」という。）" * n,
    "open definitions": lambda n: "（以下「" * n,
    "nested definitions": lambda n: "（以下「あ" * n + "」という。）" * n,
    "nested named definitions": lambda n: "労働基準法（以下「労基法" * n + "」という。）" * n,
    "ministries in brackets": lambda n: "研修を行う。（" + "警察庁、法務省、" * n + "外務省）",
    "ministries in an open bracket": lambda n: "研修を行う。（" + "警察庁　法務省　" * n,
    "ministries as subjects": lambda n: "警察庁及び" * n + "法務省は、推進する。",
    "bureaus": lambda n: "法務省入国管理局" * n,
    "closing brackets in lists": lambda n: "行う（警察庁）。" * n,
    "spaces": lambda n: "人" + " " * n + "身",
    "ideographic spaces": lambda n: "人" + "\u3000" * n + "身",
    "spaced letters": lambda n: "人 " * n,
    "marks": lambda n: "○" * n,
    "inline items": lambda n: "・研修を行う。" * n,
    "dots": lambda n: "…" * n + "1",
    "full stops": lambda n: "." * n + "12",
    "dashes": lambda n: "-" * n,
    "long vowels": lambda n: "サーバー" * n + "ー" * n,
    "iteration marks": lambda n: "佐々" + "々" * n,
    "combining marks": lambda n: "か" + "\u3099" * n,
    "combining accents": lambda n: "e" + "\u0301" * n,
    "expanding ligature": lambda n: "\ufdfa" * n,
    "selectors": lambda n: "葛\U000e0100" * n,
    "chapter of hundreds": lambda n: "第" + "百" * n + "章",
    "articles": lambda n: "第一条の" + "二の" * n + "三",
    "colons": lambda n: "担当：" * n,
    "commas": lambda n: "人、" * n,
    "addresses": lambda n: "https://example.go.jp/" * n,
    "citations": lambda n: "「第四次計画」フォローアップ" * n,
    "plan words": lambda n: "計画(案)" * n,
    "white papers": lambda n: "令和4年版 防災白書 " * n,
    "acts": lambda n: "（平成二十三年法律第一号）" * n,
    "mixed": lambda n: (
        "平成23年（2011年）に、警察庁（以下「庁」という。）は100件、ガイドラインを定めた。" * n
    ),
}
"""Running text in one dimension each."""

PAGES: dict[str, Make] = {
    "paragraphs": lambda n: page("".join(f"<p>本文その{i}である。</p>" for i in range(n))),
    "equal paragraphs": lambda n: page("<p>同じ文である。</p>" * n),
    "line breaks": lambda n: page("<p>" + "本文である、<br>" * n),
    "broken lines": lambda n: page("<p>" + "項目<br>" * n),
    "items after breaks": lambda n: page("<p>" + "(1) 項目<br>" * n),
    "headings": lambda n: page(
        "".join(f"<h{i % 6 + 1}>第{i}章　見出し{i}</h{i % 6 + 1}>" for i in range(n))
    ),
    "headings with text": lambda n: page(
        "".join(f"<h{i % 6 + 1}>見出し{i}</h{i % 6 + 1}><p>本文{i}</p>" for i in range(n))
    ),
    "ranked headings": lambda n: page(
        "".join(
            f"<div role=heading aria-level={i + 1}>見出し{i}</div><p>文{i}</p>" for i in range(n)
        )
    ),
    "long heading": lambda n: page(f"<h1>{'題' * n}</h1><p>本文</p>"),
    "long heading over text": lambda n: page(f"<h1>{'題' * n}</h1>" + "<p>本文である。</p>" * n),
    "long headings": lambda n: page(f"<h2>{'題' * 500}</h2><p>本文である。</p>" * n),
    "long title": lambda n: page(
        "<p>本文である。</p>" * n, f"<html><head><title>{'題' * n}</title></head><body>"
    ),
    "labels": lambda n: page("".join(f"<p>（{i}）　項目</p>" for i in range(n))),
    "numbered lines": lambda n: page("".join(f"<p>{i}．項目{i}</p>" for i in range(n))),
    "circled lines": lambda n: page("<p>① 項目</p><p>本文を書いておく。</p>" * n),
    "bold lines": lambda n: page("<p><b>見出し</b></p><p>本文を書いておく。</p>" * n),
    "measures": lambda n: page(
        "<h2>① 研修の実施</h2><p>研修を行う。</p><p>推進する。（警察庁、法務省）</p>" * n
    ),
    "paragraphs of a measure": lambda n: page(
        "<h2>① 研修</h2>" + "<p>研修を行う。</p>" * n + "<p>推進する。（警察庁）</p>"
    ),
    "captions": lambda n: page("<p>図１　推移</p>" * n),
    "meetings": lambda n: page("<p>第1回会合</p><p>日時：平成23年1月5日</p>" * n),
    "parts of a meeting": lambda n: page(
        "<p>第1回会合 平成23年1月5日</p>" + "<p>議題：対策</p>" * n
    ),
    "meetings with parts": lambda n: page(
        "<p>第1回会合</p>" * n + "<p>議題：対策</p>" * n + "<p>日時：平成23年1月5日</p>"
    ),
    "articles": lambda n: page("<p>（目的）</p><p>第一条　この法律は、目的とする。</p>" * n),
    "contents": lambda n: page("<p>目次</p>" + "<p>１　はじめに……………3</p>" * n),
    "contents and headings": lambda n: page(
        "<p>目次</p>"
        + "".join(f"<p>{i}　見出し{i}……………3</p>" for i in range(n))
        + f"<p>{LONG}</p>"
        + "".join(f"<p>{i}　見出し{i}</p><p>本文を書いておく。</p>" for i in range(n))
    ),
    "footnotes": lambda n: page(
        "<p>本文<sup>1</sup>である。</p>" * n + "<div class=footnote><p>1 注記</p></div>" * n
    ),
    "raised signs": lambda n: page("<p>" + "語<sup>1</sup>" * n),
    "restated": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "<tr><td>研修<td>警察庁<td>（再掲）◎研修を行った。</tr>" * n
    ),
    "list items": lambda n: page("<ul>" + "<li>項目</li>" * n),
    "nested lists": lambda n: page("<ul><li>項" * n),
    "definition lists": lambda n: page("<dl>" + "<dt>語<dd>説明" * n),
    "links": lambda n: page("".join(f"<a href='/d{i}.pdf'>文書{i}</a>" for i in range(n))),
    "paragraphs of links": lambda n: page(
        "".join(f"<p><a href='#d{i}'>文書{i}</a></p>" for i in range(n)) + "<p>本文</p>"
    ),
    "attributes": lambda n: page("<p " + " ".join(f"a{i}=1" for i in range(n)) + ">文</p>"),
    "long attribute": lambda n: page(f"<p class='{'a ' * n}' style='{'b:c;' * n}'>文</p>"),
    "nested div": lambda n: page("<div>" * n + "<p>底</p>"),
    "nested named div": lambda n: page("<div class=menu>文" * n),
    "nested headers": lambda n: page("<header><p>文" * n),
    "nested footers": lambda n: page("<footer><p>文" * n),
    "headers in sections": lambda n: page("<section>" * 50 + "<header>文</header>" * n),
    "nested font": lambda n: page("<font>字" * n),
    "font tags": lambda n: page("<p>" + "<font size=3>字</font>" * n),
    "nested tables": lambda n: page("<table><tr><td>字" * n),
    "nested data tables": lambda n: page("<table border=1><tr><th>a<td>字" * n),
    "nested thead": lambda n: page("<table>" + "<thead>" * n + "<tr><td>a<td>b</table>"),
    "nested form": lambda n: page("<table><tr><td>a" + "<form><tr><td>x" * n),
    "tables": lambda n: page(
        "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>" * n
    ),
    "table rows": lambda n: page(_rows("<td>値</td><td>説明</td><td>3</td>", n)),
    "labelled rows": lambda n: page(
        "<table border=1><tr><th>項目<th>内容</tr>"
        + "".join(f"<tr><td>項目{i}<td>本文その{i}である。</tr>" for i in range(n))
    ),
    "form rows": lambda n: page(
        "<table border=1>"
        + "".join(
            f"<tr><td>事業名{i}<td colspan=3>目的とするところを三十字より長く書いておく{i}"
            "番の文である</tr>"
            "<tr><td>期間<td>初年<td>方法<td>直轄</tr>"
            for i in range(n)
        )
    ),
    "table columns": lambda n: page(_rows("<td>値</td>" * n, 3)),
    "headed columns": lambda n: page(
        "<table>" + "<tr>" + "<th>列名" * n + "</tr>" + "<tr>" + "<td>値" * n + "</tr>"
    ),
    "square table": lambda n: page(_rows("<td>値</td>" * 100, n)),
    "long column names": lambda n: page(
        "<table><tr>" + f"<th>{'名' * n}" * 2 + "</tr>" + "<tr><td>値<td>値</tr>" * n
    ),
    "rowspan": lambda n: page(
        f"<table border=1><tr><td rowspan={min(n, 60000)}>字</td><td>b</td></tr>"
        + "<tr><td>a</td></tr>" * n
    ),
    "rowspans": lambda n: page(
        "<table border=1><tr><th>甲<th>乙</tr>"
        + f"<tr><td rowspan={min(n, 60000)}>名</td>" * 20
        + "<tr><td>値</td></tr>" * n
    ),
    "spans without end": lambda n: page(
        "<table border=1><tr>"
        + "<td colspan=1000 rowspan=0>字</td>" * 20
        + "</tr>"
        + "<tr><td>a</td></tr>" * n
    ),
    "colspan": lambda n: page(_rows("<td colspan=1000>字</td>" * 3, n)),
    "caption": lambda n: page(
        f"<table><caption>{'表' * n}</caption><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>"
    ),
    "lines of a cell": lambda n: page(
        "<table><tr><th>項目<th>内容</tr><tr><td>甲<td>" + "行<br>" * n + "</tr></table>"
    ),
    "paragraphs of a cell": lambda n: page(
        "<table><tr><th>項目<th>内容</tr><tr><td>甲<td>" + "<p>段落</p>" * n + "</tr></table>"
    ),
    "measure rows": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "".join(f"<tr><td>研修{i}<td>警察庁<td>◎研修を行った。</tr>" for i in range(n))
    ),
    "rows of one measure": lambda n: page(
        f"<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td rowspan={min(n, 60000)}>研修"
        "<td>警察庁<td>◎研修を行った。</tr>" + "<tr><td>法務省<td>◎行った。</tr>" * n
    ),
    "one status of many": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁"
        f"<td rowspan={min(n, 60000)}>◎研修を行った。</tr>" + "<tr><td>研修<td>法務省</tr>" * n
    ),
    "items of a status": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁<td>"
        + "◎研修を行った。<br>" * n
    ),
    "open items of a status": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁<td>"
        + "<p>研修を行った</p>" * n
    ),
    "unknown ministries": lambda n: page(
        f"<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td rowspan={min(n, 60000)}>"
        + "、".join(f"何某{i}庁" for i in range(n))
        + "<td>◎研修を行った。</tr>"
        + "<tr><td>研修<td>◎行った。</tr>" * n
    ),
    "heading rows": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "<tr><td colspan=3>１　予防</tr><tr><td>研修<td>警察庁<td>◎行った。</tr>" * n
    ),
    "empty rows of measures": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "<tr><td>研修<td>警察庁<td>◎行った。</tr>"
        + "<tr><td>名称<td><td></tr>" * n
    ),
    "session rows": lambda n: page(
        "<table><tr><th>回数<th>開催日<th>議題</tr>"
        + "<tr><td>第1回<td>平成23年1月5日<td>対策</tr>" * n
    ),
    "ruby": lambda n: page("<p>" + "<ruby>漢<rt>かん</rt></ruby>" * n),
    "ruby on items": lambda n: page("<p>" + "・<ruby>漢<rt>かん</rt></ruby>字を学ぶ。" * n),
    "ruby on lines": lambda n: page("<p>" + "本文の<ruby>漢<rt>かん</rt></ruby>、<br>" * n),
    "nested ruby": lambda n: page("<p>" + "<ruby>漢<rt>" * n),
    "comments": lambda n: page("<!-- a -->" * n + "<p>文</p>"),
    "open comments": lambda n: page("<!--" * n + "<p>文</p>"),
    "open scripts": lambda n: page("<p>文</p>" + "<script>" * n),
    "less-than signs": lambda n: page("<" * n + "<p>文</p>"),
    "open tags": lambda n: page("<p>文" + "<font " * n),
    "open end tags": lambda n: page("<p>文" + "</html " * n),
    "row ends": lambda n: page("<table>" + "</tr >" * n + "</tr" + " " * n + "<td>a</td></table>"),
    "entities": lambda n: page("<p>" + "&#x4eba;&amp;" * n),
    "canonical address": lambda n: page(
        "<p>文</p>" * 10,
        "<html><head><link rel=canonical href='https://a.go.jp/" + "a" * n + "'></head>",
    ),
    "preformatted lines": lambda n: page("<pre>" + "行である\n" * n + "</pre>"),
}
"""Web pages in one dimension each."""


# --- print -------------------------------------------------------------------------------------


def pdf(content: bytes, pages: int = 1) -> bytes:
    """Return a PDF of so many equal pages of A4 with a Latin font."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (5 + at) for at in range(pages)), pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        _stream(content),
    ]
    objects += [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>"
    ] * pages
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 1)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


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
}
"""PDFs in one dimension each."""
