"""Sets the sample documents of data/sample.toml as PDF and HTML, and writes what they hold as JSON.

Run `make sample` after a change to the words; the files are committed, so others do not need the
fonts. The shapes are those that real documents are hard to read for: rows that run over pages with
and without a rule between, cells that span rows, a text layer of Kangxi radicals, a font that is
not embedded, two columns, a Shift_JIS page. The same input gives the same bytes.
"""

import argparse
import hashlib
import json
import sys
import tomllib
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import reportlab
from sample_setting import (
    HEIGHT,
    WIDTH,
    MeasureTable,
    Paper,
    Style,
    Toml,
    register_fonts,
    set_contents,
    set_small_table,
    wrap,
)

HERE = Path(__file__).parent
FONTS = {
    "mincho": Path("/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf"),
    "gothic": Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"),
}
"""Where Debian's fonts-ipaexfont puts them; elsewhere use --mincho and --gothic."""
PRINTED_BESIDES = "施策名省庁名実施状況目次　- 0123456789."
"""What the pages print beside the words of sample.toml."""


def label_and_title(part: Toml) -> str:
    """Return what is printed of a measure's name."""
    return f"{part['label']} {part['title']}"


def make_follow_up(doc: Toml, note: str) -> bytes:
    """Set the follow-up."""
    paper = Paper(doc["title"], as_radicals=True)
    paper.middle(HEIGHT - 60, doc["title"], Style("gothic", 14))
    small = Style("mincho", 9, 13)
    paper.text(470, HEIGHT - 84, doc["printed_issued"], small)
    table = MeasureTable(paper, HEIGHT - 94)
    table.stretch([["　　施策名"], ["　省庁名"], ["　　　　　　　　実施状況"]])
    table.rule_across(0)
    for part in doc["part"]:
        if "heading" in part:
            table.heading(part["heading"])
        else:
            table.measure(label_and_title(part), part["rows"])
    paper.text(40, table.y - 20, note, small)
    return paper.bytes()


# --- the plan ----------------------------------------------------------------------------------

BODY = Style(first=3, rest=2)
PLAN_STYLES = {
    1: Style("gothic", 13, 24, before=14),
    2: Style("gothic", 11.5, 20, first=1, rest=1, before=6),
    "measure": Style("gothic", 10.5, 18, first=1, rest=2, before=4),
    "item": Style(first=3, rest=4),
}


def plan_parts(doc: Toml) -> Iterator[tuple[Style, str, int | None]]:
    """Yield the body's paragraphs: style, text, level in the contents (None: not in it)."""
    preface = doc["preface"]
    plain = Style(first=1)
    yield PLAN_STYLES[1], preface["title"], 1
    for text in preface["paragraphs"]:
        yield plain, text, None
    for text in preface["list"]:
        yield Style(first=2, rest=3), text, None
    yield plain, preface["closing"], None
    for part in doc["part"]:
        if "heading" in part:
            yield PLAN_STYLES[part["level"]], part["heading"], part["level"]
            continue
        yield PLAN_STYLES["measure"], label_and_title(part), 3
        for text in part["paragraphs"]:
            yield PLAN_STYLES["item"] if text.startswith("・") else BODY, text, None


def make_plan(doc: Toml, note: str) -> tuple[bytes, dict[str, int]]:
    """Set the plan: cover, contents, body; return the file and the page of each heading."""
    # What Word writes there is often the name of a draft.
    paper = Paper("Microsoft Word - soan.docx")
    paper.middle(560, doc["title"], Style("gothic", 18))
    paper.middle(500, doc["printed_issued"], Style(size=13))
    paper.middle(470, doc["publisher"], Style(size=13))
    paper.turn()
    left, right = 70.0, WIDTH - 70
    lines: list[tuple[int, float, float, str, Style]] = []
    pages: dict[str, int] = {}
    entries: list[tuple[int, str, int]] = []
    page, y = 3, HEIGHT - 80
    for style, text, level in plan_parts(doc):
        set_lines = wrap(text, style, right - left)
        room = y - style.before - len(set_lines) * style.leading
        # A heading never stands alone at the foot of a page.
        if y - style.before - style.leading < 70 or (level and room < 110):
            page, y = page + 1, HEIGHT - 80
        y -= style.before
        if level:
            pages[text] = page
            entries.append((level, text, page))
        for indent, line in set_lines:
            if y - style.leading < 60:
                page, y = page + 1, HEIGHT - 80
            y -= style.leading
            lines.append((page, left + indent, y, line, style))
    set_contents(paper, entries, left, right)
    for number, x, at, line, style in lines:
        while paper.page < number:
            paper.turn()
        paper.text(x, at, line, style)
    paper.text(left, y - 30, note, Style(size=9))
    return paper.bytes(), pages


# --- the form ----------------------------------------------------------------------------------


def make_form(doc: Toml, note: str) -> bytes:
    """Set the form in a font that is not embedded, so that a reader needs the CMap alone."""
    paper = Paper(doc["title"], numbered=False)
    style = Style("HeiseiMin-W3", 9, 13)
    unit, left, y = 51.5, 40.0, HEIGHT - 80.0
    paper.text(left, HEIGHT - 60, doc["title"], Style("HeiseiMin-W3", 12))
    rows = doc["rows"]
    for number, row in enumerate(rows):
        cells = [
            [line for text in cell.split("\n") for _, line in wrap(text, style, width * unit - 8)]
            for cell, width in row
        ]
        height = max(map(len, cells)) * style.leading + 8
        goes_on = number + 1 < len(rows) and rows[number + 1][0][0] == ""
        x = left
        for place, ((cell, width), lines) in enumerate(zip(row, cells, strict=True)):
            for down, line in enumerate(lines):
                paper.text(x + 4, y - 4 - style.size - down * style.leading, line, style)
            paper.rule(x, y, x, y - height)
            if place or cell:
                paper.rule(x, y, x + width * unit, y)
            if place or not goes_on:
                paper.rule(x, y - height, x + width * unit, y - height)
            x += width * unit
        paper.rule(x, y, x, y - height)
        y -= height
    paper.text(left, y - 20, note, style)
    return paper.bytes()


# --- the brochure ------------------------------------------------------------------------------

BROCHURE_STYLES = {
    "h1": Style("gothic", 16, 28, before=18),
    "h2": Style("gothic", 12.5, 22, before=8),
    "p": Style("mincho", 10.5, 19, first=1),
}


def make_brochure(doc: Toml, note: str) -> bytes:
    """Set the brochure: a banner, then two columns on every page."""
    paper = Paper(doc["title"], as_radicals=True)
    name, year = doc["title"].split(" ")
    paper.text(45, HEIGHT - 75, name, Style("gothic", 24))
    paper.text(45, HEIGHT - 100, year, Style("gothic", 16))
    lefts, width = (45.0, 308.0), 242.0
    column, top = 0, HEIGHT - 130
    y = top
    blocks = [*doc["blocks"], {"p": note}]
    for block in blocks:
        ((kind, content),) = block.items()
        if kind == "table":
            need = len(content) * 21.0
        else:
            style = BROCHURE_STYLES[kind]
            lines = wrap(content, style, width)
            need = style.before + len(lines) * style.leading
        if y - need - (60 if kind != "p" else 0) < 60:
            column += 1
            if column == 2:
                paper.turn()
                column, top = 0, HEIGHT - 60
            y = top
        x = lefts[column]
        if kind == "table":
            y = set_small_table(paper, content, x, y - 6)
            continue
        y -= style.before
        for indent, line in lines:
            y -= style.leading
            paper.text(x + indent, y, line, style)
    return paper.bytes()


# --- the page of meetings ------------------------------------------------------------------------


def make_meetings(doc: Toml, note: str) -> bytes:
    """Write the page as such pages were written: layout by tables, cp932 called Shift_JIS."""
    meetings = "\n".join(
        f"<TR><TD><B>●第{meeting['number']}回会合</B><BR>開催日：{meeting['printed_date']}<BR>\n"
        f"出席者：{meeting['attendees']}<BR>\n概　要：{meeting['summary']}</TD></TR>"
        for meeting in doc["meeting"]
    )
    page = f"""<HTML><HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=Shift_JIS">
<TITLE>{doc["title"]}</TITLE>
<SCRIPT>var x = "{doc["hidden_script"]}";</SCRIPT><STYLE>td {{ color: black }}</STYLE></HEAD>
<BODY BGCOLOR="#FFFFFF"><TABLE class=nav>
<TR><TD><A HREF="#">{doc["publisher"]} サイトマップ</A></TD></TR>
<TR><TD><A HREF="#">トップページ</A> <A HREF="#">政策課題</A> <A HREF="#">会議</A></TD></TR></TABLE>
<CENTER><FONT SIZE=5>開 催 状 況</FONT></CENTER>
<P>{doc["intro"]}</P>
<TABLE BORDER=0>
{meetings}
</TABLE>
<!-- {doc["hidden_comment"]} -->
<P><FONT SIZE=2>{note}</FONT></P></BODY></HTML>
"""
    return page.replace("\n", "\r\n").encode("cp932")


# --- what the documents hold ---------------------------------------------------------------------


def headed(parts: Sequence[Toml]) -> Iterator[tuple[list[str], Toml]]:
    """Yield each measure with the headings above it."""
    path: list[tuple[int, str]] = []
    for part in parts:
        if "heading" in part:
            path = [above for above in path if above[0] < part["level"]]
            path.append((part["level"], part["heading"]))
        else:
            yield [heading for _, heading in path], part


def gold_item(printed: str) -> Toml:
    """Take a printed item apart."""
    mark, text = printed[0], printed[1:]
    restated = text.startswith("(再掲)")
    return {"mark": mark, "restated": restated, "text": text.removeprefix("(再掲)")}


def gold_paragraphs(part: Toml) -> Toml:
    """Take the list of ministries off a measure of the plan."""
    last = part["paragraphs"][-1]
    start = max(last.rfind("（"), last.rfind("("))
    names = last[start + 1 : -1]
    return {
        "paragraphs": part["paragraphs"],
        "ministries": names.removesuffix("等").split("、"),
        "and_others": names.endswith("等"),
    }


def make_gold(sample: Toml, pages: dict[str, int]) -> Toml:
    """Return what a reader must find, document by document."""
    follow_up, plan, form = sample["follow_up"], sample["plan"], sample["form"]
    brochure, meetings = sample["brochure"], sample["meetings"]
    keys = ("file", "title", "issued", "plan", "plan_series", "publisher")

    def head(doc: Toml, kind: str) -> Toml:
        return {"kind": kind} | {key: doc[key] for key in keys if key in doc}

    return {
        "note": sample["note"],
        "follow_up": head(follow_up, "follow_up")
        | {
            "measures": [
                {"path": path, "label": part["label"], "title": part["title"]}
                | {
                    "rows": [
                        {
                            "ministries": row["ministries"],
                            "items": [gold_item(item) for item in row["items"]],
                        }
                        for row in part["rows"]
                    ]
                }
                for path, part in headed(follow_up["part"])
            ]
        },
        "plan": head(plan, "plan")
        | {
            "plan": plan["title"],
            "preface": [
                *plan["preface"]["paragraphs"],
                *plan["preface"]["list"],
                plan["preface"]["closing"],
            ],
            "headings": [{"text": text, "page": page} for text, page in pages.items()],
            "measures": [
                {"path": path, "label": part["label"], "title": part["title"]}
                | gold_paragraphs(part)
                for path, part in headed(plan["part"])
            ],
        },
        "form": head(form, "evaluation_sheet")
        | {
            "fiscal_year": form["fiscal_year"],
            "fields": [{"path": path, "text": text} for path, text in form["fields"]],
        },
        "brochure": head(brochure, "brochure")
        | {
            "headings": [
                {"level": int(kind[1]), "text": text}
                for block in brochure["blocks"]
                for kind, text in block.items()
                if kind in ("h1", "h2")
            ],
            "paragraphs": [block["p"] for block in brochure["blocks"] if "p" in block],
            "tables": [block["table"] for block in brochure["blocks"] if "table" in block],
        },
        "meetings": head(meetings, "meeting_record")
        | {
            "hidden": [meetings["hidden_script"], meetings["hidden_comment"]],
            "intro": meetings["intro"],
            "meetings": meetings["meeting"],
        },
    }


def make_all(fonts: dict[str, Path]) -> dict[str, bytes]:
    """Make every file: its path from the root of the project → its bytes."""
    words = (HERE / "sample.toml").read_text(encoding="utf-8")
    register_fonts(fonts, words + PRINTED_BESIDES)
    sample = tomllib.loads(words)
    note = sample["note"]
    plan, pages = make_plan(sample["plan"], note)
    made = {
        "follow_up": make_follow_up(sample["follow_up"], note),
        "plan": plan,
        "form": make_form(sample["form"], note),
        "brochure": make_brochure(sample["brochure"], note),
        "meetings": make_meetings(sample["meetings"], note),
    }
    gold = make_gold(sample, pages)
    # Bytes depend on these; the test that compares them asks whether they are the same here.
    gold["made_with"] = made_with(fonts)
    files = {f"data/raw/sample/{sample[key]['file']}": data for key, data in made.items()}
    text = json.dumps(gold, ensure_ascii=False, indent=1) + "\n"
    return {**files, "tests/data/sample_gold.json": text.encode()}


def made_with(fonts: dict[str, Path]) -> dict[str, str]:
    """Name what the bytes of the files depend on, beside the words."""
    return {
        "reportlab": reportlab.Version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in fonts.items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files below --out; 1 where a font is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE.parent, help="root to write below")
    for name, path in FONTS.items():
        parser.add_argument(f"--{name}", type=Path, default=path, help=f"default: {path}")
    given = parser.parse_args(arguments)
    fonts = {name: getattr(given, name) for name in FONTS}
    if missing := [str(path) for path in fonts.values() if not path.is_file()]:
        sys.stderr.write(
            f"No font at {', '.join(missing)}. Install IPAex fonts (Debian: fonts-ipaexfont) or "
            "name them with --mincho and --gothic.\n"
        )
        return 1
    for name, data in make_all(fonts).items():
        path = given.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sys.stdout.write(f"{path} {len(data)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
