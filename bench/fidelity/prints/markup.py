"""The gold of the follow-up and the plan as web pages, set in other ways than the seeds are.

`variants` prints them; the words go into a temporary folder and nowhere else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Gold = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """How a page is set: what a ministry's word processor would call its format."""

    font: str = "Noto Sans CJK JP"
    size: float = 9.0
    leading: float = 1.6
    page: str = "A4 portrait"
    margin: str = "18mm"
    headers: tuple[str, str, str] = ("施策名", "省庁名", "実施状況")
    """Names of the columns: measure, ministry, status."""
    columns: tuple[int, ...] = (0, 1, 2)
    """Which of the three stands where."""
    widths: tuple[int, ...] = (24, 13, 63)
    repeat: bool = False
    """Whether the header row is printed again on each page."""
    break_rows: bool = True
    """Whether a row may run over a page break."""
    bold: bool = True
    """Whether headings are set in bold and larger than the text."""
    restated: str = "（再掲）"
    margins: bool = False
    """Whether date, title, address and page numbers stand in the margins, as browsers put them."""
    contents: bool = True
    """Whether a plan has a contents page."""
    justified: bool = True
    """Whether the lines of a plan's paragraphs end together, or ragged."""
    columns_of_text: int = 1
    """In how many columns a plan is set."""
    spacing: float = 0.0
    """Letter spacing of a plan's headings, in em."""
    gap: float = 0.0
    """Points between a plan's paragraphs; with any, their first lines are not indented."""


def heading_steps(measures: Sequence[Gold]) -> Iterator[tuple[Gold, list[tuple[int, str]]]]:
    """Yield each measure with the headings (depth, text) that are printed new above it."""
    above: list[str] = []
    for measure in measures:
        path = measure["path"]
        same = 0
        while same < min(len(path), len(above)) and path[same] == above[same]:
            same += 1
        yield measure, [(depth, path[depth]) for depth in range(same, len(path))]
        above = path


def item_text(item: Gold, style: Style) -> str:
    """Return a status item as printed."""
    restated = style.restated if item["restated"] else ""
    return f"{item['mark']}{restated}{item['text']}"


def table_page(gold: Gold, style: Style) -> str:
    """Return the follow-up as a page: a title, a date and one table."""
    rows: list[str] = []
    for measure, headings in heading_steps(gold["measures"]):
        rows += [f'<tr><td colspan="3">{escape(text)}</td></tr>' for _, text in headings]
        for number, row in enumerate(measure["rows"]):
            words = f"{measure['label']} {measure['title']}"
            span = f' rowspan="{len(measure["rows"])}"'
            items = "".join(f"<p>{escape(item_text(item, style))}</p>" for item in row["items"])
            cells = (
                f'<td{span} valign="top">{escape(words)}</td>' if number == 0 else "",
                f'<td valign="top">{escape("、".join(row["ministries"]))}</td>',
                f'<td valign="top">{items}</td>',
            )
            rows.append(f"<tr>{''.join(cells[at] for at in style.columns)}</tr>")
    head = "".join(f"<th>{style.headers[at]}</th>" for at in style.columns)
    widths = "".join(f'<col style="width:{style.widths[at]}%">' for at in style.columns)
    group = "table-header-group" if style.repeat else "table-row-group"
    css = f"""
        table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
        td, th {{ border: 0.7pt solid black; padding: 2pt 4pt; vertical-align: top }}
        th {{ font-weight: normal }} td p {{ margin: 0 0 3pt }}
        thead {{ display: {group} }}
        tr {{ break-inside: {"auto" if style.break_rows else "avoid"} }}
        h1 {{ font-size: 14pt; text-align: center }} .date {{ text-align: right }}"""
    body = (
        f"<h1>{escape(gold['title'])}</h1><p class=date>平成23年11月</p>"
        # Word processors read the attributes, browsers the style.
        f'<table border="1" cellspacing="0" cellpadding="4">{widths}<thead>'
        f"<tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return _page(gold["title"], body, css, style)


def plan_page(gold: Gold, style: Style) -> str:
    """Return the plan as a page: cover, contents with leaders, preface, measures."""
    entries = [(0, "序")]
    body = ["<h2>序</h2>", *(f"<p>{escape(text)}</p>" for text in gold["preface"])]
    for measure, headings in heading_steps(gold["measures"]):
        for depth, text in headings:
            body.append(f"<h{depth + 2}>{escape(text)}</h{depth + 2}>")
            entries.append((depth, text))
        words = f"{measure['label']} {measure['title']}"
        body.append(f"<h4>{escape(words)}</h4>")
        entries.append((2, words))
        body += [f"<p>{escape(text)}</p>" for text in measure["paragraphs"]]
    contents = "".join(
        f'<div style="padding-left:{depth}em">{escape(text)}'
        f"{_leaders(depth, text, style)}{number // 5 + 1}</div>"
        for number, (depth, text) in enumerate(entries)
    )
    size = style.size
    sizes = (size + 3, size + 2, size) if style.bold else (size, size, size)
    weight = "bold" if style.bold else "normal"
    columns = style.columns_of_text if style.columns_of_text > 1 else "auto"
    css = f"""
        h1 {{ font-size: 18pt; text-align: center; margin-top: 60mm }}
        .cover {{ text-align: center; break-after: page }}
        h2, h3, h4 {{ font-weight: {weight}; margin: 8pt 0 2pt; break-after: avoid }}
        h2 {{ font-size: {sizes[0]}pt }} h3 {{ font-size: {sizes[1]}pt }}
        h4 {{ font-size: {sizes[2]}pt; margin-left: 1em }}
        h2, h3, h4 {{ letter-spacing: {style.spacing}em }}
        p {{ margin: 0 0 {style.gap}pt; text-indent: {0 if style.gap else 1}em }}
        p {{ text-align: {"justify" if style.justified else "left"} }}
        body {{ column-count: {columns}; column-gap: 2em }}
        .contents {{ break-after: page }} .contents h5 {{ text-align: center; font-size: 12pt }}"""
    cover = (
        f"<h1>{escape(gold['title'])}</h1><div class=cover>平成28年7月<br>"
        f"{escape(gold['publisher'])}</div>"
    )
    if style.contents:
        cover += f"<div class=contents><h5>目次</h5>{contents}</div>"
    return _page(gold["title"], cover + "".join(body), css, style)


def _leaders(depth: int, text: str, style: Style) -> str:
    """Return the leaders that fill an entry's last line up to its page number.

    Dots that a browser cuts off at the edge would stay in the text layer, over the number.
    """
    width = 842.0 if "landscape" in style.page else 595.0
    margin = float(style.margin.removesuffix("mm")) * 72 / 25.4
    room = int((width - 2 * margin) / style.size) - depth
    return "…" * max(3, room - len(text) % room - 3)


def _page(title: str, body: str, css: str, style: Style) -> str:
    boxes = {
        "top-left": '"11/22/16, 10:48 AM"',
        "top-center": f'"{title}"',
        "bottom-left": '"https://www.example.go.jp/keikaku2/taisaku.html"',
        "bottom-right": 'counter(page) "/" counter(pages)',
    }
    margins = "".join(f"@{box} {{ content: {words}; font-size: 8pt }}"
                      for box, words in boxes.items() if style.margins)  # fmt: skip
    return f"""<!doctype html><html lang="ja"><meta charset="utf-8"><title>{escape(title)}</title>
<style>@page {{ size: {style.page}; margin: {style.margin}; {margins} }}
body {{ font-family: "{style.font}"; font-size: {style.size}pt; line-height: {style.leading} }}
{css}</style>{body}</html>"""
