"""Inputs that grow in one dimension, for `bench.doubling`: texts and web pages.

Each function takes how often its unit comes and gives the input; the unit is what an author, a
word processor or a hostile file repeats: headings, cells, brackets, digits, glyphs.
"""

from collections.abc import Callable

Make = Callable[[int], str]

_HEAD = "<!DOCTYPE html><html><head><meta charset=utf-8><title>試験文書</title></head><body>"
SENTENCE = "人身取引対策を推進する。"
LONG = (
    "はじめに、次のとおり定める。この段落は六十字を超えるので表紙の行とはみなされず、"
    "本文として読まれるはずである、と書いておく。"
)


def page(body: str, head: str = _HEAD) -> str:
    """Give a web page with `body`."""
    return f"{head}{body}</body></html>"


def first(text: str) -> str:
    """Give a page whose first paragraph is `text`: on a first page it may be a title."""
    return page(f"<p>{text}</p>")


def later(text: str) -> str:
    """Give a page whose second paragraph is `text`."""
    return page(f"<h1>計画</h1><p>{LONG}</p><p>{text}</p>")


_CHARS = "人身取引対策推進会議国際移住機関研修支援施設調査検討啓発保護警察法務外務厚生労働"


def _word(number: int) -> str:
    """Return a word of ideographs of its own for each number."""
    chars = []
    for _ in range(4):
        number, at = divmod(number, len(_CHARS))
        chars.append(_CHARS[at])
    return "".join(chars)


def _latin(number: int) -> str:
    return "".join(chr(0x41 + number // 26**power % 26) for power in range(4))


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
    "names that clauses begin with": lambda n: "警察は、" * n,
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
    "hiragana": lambda n: "すもももももももものうち" * n,
    "emoji": lambda n: "👨\u200d👩" * n,
    "tabs": lambda n: "人\t" * n,
    "line feeds": lambda n: "人身\n" * n,
    "circled numbers": lambda n: "①②" * n,
    "Roman numerals": lambda n: "Ⅳ" * n,
    "hours": lambda n: "10:30～" * n,
    "months and days": lambda n: "11月30日" * n,
    "amounts": lambda n: "1億2千万円" * n,
    "one amount": lambda n: "1億2千万" * n + "円",
    "many years": lambda n: "".join(f"{1900 + i % 200}年度" for i in range(n)),
    "many numbers": lambda n: "".join(f"{i}件、" for i in range(n)),
    "many words": lambda n: "".join(f"{_word(i)}を" for i in range(n)),
    "many definitions": lambda n: "".join(
        f"{_word(i)}機構（以下「{_word(i)}」という。）" for i in range(n)
    ),
    "many acronyms": lambda n: "".join(f"{_word(i)}機構（{_latin(i)}）" for i in range(n)),
    "definitions and uses": lambda n: "".join(
        f"{_word(i)}機構（以下「{_word(i)}」という。）は{_word(i // 2)}、" for i in range(n)
    ),
    "one name defined": lambda n: "".join(
        f"{_word(i)}機構（以下「機構」という。）と機構は、" for i in range(n)
    ),
    "names of one thing": lambda n: "".join(
        f"国際移住機構（以下「{_word(i)}」という。）を" for i in range(n)
    ),
    "definitions within": lambda n: "（以下「" + "国際移住機関（ＩＯＭ）" * n + "」という。）",
    "quoted names": lambda n: "「国際移住機関」（以下単に「機関」という。）" * n,
    "mixed brackets": lambda n: "（「『［〔【" * n,
    "mixed brackets closed": lambda n: "（「『［〔【" * n + "】〕］』」）" * n,
    "notes in brackets": lambda n: "（注1）（※）" * n,
    "numbers in brackets": lambda n: "（1）項（2）目" * n,
    "hyphens between letters": lambda n: "a-" * n,
    "middle dots": lambda n: "ア・イ・" * n,
    "many ministries": lambda n: (
        "研修を行う。（" + "、".join(f"{_word(i)}庁" for i in range(n)) + "）"
    ),
    "ministries and others": lambda n: "（警察庁等）及び（法務省等）が" * n,
    "ministries joined": lambda n: "警察庁・法務省・" * n,
    "follow-ups": lambda n: "第四次計画の実施状況" * n,
    "plans with years": lambda n: "行動計画2009" * n,
    "e-mail": lambda n: "a.b-c@example.go.jp" * n,
    "percent signs": lambda n: "%41" * n,
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
    "unknown ministries beside known": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "<tr><td>研修<td>警察庁<td>◎研修を行った。</tr>" * 3
        + f"<tr><td>研修<td rowspan={min(n, 60000)}>警察庁、"
        + "、".join(f"{_word(i)}庁" for i in range(n))
        + "<td>◎研修を行った。</tr>"
        + "<tr><td>研修<td>◎行った。</tr>" * n
    ),
    "long label over rows": lambda n: page(
        f"<table border=1><tr><th>甲<th>乙<th>丙</tr><tr><td rowspan={min(n, 60000)}>"
        + "長い文、" * n
        + "<td>値<td>値</tr>"
        + "<tr><td>値<td>値</tr>" * n
    ),
    "long value over rows": lambda n: page(
        "<table border=1><tr><th>甲<th>乙<th>丙</tr>"
        + f"<tr><td>値<td>値<td rowspan={min(n, 60000)}>{'平成23年、' * n}</tr>"
        + "<tr><td>値<td>値</tr>" * n
    ),
    "long date of meetings": lambda n: page(
        "<table border=1><tr><th>回数<th>開催日<th>議題</tr>"
        + f"<tr><td>第1回<td rowspan={min(n, 60000)}>{'平成23年1月5日、' * n}<td>対策</tr>"
        + "<tr><td>第2回<td>対策</tr>" * n
    ),
    "long measure over rows": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + f"<tr><td rowspan={min(n, 60000)}>{'研修を行う、' * n}<td>警察庁<td>◎行った。</tr>"
        + "<tr><td>法務省<td>◎行った。</tr>" * n
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
    "attributes with angle brackets": lambda n: page(
        "<p " + " ".join(f"a{i}='<'" for i in range(n)) + ">文</p>"
    ),
    "attributes with quoted ends": lambda n: page(
        "<p " + " ".join(f"a{i}='>'" for i in range(n)) + ">文</p>"
    ),
    "attributes without end": lambda n: page(
        "<p>文</p><p " + " ".join(f"a{i}=<" for i in range(n))
    ),
    "attributes of an end tag": lambda n: page(
        "<p>文</p " + " ".join(f"a{i}='<'" for i in range(n)) + "><p>文</p>"
    ),
    "attributes of each": lambda n: page("<p a=1 b=2 c='3' class='d e' id=f>文</p>" * n),
    "inline items": lambda n: page("<p>" + "・研修を行う。" * n),
    "inline items on lines": lambda n: page("<p>・会議を、<br>" + "開く。・研修を、<br>" * n),
    "many inline items on lines": lambda n: page(
        "<p>・会議を、<br>" + "".join(f"{i}回開く。・研修{i}を、<br>" for i in range(n))
    ),
    "raised signs on items": lambda n: page("<p>" + "・語<sup>1</sup>を学ぶ。" * n),
    "raised numbers on items": lambda n: page(
        "<p>" + "".join(f"・語<sup>{i}</sup>を学ぶ。" for i in range(n))
    ),
    "marked lines of a status": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁<td>"
        + "（再掲）◎研修を行った。<br>" * n
    ),
    "inline items of a cell": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁<td>・会議を、<br>"
        + "開く。・研修を、<br>" * n
    ),
    "acts under a title": lambda n: page(
        "<h1>組織令<br>" + "（平成二十三年法律第一号）<br>" * n + "</h1><p>本文である。</p>"
    ),
    "numbered headings": lambda n: page(
        "".join(
            f"<p><b>第{i}章　題{i}</b></p><p>１　項{i}</p><p>（１）　目</p><p>本文である。</p>"
            for i in range(n)
        )
    ),
    "equal headings": lambda n: page("<h2>見出し</h2><p>本文である。</p>" * n),
    "equal labels": lambda n: page("<p>１　見出し</p><p>本文を書いておく。</p>" * n),
    "counted items": lambda n: page(
        "<p>課題は次のとおり、</p>" + "".join(f"<p>({i + 1}) 項目</p>" for i in range(n))
    ),
    "counted again and again": lambda n: page(
        "<p>課題は次のとおり、</p><p>(1) 甲</p><p>(2) 乙</p><p>の二つである。</p>" * n
    ),
    "items from one": lambda n: page("<p>課題は、</p>" + "<p>(1) 項目</p>" * n),
    "annexes": lambda n: page("".join(f"<p>別紙{i}</p><p>本文である。</p>" for i in range(n))),
    "counted articles": lambda n: page(
        "".join(f"<p>（目的{i}）</p><p>第{i + 1}条　この法律は、目的とする。</p>" for i in range(n))
    ),
    "supplements": lambda n: page("<p>附　則</p><p>この法律は、施行する。</p>" * n),
    "definitions": lambda n: page(
        "".join(f"<p>{_word(i)}機構（以下「{_word(i)}」という。）は行う。</p>" for i in range(n))
    ),
    "definitions and uses": lambda n: page(
        "".join(
            f"<p>{_word(i)}機構（以下「{_word(i)}」という。）は{_word(i // 2)}と行う。</p>"
            for i in range(n)
        )
    ),
    "many words": lambda n: page("".join(f"<p>{_word(i)}と{_latin(i)}を。</p>" for i in range(n))),
    "notes and signs": lambda n: page(
        "".join(f"<p>本文<sup>{i % 999 + 1}</sup>である。</p>" for i in range(n))
        + "".join(f"<div class=footnote><p>{i % 999 + 1} 注記</p></div>" for i in range(n))
    ),
    "restated items": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"
        + "".join(f"<tr><td>研修{i}<td>警察庁<td>◎研修{i}を行った。</tr>" for i in range(n))
        + "".join(f"<tr><td>研修{i}<td>警察庁<td>（再掲）◎研修{i}を行った。</tr>" for i in range(n))
    ),
    "repeated heads": lambda n: page(
        "<table>"
        + "<tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研<td>警察庁<td>◎行う。</tr>" * n
    ),
    "head rows": lambda n: page(
        "<table>"
        + "<tr><th>施策名<th>省庁名<th>実施状況</tr>" * n
        + "<tr><td>研<td>警察庁<td>◎行う。"
    ),
    "status columns": lambda n: page(
        "<table><tr><th>施策名<th>省庁名"
        + "".join(f"<th>{i}年度実施状況" for i in range(n))
        + "</tr>"
        + ("<tr><td>研修<td>警察庁" + "<td>◎行った。" * n + "</tr>") * 3
    ),
    "ministry columns": lambda n: page(
        "<table><tr><th>施策名"
        + "<th>省庁名" * n
        + "<th>実施状況</tr>"
        + ("<tr><td>研修" + "<td>警察庁" * n + "<td>◎行った。</tr>") * 3
    ),
    "steps of spans": lambda n: page(
        "<table border=1>"
        + "".join(
            f"<tr><td rowspan={i % 50 + 1}>字<td colspan={i % 7 + 1}>値</tr>" for i in range(n)
        )
    ),
    "wide spans": lambda n: page("<table border=1>" + "<tr><td colspan=90>字<td>値</tr>" * n),
    "group labels": lambda n: page(
        "<table border=1><tr><th>区分<th>項目<th>内容</tr>"
        + "".join(
            f"<tr><td rowspan=3>区{i}<td>項<td>文</tr><tr><td>目<td>文</tr><tr><td>節<td>文</tr>"
            for i in range(n)
        )
    ),
    "labels of a form": lambda n: page(
        "<table border=1>"
        + "".join(
            f"<tr><th>項目{i}</th><td>内容{i}である</td><th>別{i}</th><td>値</td></tr>"
            for i in range(n)
        )
    ),
    "empty cells": lambda n: page(
        "<table border=1><tr><th>甲<th>乙</tr>"
        + "<tr><td><td></tr>" * n
        + "<tr><td>値<td>値</tr></table>"
    ),
    "cells of a row": lambda n: page(
        "<table border=1><tr><th>甲<th>乙</tr><tr>" + "<td>値である" * n + "</table>"
    ),
    "rows without cells": lambda n: page(
        "<table border=1><tr><th>甲<th>乙</tr>" + "<tr></tr>" * n + "<tr><td>値<td>値</tr></table>"
    ),
    "text in a table": lambda n: page(
        "<table border=1><tr><th>甲<th>乙</tr><tr><td>1<td>2</tr>" + "<div>迷子</div>" * n
    ),
    "captions of a table": lambda n: page(
        "<table border=1>"
        + "<caption>表題</caption>" * n
        + "<tr><th>甲<th>乙</tr><tr><td>1<td>2</tr></table>"
    ),
    "tables of measures": lambda n: page(
        "<table><tr><th>施策名<th>省庁名<th>実施状況</tr><tr><td>研修<td>警察庁<td>◎行った。</tr></table>"
        * n
    ),
    "terms of a list": lambda n: page(
        "".join(f"<dl><dt>語{i}</dt><dd>説明{i}</dd></dl>" for i in range(n))
    ),
    "nested definition lists": lambda n: page("<dl><dt>語<dd>説明" * n),
    "lists of links": lambda n: page(
        "<ul>"
        + "".join(f"<li><a href='/d{i}.pdf'>文書{i}</a></li>" for i in range(n))
        + "</ul><p>本文である。</p>"
    ),
    "links to the page": lambda n: page(
        "<p>" + "<a href='#a'>章</a>｜" * n + "</p><p>本文である。</p>"
    ),
    "links with text": lambda n: page("<p>" + "本文の<a href='/a.pdf'>文書</a>を" * n),
    "nested links": lambda n: page("<a href='/a'>文" * n),
    "open bold tags": lambda n: page("<p>" + "<b>字</b>" * n + "<b>" * n),
    "misnested tags": lambda n: page("<b><p>字</b></p>" * n),
    "open paragraphs": lambda n: page("<p>字" * n),
    "end tags": lambda n: page("<p>字</p>" + "</div></p></b>" * n),
    "spans of a line": lambda n: page("<p>" + "<span>字</span>" * n),
    "ruby of words": lambda n: page(
        "<p>" + "".join(f"<ruby>{_word(i)}<rt>よみ</rt></ruby>を学ぶ。" for i in range(n))
    ),
    "ruby bases": lambda n: page("<p><ruby>" + "漢<rt>かん</rt>" * n + "</ruby>"),
    "titles": lambda n: page(
        "<p>本文である。</p>", "<html><head>" + "<title></title>" * n + "</head><body>"
    ),
    "metas": lambda n: page(
        "<p>本文である。</p>", "<html><head>" + "<meta name=a content=b>" * n + "</head><body>"
    ),
    "styles": lambda n: page("<p style='font-size:12pt;text-align:center'>文</p>" * n),
    "semicolons of a style": lambda n: page(f"<p style='{'; ' * n}'>文</p>"),
    "spaces of a style": lambda n: page(f"<p style=';{' ' * n}display'>文</p>"),
    "class names": lambda n: page("<p class='" + " ".join(f"c{i}" for i in range(n)) + "'>文</p>"),
    "white space": lambda n: page("<p>文" + " \n" * n + "</p>"),
    "spaced words": lambda n: page("<p>" + "word \n" * n + "</p>"),
    "options": lambda n: page("<p>本文である。</p><select>" + "<option>選択" * n + "</select>"),
    "frames": lambda n: "<html><frameset>" + "<frame src=a.html>" * n + "</frameset></html>",
    "terms": lambda n: page("<dl>" + "<dt>日時<dd>六月七日" * n + "</dl>"),
    "lists of terms in one another": lambda n: page("<dl><dt>文<dd>" * n),
    "terms of one text": lambda n: page("<dl>" + "<dt>文" * n + "<dd>文</dl>"),
    "numbered items": lambda n: page("<ol>" + "<li>項目" * n + "</ol>"),
    "numbered lists in one another": lambda n: page("<ol><li>文" * n),
    "rules of style for lists": lambda n: page(
        "<style>" + "ol.k{list-style:none}" * n + "</style><ol class=k><li>文</ol>"
    ),
    "one rule without end": lambda n: page("<style>" + "ol.k{" + "list-style:" * n + "</style>文"),
    "struck text": lambda n: page("<p>文" + "<del>旧</del>" * n),
    "struck text in one another": lambda n: page("<p>文" + "<del>旧" * n),
    "style that may strike": lambda n: page("<p style='" + "text-decoration:" * n + "'>文"),
    "images with a heading's words": lambda n: page(
        "<p>" + "<img alt='第１章　文'>" * n + "</p>文"
    ),
    "images behind a long text": lambda n: page(
        "<p>" + "<b></b>" * n + "<img alt='第１章　文'>" * (n // 8) + "</p>文"
    ),
    "feet of a page": lambda n: page("<p>本文である。</p>" + "<div id=footer>文</div>" * n),
    "feet in one another": lambda n: page("<p>本文である。</p>" * 9 + "<div id=footer>文" * n),
    "copyright lines": lambda n: page("<p>本文である。</p>" + "<p>©" * n),
    "one line of copyright signs": lambda n: page("<p>本文である。</p><p>" + "©" * n),
    "sections": lambda n: page("<section>" * n + "<p>文</p>"),
    "navigation": lambda n: page("<nav><a href=/a>案内</a></nav><p>本文である。</p>" * n),
    "breadcrumbs": lambda n: page(
        "<p><a href=/a>政策</a> &gt; <a href=/b>施策</a></p><p>本文である。</p>" * n
    ),
    "CDATA": lambda n: page("<p>文</p>" + "<![CDATA[" * n),
    "conditional comments": lambda n: page("<p>文</p>" + "<!--[if IE]>" * n),
    "XHTML": lambda n: page(
        "<p>文<br/></p>" * n, "<?xml version='1.0'?><html><head><script/></head><body>"
    ),
    "open scripts of XHTML": lambda n: page(
        "<p>文</p>" + "<script " * n, "<?xml version='1.0'?><html><body>"
    ),
    "named entities": lambda n: page("<p>" + "&nbsp;&lt;a&gt;" * n),
    "unknown entities": lambda n: page("<p>" + "&aaaaaaaa" * n),
    "one unknown entity": lambda n: page("<p>&" + "a" * n),
    "preformatted lines": lambda n: page("<pre>" + "行である\n" * n + "</pre>"),
}
"""Web pages in one dimension each."""

_ENTRY = "<entry><link href='/d{}.html'/><title>文書</title></entry>"

FEEDS: dict[str, Make] = {
    "places": lambda n: (
        "<urlset>" + "".join(f"<url><loc>/d{i}.html</loc></url>" for i in range(n)) + "</urlset>"
    ),
    "equal places": lambda n: "<urlset>" + "<url><loc>/d.html</loc></url>" * n + "</urlset>",
    "sitemaps": lambda n: (
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>/s{i}.xml</loc></sitemap>" for i in range(n))
        + "</sitemapindex>"
    ),
    "entries": lambda n: "<feed>" + "".join(_ENTRY.format(i) for i in range(n)) + "</feed>",
    "links of an entry": lambda n: (
        "<feed><entry>"
        + "".join(f"<link href='/d{i}.html'/>" for i in range(n))
        + "</entry></feed>"
    ),
    "items": lambda n: (
        "<rss><channel>" + "<item><link>/d.html</link></item>" * n + "</channel></rss>"
    ),
    "nested items": lambda n: "<rss>" + "<item>" * n + "</item>" * n + "</rss>",
    "attributes": lambda n: "<rss><item " + " ".join(f"a{i}='1'" for i in range(n)) + "/></rss>",
    "name spaces": lambda n: "<rss " + " ".join(f"xmlns:a{i}='u{i}'" for i in range(n)) + "></rss>",
    "long place": lambda n: f"<urlset><url><loc>/{'a' * n}</loc></url></urlset>",
    "comments": lambda n: "<urlset>" + "<!-- a -->" * n + "</urlset>",
    "CDATA": lambda n: "<urlset><url><loc>" + "<![CDATA[a]]>" * n + "</loc></url></urlset>",
    "references": lambda n: "<urlset><url><loc>" + "&amp;" * n + "</loc></url></urlset>",
    "open elements": lambda n: "<urlset>" + "<a>" * n,
    "white space": lambda n: " " * n + "<urlset></urlset>",
}
"""Sitemaps and feeds in one dimension each."""

ROBOTS: dict[str, Make] = {
    "rules": lambda n: "User-agent: *\n" + "".join(f"Disallow: /d{i}/\n" for i in range(n)),
    "agents": lambda n: "User-agent: a\n" * n + "Disallow: /\n",
    "agents and rules": lambda n: "User-agent: *\n" * n + "Disallow: /d/\n" * n,
    "groups": lambda n: "User-agent: *\nDisallow: /d/\n\n" * n,
    "long line": lambda n: "User-agent: *\nDisallow: /" + "a" * n,
    "stars": lambda n: "User-agent: *\nDisallow: /" + "*a" * n,
    "comments": lambda n: "# a\n" * n,
    "spaces": lambda n: "User-agent:" + " " * n + "*",
    "colons": lambda n: ":" * n,
}
"""Files of rules for programs in one dimension each."""

URLS: dict[str, Make] = {
    "path": lambda n: "https://a.go.jp/" + "a" * n,
    "folders": lambda n: "https://a.go.jp/" + "a/" * n,
    "way up": lambda n: "https://a.go.jp/" + "a/" * n + "../" * n,
    "points": lambda n: "https://a.go.jp/" + "./" * n,
    "slashes": lambda n: "https://a.go.jp/" + "/" * n,
    "parameters": lambda n: "https://a.go.jp/?" + "a=1&" * n,
    "pages": lambda n: "https://a.go.jp/?" + "page=1&" * n,
    "marks of a session": lambda n: "https://a.go.jp/a" + ";jsessionid=1" * n,
    "percent signs": lambda n: "https://a.go.jp/" + "%E3%81%82" * n,
    "Japanese": lambda n: "https://a.go.jp/?q=" + "あ" * n,
    "labels of a host": lambda n: "https://" + "a." * n + "go.jp/",
    "at signs": lambda n: "https://" + "a@" * n + "a.go.jp/",
    "port": lambda n: "https://a.go.jp:" + "1" * n + "/",
    "scheme": lambda n: "a" * n + ":",
    "spaces": lambda n: " " * n + "https://a.go.jp/" + " " * n,
}
"""Addresses in one dimension each."""
