"""Prints the seeds again, in other ways and by other programs, and measures what comes out.

The parser must not depend on how one program happens to print. All prints are made from the gold in
a temporary folder when they are measured, and go with it.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.corpus import ROOT, parse
from bench.fidelity import gold
from bench.fidelity.prints import paper
from bench.fidelity.prints.markup import Style, plan_page, table_page
from shisaku.ingest.model import Document

_SECONDS = 120.0
# The collection Adobe-Japan1 has one glyph for both of each.
JAPAN1 = {"～": "〜", "—": "―"}
# Writer hangs these out at the end of a line and then leaves them out of a web page's print.
HUNG = {"、": "", "。": ""}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OFFICE = ("soffice", "libreoffice")

Print = Callable[[Path], None]


class PrintError(Exception):
    """A program is missing or did not print."""


@dataclass(frozen=True)
class Variant:
    """A print of a seed: its name, what it prints, the programs of which it needs one."""

    name: str
    seed: str
    make: Print
    needs: tuple[str, ...] = ()
    unlike: Mapping[str, str] = field(default_factory=dict)
    """Characters that the program does not print as given, and what counts as the same."""

    @property
    def program(self) -> str | None:
        """The program that prints it, None where it is missing."""
        return next((found for name in self.needs if (found := shutil.which(name))), None)

    @property
    def available(self) -> bool:
        """Whether it can be printed here."""
        return not self.needs or self.program is not None


def chromium(page: str, path: Path) -> None:
    """Print a page with Chromium."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        print_file(source, path)


def print_file(source: Path, path: Path) -> None:
    """Print a web page that stands in a file with Chromium.

    Its own header would bear the clock and the path of a temporary folder.
    """
    with TemporaryDirectory() as folder:
        _run(
            [
                _find(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
                f"--print-to-pdf={path}", source.resolve().as_uri(),
            ],
            path,
        )  # fmt: skip


def office(page: str, path: Path) -> None:
    """Print a page with LibreOffice Writer, whose tables and paragraphs are laid out otherwise."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / f"{path.stem}.html"
        source.write_text(page, encoding="utf-8")
        _run(
            [
                _find(OFFICE), f"-env:UserInstallation={Path(folder).as_uri()}/profile",
                "--headless", "--infilter=HTML (StarWriter)", "--convert-to",
                "pdf:writer_pdf_Export", "--outdir", str(path.parent), str(source),
            ],
            path,
        )  # fmt: skip


def _find(names: tuple[str, ...]) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise PrintError(f"{names[0]} is not installed")


def _run(command: list[str], path: Path) -> None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise PrintError(f"{command[0]} did not end within {_SECONDS:.0f} s") from error
    if not path.exists():
        raise PrintError(f"{command[0]}: {done.stderr.decode(errors='replace')[-300:]}")


PLAIN = Style()
TABLES = {
    "sans, header on each page": replace(PLAIN, repeat=True),
    "serif 8 pt, landscape": replace(
        PLAIN, font="Noto Serif CJK JP", size=8, leading=1.4, page="A4 landscape"
    ),
    "sans 10 pt, rows kept whole, header on each page": replace(
        PLAIN, size=10, repeat=True, break_rows=False, restated="(再掲)"
    ),
    "IPAex Mincho, wide leading": replace(PLAIN, font="IPAexMincho", size=10, leading=2.0),
    "ministry first, other names": replace(
        PLAIN, columns=(1, 0, 2), headers=("具体的施策", "担当府省庁", "取組の内容"), repeat=True
    ),
    "status first": replace(
        PLAIN, font="Noto Serif CJK JP", columns=(2, 1, 0), headers=("取組", "所管", "進捗")
    ),
    "landscape, rows kept whole": replace(
        PLAIN, page="A4 landscape", size=11, break_rows=False, margin="25mm"
    ),
    "date and address in the margins": replace(PLAIN, repeat=True, margins=True),
}
PLANS = {
    "sans": replace(PLAIN, size=10.5),
    "serif, landscape, plain headings": replace(
        PLAIN, font="Noto Serif CJK JP", size=10, page="A4 landscape", bold=False
    ),
    "IPAex Mincho 12 pt, wide leading": replace(
        PLAIN, font="IPAexMincho", size=12, leading=2.0, bold=False, margin="30mm"
    ),
    "sans 8 pt": replace(PLAIN, size=8, leading=1.3),
    "date and address in the margins": replace(PLAIN, size=10.5, margins=True),
    "ragged lines": replace(PLAIN, size=10.5, leading=1.8, justified=False),
    "A5, serif, ragged lines, plain headings, no contents": replace(
        PLAIN,
        font="Noto Serif CJK JP",
        leading=2.0,
        page="A5 portrait",
        margin="15mm",
        bold=False,
        contents=False,
        justified=False,
    ),
    "letter-spaced headings": replace(PLAIN, font="Noto Serif CJK JP", size=10.5, spacing=0.25),
    "space between paragraphs": replace(PLAIN, size=10.5, gap=6),
    "two columns, no contents": replace(PLAIN, contents=False, columns_of_text=2),
}


def variants() -> Iterator[Variant]:
    """Yield all prints, in a fixed order."""
    items, plan = gold.load(gold.FOLLOW_UP), gold.load(gold.PLAN)
    for name, style in TABLES.items():
        make = partial(chromium, table_page(items, style))
        yield Variant(f"follow-up, {name}", gold.FOLLOW_UP, make, CHROMIUM)
    for repeat in (True, False):
        style = replace(PLAIN, repeat=repeat)
        name = "header on each page" if repeat else "landscape, rows split"
        yield Variant(
            f"follow-up, ReportLab, {name}", gold.FOLLOW_UP,
            partial(paper.print_table, items, style, landscape=not repeat), unlike=JAPAN1,
        )  # fmt: skip
    page = table_page(items, replace(PLAIN, repeat=True))
    yield Variant("follow-up, LibreOffice", gold.FOLLOW_UP, partial(office, page), OFFICE, HUNG)
    for name, style in PLANS.items():
        yield Variant(
            f"plan, {name}", gold.PLAN, partial(chromium, plan_page(plan, style)), CHROMIUM
        )
    yield Variant("plan, ReportLab", gold.PLAN, partial(paper.print_plan, plan), unlike=JAPAN1)
    page = plan_page(plan, replace(PLAIN, size=10.5, contents=False))
    yield Variant("plan, LibreOffice", gold.PLAN, partial(office, page), OFFICE, HUNG)
    source = ROOT / f"seeds/{gold.MEETINGS}.html"
    yield Variant("meetings, printed", gold.MEETINGS, partial(print_file, source), CHROMIUM)


def measure(variant: Variant) -> gold.Score:
    """Print a variant, parse it and compare it with the gold of its seed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{variant.seed}.pdf"
        variant.make(path)
        return compare(variant, parse(path))


def compare(variant: Variant, document: Document) -> gold.Score:
    """Compare a parsed print with the gold of its seed."""
    wanted = gold.load(variant.seed, variant.unlike)
    text = msgspec.json.encode(document).decode()
    for char, other in variant.unlike.items():
        text = text.replace(char, other)
    document = msgspec.json.decode(text, type=Document)
    if variant.seed == gold.FOLLOW_UP:
        return gold.compare_items(document, wanted)
    if variant.seed == gold.PLAN:
        return gold.compare_plan(document, wanted)
    return gold.compare_meetings(document, wanted)
