"""The types that every stage takes and gives; of the project it imports names only.

raw file → `TextBlock`/`TableBlock` (ingest.pdf, ingest.html) → `Section`, `Measure`, `Passage`
(ingest.structure) → `Document` (parsed JSON) → index. A result points back into its source: file,
page, box. Lengths are points from the page's top left corner; spans are code points.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from shisaku.ingest.terms import Kind, PassageType, Status

IsoDate = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A date as precise as known: 2014, 2014-12, 2014-12-01. Decoding refuses anything else, so that
what counts years never meets a hand-edited one."""


class Problem(Struct, frozen=True):
    """Why a document, or a part of it, could not be read: a code, one sentence, what to do."""

    code: str
    reason: str
    remedy: str
    failed: bool = True
    """False for a warning: the document is complete enough to be searched as it is."""

    @property
    def rings(self) -> bool:
        """Whether a run that meets it ends with exit code 3.

        Failures do, and a text that was read with another charset than its file declares: it can
        be searched, but someone should look at it once.
        """
        return self.failed or self.code == "charset"


class Box(Struct, frozen=True):
    """A rectangle on a page; `page` counts from 1 by position in the file."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


# --- blocks: what the readers of PDF and HTML give -------------------------------------------


class Line(Struct, frozen=True):
    """A printed line: repaired text, where it stands, and how it is set.

    `size` is the font size in points (0 where unknown), `font` the name of the font of most of its
    glyphs; `marks` holds [start, end] spans set as superscript (references to footnotes), ruby is
    left out of `text`.
    """

    text: str
    box: Box
    size: float = 0.0
    bold: bool = False
    ruby: tuple[tuple[int, int, str], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    font: str = ""


class TextBlock(Struct, frozen=True):
    """A paragraph, heading or list item as set: one or more lines that belong together.

    `text` has its lines joined. `role` and `level` are what the markup says (an HTML h2 is
    role "heading", level 2); from a PDF both are usually empty. `indent` is the first line's
    distance from the left of its column in characters; `open_end` is true where the last line is
    full and does not end a sentence, so that the paragraph may go on in the next column or page.
    """

    text: str
    lines: tuple[Line, ...]
    role: Literal["", "title", "heading", "list_item", "caption", "footnote"] = ""
    level: int | None = None
    indent: float = 0.0
    open_end: bool = False
    centered: bool = False

    @property
    def page(self) -> int:
        """First page."""
        return self.lines[0].box.page

    @property
    def size(self) -> float:
        """Font size of the first line in points."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether every line is bold."""
        return all(line.bold for line in self.lines)


class Cell(Struct, frozen=True):
    """A table cell at (`row`, `column`), covering `rowspan` x `colspan` places of the grid."""

    row: int
    column: int
    blocks: tuple[TextBlock, ...] = ()
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    box: Box | None = None
    open_top: bool = False
    open_bottom: bool = False
    """Whether the rule above or below is missing: its text may come from or go on elsewhere."""

    @property
    def text(self) -> str:
        """The cell's paragraphs joined by line feeds."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def filled(self) -> bool:
        """Whether `text` says anything; at once, however long a cell that spans many rows is."""
        return len(self.blocks) > 1 or any(block.text for block in self.blocks)


class TableBlock(Struct, frozen=True):
    """A data table. Cells come row by row; a spanning cell stands once, at its top left place.

    `edges` are the x positions of the column rules (empty for HTML). `open_top` and `open_bottom`
    tell that the outer rule is missing there: the first or last row goes on on another page.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    box: Box
    edges: tuple[float, ...] = ()
    open_top: bool = False
    open_bottom: bool = False
    caption: str = ""
    returned: tuple[str, ...] = ()
    """Header rows that a page break repeats: printed again, in the table once."""

    @property
    def text(self) -> str:
        """The filled cells' texts joined by line feeds."""
        return "\n".join(cell.text for cell in self.cells if cell.text)


Block = TextBlock | TableBlock


class Furniture(Struct, frozen=True):
    """Text that belongs to the page and not to what it says: its kind, its words."""

    kind: Literal["page_number", "running_head", "contents", "navigation", "watermark"]
    text: str


class Page(Struct, frozen=True):
    """The blocks of one page in reading order, with its size in points (0 for HTML)."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    label: str | None = None
    """The printed page label (- 3 -, iii), where one was found."""
    furniture: tuple[Furniture, ...] = ()


class RawDocument(Struct, frozen=True):
    """What a reader made of one file, before any structure is known."""

    pages: tuple[Page, ...]
    title: str | None = None
    """Title by the file's own metadata (often wrong in PDFs)."""
    url: str | None = None
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """What the reader repaired or left aside, by kind."""


# --- the parsed document ---------------------------------------------------------------------


class Section(Struct, frozen=True):
    """A heading of the outline: its label (第1章, (2), ①) apart from its title."""

    label: str
    title: str
    level: int
    page: int
    path: tuple[str, ...] = ()
    """Printed headings above it, outermost first."""


class Measure(Struct, frozen=True):
    """A measure (施策): printed label ("" where none), title, responsible ministries.

    `ministries` are canonical names in printed order over all rows or lists of the measure;
    `path` are the headings above it.
    """

    id: str
    label: str
    title: str
    path: tuple[str, ...]
    ministries: tuple[str, ...] = ()
    and_others: bool = False
    page: int = 1
    page_end: int = 1


class ColumnText(Struct, frozen=True):
    """A cell of a row passage under the name of its column ("" where the column has no header)."""

    column: str
    text: str


class Passage(Struct, frozen=True):
    """The smallest thing that someone would cite; its place in the document is all it knows.

    What it shares with its document (title, plan, publisher, …) stands in `Document` alone and is
    joined to it when it is indexed or exported; docs/schema/passage.schema.json explains both.
    """

    id: str
    type: PassageType
    text: str
    path: tuple[str, ...] = ()
    measure: str | None = None
    """Id of the measure it belongs to."""
    ministries: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    and_others: bool = False
    mark: str | None = None
    status: Status | None = None
    restated: bool = False
    date: IsoDate | None = None
    cells: tuple[ColumnText, ...] | None = None
    page: int = 1
    page_end: int = 1
    boxes: tuple[Box, ...] = ()
    page_label: str | None = None
    """The printed label (- 3 -, iii) of its first page."""
    restates: str | None = None
    """Id of the item of the same document that a (再掲) item repeats."""
    ref: str | None = None
    """Id of the passage that carries a footnote's mark."""
    guessed: tuple[str, ...] = ()
    """What the parser had to guess about it, in words."""
    ruby: tuple[tuple[int, int, str], ...] = ()
    """Readings printed above the text: [start, end] in code points of `text`, kana."""


class Withdrawn(Struct, frozen=True):
    """Since when (ISO 8601, UTC) and why the publisher no longer offers a file.

    `why` is "gone" (404 or 410) or "unlinked" (no watched page leads to it any more).
    """

    since: str
    why: str


class Origin(Struct, frozen=True):
    """Where a fetched file came from, and what the list of sources says of it; "" is not known."""

    url: str = ""
    publisher: str = ""
    plan: str = ""
    withdrawn: Withdrawn | None = None


class Source(Struct, frozen=True):
    """A file under raw/ that holds the document: path relative to the data directory, origin.

    `withdrawn` stands in parsed JSON only where it says something, `listed` of `Document` likewise:
    a file that was put there by hand has neither.
    """

    path: str
    url: str | None = None
    withdrawn: Withdrawn | UnsetType = UNSET


class Parsed:
    """What can be told from the head of a parsed document, however much of it was read."""

    __slots__ = ()
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        """Whether the present file could not be read."""
        return any(problem.failed for problem in self.problems)

    @property
    def withdrawn(self) -> Withdrawn | None:
        """Since when and why nobody offers the document; None while one of its files is offered."""
        marks = [source.withdrawn for source in self.sources]
        found = [mark for mark in marks if isinstance(mark, Withdrawn)]
        whole = found and len(found) == len(marks)
        return max(found, key=lambda mark: mark.since) if whole else None


class Document(Parsed, Struct, frozen=True):
    """A parsed document, as it stands in parsed/<id>.json.

    `id` is the path under raw/ in NFC with its suffix; of several paths with the same bytes the
    first in code-point order. `stale` is true where the present file cannot be read and what
    follows is what was read from an earlier one (whose hash `sha256` is).
    """

    id: str
    sha256: str
    sources: tuple[Source, ...]
    title: str
    kind: Kind = "other"
    plan: str | None = None
    plan_series: str | None = None
    publisher: str | None = None
    issued: IsoDate | None = None
    year: int | None = None
    fiscal_year: int | None = None
    pages: int = 0
    sections: tuple[Section, ...] = ()
    measures: tuple[Measure, ...] = ()
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()
    stale: bool = False
    parser: Mapping[str, Any] = field(default_factory=dict)
    """Versions of the parser and of the domain data that made it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What the parser repaired or left aside, by kind."""
    ledger: Mapping[str, int] = field(default_factory=dict)
    """Visible characters: all, by where they stand, lost, invented, repeated."""
    contents: Mapping[str, int] = field(default_factory=dict)
    """Entries of the contents page: all, in the body, found there as headings on their page."""
    listed: Mapping[str, str] | UnsetType = UNSET
    """Fields that the document does not state and the list of sources does, in its words."""


# --- what both sides of the seam say about a data directory ------------------------------------


class PlaceProblem(Struct, frozen=True):
    """What is wrong with a place that is no document: a link, a directory, a name."""

    source: str
    problem: Problem


class IndexState(Struct, frozen=True):
    """The generation that answers, its passages, what is wrong with it, what it does not hold."""

    generation: str = ""
    documents: int = 0
    passages: int = 0
    fault: str = ""
    behind: int = 0
    """Files under parsed/ that are new, changed or gone since it was made."""
    left_out: int = 0
    """Files under parsed/ at which indexing failed."""
