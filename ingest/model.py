"""The types that the stages exchange; of the project it imports `ingest.terms` alone.

raw file → `TextBlock`/`TableBlock` (ingest.pdf, ingest.html) → `Section`, `Measure`, `Passage`
(ingest.structure) → `Document` (parsed JSON) → index. A result points back into its source: file,
page (from 1), box. Lengths are in points (1/72 inch) from the page's top left corner; spans are
[start, end) in code points. The trap: the names of fields are those of the JSON under parsed/.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from shisaku.ingest.terms import Kind, PassageType, Status

IsoDate = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A date as precise as known: 2014, 2014-12, 2014-12-01. Decoding refuses any other text, which a
hand-edited file may hold: years are read off its first four characters."""
_SUBSET = re.compile(r"^[A-Z]{6}\+")


class Problem(Struct, frozen=True):
    """Why a document or a part of it could not be read: a code, a sentence, and what to do."""

    code: str
    reason: str
    remedy: str
    failed: bool = True
    """False for a warning: the document is complete enough to be searched as it is."""

    @property
    def needs_attention(self) -> bool:
        """Whether a run that meets it ends with exit code 3.

        True for failures, and for a text that was read in another charset than its file declares:
        it can be searched, but a person should look at it once.
        """
        return self.failed or self.code == "charset"


class Box(Struct, frozen=True):
    """A rectangle on a page, in points; `page` counts from 1 by position in the file."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


# --- blocks, made by the readers of PDF and HTML ----------------------------------------------


class Line(Struct, frozen=True):
    """A printed line: text with radicals repaired, its box, and how it is set.

    `size` is the font size in points (0 where unknown), `font` the name of the font of most of its
    glyphs. `ruby` has (start, end, kana) of the readings above the line, which are not in `text`;
    `marks` has [start, end) of superscripts (references to footnotes).
    """

    text: str
    box: Box
    size: float = 0.0
    bold: bool = False
    ruby: tuple[tuple[int, int, str], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    font: str = ""

    @property
    def face(self) -> str:
        """The name of the font without the tag of its subset (ABCDEF+; ISO 32000-1, 9.6.4)."""
        return _SUBSET.sub("", self.font)


class TextBlock(Struct, frozen=True):
    """A paragraph, heading or list item as set: one or more lines that belong together.

    `text` is the lines joined. `role` and `level` are those of the markup (an HTML h2 is role
    "heading", level 2); from a PDF both are usually empty. `indent` is the distance of the first
    line from the left edge of its column, in characters. `open_end` is true where the last line is
    full and does not end a sentence: the paragraph may continue in the next column or page.
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
        """Number of the page of its first line."""
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
    """A table cell at (`row`, `column`), from 0, covering `rowspan` x `colspan` grid positions."""

    row: int
    column: int
    blocks: tuple[TextBlock, ...] = ()
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    box: Box | None = None
    open_top: bool = False
    open_bottom: bool = False
    """`open_top`, `open_bottom`: the rule there is missing, so the text may continue elsewhere."""

    @property
    def text(self) -> str:
        """The cell's paragraphs joined by line feeds."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def filled(self) -> bool:
        """Whether `text` is not empty; without joining it, as a cell of many rows may be long."""
        return len(self.blocks) > 1 or any(block.text for block in self.blocks)


class TableBlock(Struct, frozen=True):
    """A data table of `rows` x `columns`. Cells are in row order; a spanning cell is listed once.

    `edges` are the x positions of the column rules, in points (empty for HTML). `open_top` and
    `open_bottom` are true where the outer rule is missing: the first or last row continues on
    another page.
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
    """Texts of header rows that are printed again after a page break and are in `cells` once."""

    @property
    def text(self) -> str:
        """The texts of all cells that are not empty, joined by line feeds."""
        return "\n".join(cell.text for cell in self.cells if cell.text)


Block = TextBlock | TableBlock


class Furniture(Struct, frozen=True):
    """Text of the page that is not part of the document's content: its kind, its text."""

    kind: Literal[
        "page_number", "running_head", "contents", "navigation", "watermark", "deleted",
        "line_number",
    ]  # fmt: skip
    text: str


class Page(Struct, frozen=True):
    """The blocks of one page in reading order; `width`, `height` in points (0 for HTML)."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    label: str | None = None
    """The printed page label (- 3 -, iii), where one was found."""
    furniture: tuple[Furniture, ...] = ()


class RawDocument(Struct, frozen=True):
    """The result of a reader of PDF or HTML for one file, before its structure is known."""

    pages: tuple[Page, ...]
    title: str | None = None
    """Title in the metadata of the file (often wrong in PDFs)."""
    url: str | None = None
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Number of things that the reader repaired or left out, by kind."""


# --- the parsed document ---------------------------------------------------------------------


BasisPlace = Literal[
    "title", "head", "act", "signature", "contact", "running_head", "frame", "copyright", "text",
    "shape", "metadata", "file_name", "url",
]  # fmt: skip
"""Where the words stand from which something about a document was read: its title; the first page
above the text; the line of an act; a signature; the office that answers for it; running heads; the
frame of a web page; a copyright line; its text; the shape of its tables; what the file says of
itself; the name of the file; the host of its URL."""


class Basis(Struct, frozen=True):
    """From which words a facet of a document was read; `guessed` where they do not say it."""

    words: str
    where: BasisPlace
    guessed: bool = False


class Section(Struct, frozen=True):
    """A heading of the outline: label (第1章, (2), ①), title, level (1 is outermost)."""

    label: str
    title: str
    level: int
    page: int
    path: tuple[str, ...] = ()
    """Headings above it as printed, outermost first."""


class Measure(Struct, frozen=True):
    """A measure (施策): printed label ("" where none), title, headings above it (`path`).

    `ministries` are the canonical names of the ministries responsible for it, in printed order over
    all its rows or lists; `and_others` is true where 等 follows them.
    """

    id: str
    label: str
    title: str
    path: tuple[str, ...]
    ministries: tuple[str, ...] = ()
    and_others: bool = False
    page: int = 1
    page_end: int = 1
    quoted: str | UnsetType = UNSET
    """The words of the plan that a follow-up quotes above what was done; left out of the JSON where
    there are none. They enter the id where a title repeats."""


class Budget(Struct, frozen=True):
    """Money that a bracket beside an item states: 〔平成26年度予算1,257千円の内数〕.

    `amount` is in yen; `partial` is true where it is said to be part of a larger sum (内数): such
    amounts must not be added up; `ministry` is the body whose budget it is, None where not said;
    `text` is the bracket as printed.
    """

    amount: int
    fiscal_year: int | None = None
    partial: bool = False
    ministry: str | None = None
    text: str = ""


class ColumnText(Struct, frozen=True):
    """A cell of a passage of type "row", and the header of its column ("" where it has none)."""

    column: str
    text: str


class Passage(Struct, frozen=True):
    """The smallest unit that is searched and cited: a paragraph, list item, table row, ….

    Fields of its document (title, plan, publisher, …) are in `Document` alone and are joined when
    it is indexed or exported; docs/schema/passage.schema.json explains both.
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
    """The printed page label (- 3 -, iii) of its first page."""
    restates: str | None = None
    """Id of the passage of the same document that an item marked (再掲) repeats."""
    ref: str | None = None
    """Id of the passage in which the mark of this footnote stands."""
    guessed: tuple[str, ...] = ()
    """Names of what the parser had to guess about it."""
    ruby: tuple[tuple[int, int, str], ...] = ()
    """Readings printed above the text: start, end in code points of `text`, kana."""
    budget: tuple[Budget, ...] | UnsetType = UNSET
    """Money stated beside it, which is not part of `text`; left out of the JSON where none is."""


class Withdrawn(Struct, frozen=True):
    """Since when (ISO 8601, UTC) and why the publisher no longer offers a file.

    `why` is "gone" (HTTP status 404 or 410) or "unlinked" (no watched page links to it any more).
    """

    since: str
    why: str


class Origin(Struct, frozen=True):
    """Where a fetched file came from, and what sources.toml says of it; "" is unknown."""

    url: str = ""
    publisher: str = ""
    plan: str = ""
    withdrawn: Withdrawn | None = None


class Source(Struct, frozen=True):
    """A file under raw/ that holds the document: path relative to the data directory, URL.

    `withdrawn` is left out of the JSON where it is not set, as is `listed` of `Document`: files
    that were put there by hand have neither.
    """

    path: str
    url: str | None = None
    withdrawn: Withdrawn | UnsetType = UNSET


class Parsed:
    """Properties of a parsed document that need its header only (`parsed.store.Header`)."""

    __slots__ = ()
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        """Whether the present file could not be read."""
        return any(problem.failed for problem in self.problems)

    @property
    def withdrawn(self) -> Withdrawn | None:
        """The latest withdrawal of its files; None while one of them is still offered."""
        marks = [source.withdrawn for source in self.sources]
        found = [mark for mark in marks if isinstance(mark, Withdrawn)]
        whole = found and len(found) == len(marks)
        return max(found, key=lambda mark: mark.since) if whole else None


class Document(Parsed, Struct, frozen=True, kw_only=True):
    """A parsed document, as stored in parsed/<id>.json.

    `id` is the path under raw/ in Unicode NFC with its suffix; of several paths with the same bytes
    the first in code-point order. `stale` is true where the present file cannot be read: all other
    fields are those of an earlier file, whose SHA-256 is `sha256`.
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
    """Versions of the parser and of the domain data by which it was parsed."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Number of things that the parser repaired or left out, by kind."""
    ledger: Mapping[str, int] = field(default_factory=dict)
    """Numbers of visible characters: all, by where they stand now, lost, invented, repeated."""
    contents: Mapping[str, int] = field(default_factory=dict)
    """Numbers of entries of the table of contents: all, those in the body, those found there as
    headings on the stated page."""
    basis: Mapping[str, Basis] = field(default_factory=dict)
    """From which words title, kind, plan, publisher, issued, year and fiscal_year were read; what
    is not known has none."""
    items: Mapping[str, int] | UnsetType = UNSET
    """Of a plan or follow-up the numbers of items: all, with a measure, with ministries, with both;
    `bodies` is 1 where it names bodies at all. Left out of the JSON where there are none."""
    listed: Mapping[str, str] | UnsetType = UNSET
    """Fields that the document does not state and sources.toml does, as written there."""


# --- the state of a data directory ------------------------------------------------------------


class PlaceProblem(Struct, frozen=True):
    """A problem of a path that is no document: a link, a directory, a name."""

    source: str
    problem: Problem


class IndexState(Struct, frozen=True):
    """The current generation of the index: its name, counts, fault ("" for none)."""

    generation: str = ""
    documents: int = 0
    passages: int = 0
    fault: str = ""
    behind: int = 0
    """Number of files under parsed/ that are new, changed or removed since it was made."""
    left_out: int = 0
    """Number of files under parsed/ at which indexing failed."""
