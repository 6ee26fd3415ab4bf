"""An independent reading: what pdfium draws on a sample of pages, against what comes out of them.

The parser's own ledger balances what its reader found; what the reader never saw stands in neither
of its sides. pdfium reads the files by other code. A page is silent where pdfium draws characters
and nothing comes out: no passage, no heading, no title, and no furniture that the reader told of.
The trap: pdfium gives hidden text too, so that what was left out because nobody sees it shows as
missing; only whole pages are held against a limit, the shares of the others are shown.
"""

import random
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from bench.corpus import files, key, name_of
from bench.fidelity.measured import Limits, Measured
from shisaku.ingest.batch.parse import read_raw
from shisaku.ingest.model import Document, RawDocument
from shisaku.ingest.problems import UnreadableError
from shisaku.ingest.structure import build_document

SAMPLE = 3
"""Pages of each file: the first and others that are drawn."""

LEAST = 20
"""Characters that pdfium must draw for a page to be one with text."""

_LOW = 0.9
"""Share of a page's characters below which it is named."""


@dataclass(frozen=True)
class DrawnPage:
    """A page of the sample: characters that pdfium draws, and those of them that come out."""

    name: str
    number: int
    drawn: int
    found: int
    told: bool
    """A problem of the document says that something of it could not be read."""

    @property
    def silent(self) -> bool:
        """Whether characters are drawn, none comes out, and nobody was told."""
        return self.drawn >= LEAST and self.found == 0 and not self.told

    @property
    def share(self) -> float:
        """The share of its characters that come out."""
        return self.found / self.drawn if self.drawn else 1.0


def read(path: Path) -> list[DrawnPage]:
    """Read a sample of the pages of a PDF in both ways; nothing of one that pdfium cannot open."""
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return []
    try:
        numbers = range(1, len(pdf) + 1)
        # The name decides, so that each run draws the same pages.
        chance = random.Random(path.name)
        sample = {1, *chance.sample(numbers, min(SAMPLE, len(numbers)))} & set(numbers)
        drawn = {number: _drawn(pdf, number) for number in sorted(sample)}
    finally:
        pdf.close()
    name = name_of(path)
    try:
        raw = read_raw(path)
    except UnreadableError:
        return [DrawnPage(name, at, text.total(), 0, told=True) for at, text in drawn.items()]
    document = build_document(raw, document_id=path.name, sources=(), sha256="")
    return [
        DrawnPage(
            name, number, text.total(), (text & _out(document, raw, number)).total(),
            bool(document.problems),
        )
        for number, text in drawn.items()
    ]  # fmt: skip


def _drawn(pdf: pypdfium2.PdfDocument, number: int) -> Counter[str]:
    try:
        page = pdf[number - 1]
        text = page.get_textpage().get_text_range(errors="ignore")
    except pypdfium2.PdfiumError:
        return Counter()
    return _letters(text)


def _letters(text: str) -> Counter[str]:
    """Count the characters that are letters, digits or signs; what pdfium cannot name is none."""
    kept = (char for char in key(text) if unicodedata.category(char)[0] in "LNPS")
    return Counter(char for char in kept if char != "\ufffd")


def _out(document: Document, raw: RawDocument, number: int) -> Counter[str]:
    """Count the characters that come out of a page, headings and furniture included."""
    texts = [document.title] if number == 1 else []
    for passage in document.passages:
        if passage.page <= number <= passage.page_end:
            texts += [passage.mark or "", passage.text, *passage.path]
            texts += [cell.column + cell.text for cell in passage.cells or ()]
    texts += [
        section.label + section.title for section in document.sections if section.page == number
    ]
    for page in raw.pages:
        if page.number == number:
            texts += [part.text for part in page.furniture]
            # Entries of a contents page are no passages; the ledger holds them to the blocks.
            texts += [block.text for block in page.blocks]
    return _letters("".join(texts))


def row(limits: Limits, found: list[DrawnPage]) -> Measured:
    """Measure on how many pages characters are drawn and none come out."""
    pages = [page for page in found if page.drawn >= LEAST]
    silent = [page for page in pages if page.silent]
    low = sorted((page for page in pages if page.share < _LOW), key=lambda page: page.share)
    shares = sorted(page.share for page in pages)
    median = shares[len(shares) // 2] if shares else 0.0
    most = limits.ceilings["silent_pages"]
    return Measured(
        "pages drawn by pdfium: nothing comes out",
        f"{len(silent)} of {len(pages)} pages; of the median page {median:.3f} comes out",
        f"{most:.0f}", len(silent) <= most and bool(pages),
        tuple(f"{page.name} p.{page.number}: {page.share:.3f} of {page.drawn}" for page in low),
        tuple(f"{page.name} p.{page.number}: {page.drawn} characters" for page in silent),
    )  # fmt: skip


def sample_files() -> list[Path]:
    """Give the PDFs of the corpus that are read in this way: real ones and the project's kind."""
    folders = ("real", "policy", "series", "families", "seeds")
    return [path for name in folders for path in files(name) if path.suffix.lower() == ".pdf"]
