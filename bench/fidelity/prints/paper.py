"""Prints the follow-up and the plan with ReportLab: an unembedded CID font, tables it cuts itself.

Unlike browsers, it draws every cell's frame anew and knows no spanning cell that crosses a page: a
measure is printed once and the cells below it stay empty and open, as word processors do it.
"""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import pagesizes
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

from bench.fidelity.prints.markup import Gold, Style, heading_steps, item_text

_FONT = "HeiseiMin-W3"
_MARGIN = 50.0


def print_table(gold: Gold, style: Style, path: Path, *, landscape: bool = False) -> None:
    """Print the follow-up: with its header row on each page or with rows that split."""
    size = pagesizes.landscape(pagesizes.A4) if landscape else pagesizes.A4
    text = _style(style.size)
    rows: list[list[Any]] = [[Paragraph(name, text) for name in style.headers]]
    look: list[tuple[Any, ...]] = [
        ("BOX", (0, 0), (-1, -1), 0.5, "black"),
        ("LINEAFTER", (0, 0), (-2, -1), 0.5, "black"),
        ("LINEBELOW", (1, 0), (-1, -1), 0.5, "black"),
        ("LINEBELOW", (0, 0), (0, 0), 0.5, "black"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    for measure, headings in heading_steps(gold["measures"]):
        for _, words in headings:
            look += [
                ("SPAN", (0, len(rows)), (-1, len(rows))),
                ("LINEABOVE", (0, len(rows)), (-1, len(rows)), 0.5, "black"),
                ("LINEBELOW", (0, len(rows)), (-1, len(rows)), 0.5, "black"),
            ]
            rows.append([Paragraph(escape(words), text), "", ""])
        look.append(("LINEABOVE", (0, len(rows)), (0, len(rows)), 0.5, "black"))
        for number, row in enumerate(measure["rows"]):
            words = f"{measure['label']} {measure['title']}" if number == 0 else ""
            rows.append(
                [
                    Paragraph(escape(words), text),
                    Paragraph(escape("、".join(row["ministries"])), text),
                    [Paragraph(escape(item_text(item, style)), text) for item in row["items"]],
                ]
            )
    width = size[0] - 2 * _MARGIN
    table = LongTable(
        rows, colWidths=[width * share / 100 for share in style.widths], style=look,
        repeatRows=1 if style.repeat else 0, splitInRow=0 if style.repeat else 1,
    )  # fmt: skip
    head = [
        Paragraph(escape(gold["title"]), _style(15, alignment=TA_CENTER)),
        Paragraph("平成23年11月", _style(style.size, alignment=TA_RIGHT)),
        Spacer(1, 8),
    ]
    _build(path, size, [*head, table])


def print_plan(gold: Gold, path: Path) -> None:
    """Print the plan: cover, preface, measures with numbered headings; no contents page."""
    text = _style(10.5, firstLineIndent=10.5)
    story: list[Any] = [
        Spacer(1, 200),
        Paragraph(escape(gold["title"]), _style(20, alignment=TA_CENTER)),
        Spacer(1, 20),
        Paragraph("平成28年7月", _style(12, alignment=TA_CENTER)),
        Paragraph(escape(gold["publisher"]), _style(12, alignment=TA_CENTER)),
        PageBreak(),
        Paragraph("序", _style(14)),
        *(Paragraph(escape(words), text) for words in gold["preface"]),
    ]
    for measure, headings in heading_steps(gold["measures"]):
        story += [
            Paragraph(escape(words), _style(14 - depth, spaceBefore=10))
            for depth, words in headings
        ]
        words = f"{measure['label']} {measure['title']}"
        story.append(Paragraph(escape(words), _style(10.5, leftIndent=10, spaceBefore=6)))
        story += [Paragraph(escape(words), text) for words in measure["paragraphs"]]
    _build(path, pagesizes.A4, story)


def _style(size: float, **more: Any) -> ParagraphStyle:
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
        pdfmetrics.registerFontFamily(_FONT, _FONT, _FONT, _FONT, _FONT)
    return ParagraphStyle(
        "text", fontName=_FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more
    )


def _build(path: Path, size: tuple[float, float], story: list[Any]) -> None:
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN)
    template = SimpleDocTemplate(str(path), pagesize=size, invariant=1, **margins)
    template.build(story, onFirstPage=_number, onLaterPages=_number)


def _number(canvas: Any, template: Any) -> None:
    canvas.setFont(_FONT, 9)
    canvas.drawCentredString(template.pagesize[0] / 2, 28, f"- {template.page} -")
