"""First pass over a page: its glyphs as lines, tables and frames, before columns and paragraphs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shisaku.ingest.model import Line, Problem, TableBlock
from shisaku.ingest.pdf import defects
from shisaku.ingest.pdf.drawing import DrawnPage
from shisaku.ingest.pdf.figures.captions import part_captions
from shisaku.ingest.pdf.figures.charts import gather_figures
from shisaku.ingest.pdf.glyphs.direction import Turn, part_directions
from shisaku.ingest.pdf.glyphs.struck import part_struck
from shisaku.ingest.pdf.glyphs.tilt import part_watermark
from shisaku.ingest.pdf.glyphs.visible import read_glyphs
from shisaku.ingest.pdf.layout.footnotes import NoteRule, note_rules
from shisaku.ingest.pdf.layout.furniture import PageLines
from shisaku.ingest.pdf.layout.items import Figure, Frame
from shisaku.ingest.pdf.layout.lines import make_lines
from shisaku.ingest.pdf.layout.stacks import part_stacks
from shisaku.ingest.pdf.layout.tiers import Tiers, find_rules
from shisaku.ingest.pdf.layout.wrapped import read_wrapped
from shisaku.ingest.pdf.tables.aligned import take_aligned
from shisaku.ingest.pdf.tables.box_drawing import take_rules
from shisaku.ingest.pdf.tables.boxes import Fill
from shisaku.ingest.pdf.tables.cells import read_tables
from shisaku.ingest.pdf.tables.level_rules import take_level
from shisaku.ingest.pdf.tables.rosters import take_rosters
from shisaku.ingest.pdf.tables.ruling import Edge
from shisaku.ingest.pdf.tables.turned_cells import fill_turned


@dataclass(frozen=True)
class Content:
    """What stands on a page, in points; `width` and `height` are the page's own.

    `lines`, `tables` and `frames` hold most of it, turned by `turn` where the page is not read from
    left to right; `aside` holds lines that run in another direction, as they stand on the page.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[TableBlock, ...]
    frames: tuple[Frame, ...]
    rules: tuple[NoteRule, ...]
    has_image: bool
    drawn: Counter[str]
    """The visible characters by how often they are drawn."""
    turn: Turn | None = None
    aside: tuple[Line, ...] = ()
    tiers: Tiers | None = None
    """How a page set vertically is parted."""
    figures: tuple[Figure, ...] = ()
    captions: tuple[Line, ...] = ()
    """Lines centred under a picture."""
    struck: str = ""
    """What is struck out, in the order in which it is drawn."""
    watermark: str = ""
    """What is written across the page, in the order in which it is drawn."""

    @property
    def has_text(self) -> bool:
        """Whether anything is written on the page."""
        return bool(self.drawn)

    def last_edges(self) -> tuple[float, ...]:
        """Give the column rules of the lowest table, none without a table."""
        last = max(self.tables, key=lambda table: table.box.bottom, default=None)
        return last.edges if last is not None else ()

    def emptied(self) -> "Content":
        """Return the page without anything that is written on it."""
        return replace(
            self, lines=(), tables=(), frames=(), rules=(), drawn=Counter(), aside=(), tiers=None,
            figures=(), turn=None, captions=(), struck="", watermark="",
        )  # fmt: skip

    def page_lines(self) -> PageLines:
        """Give the free lines as they stand on the page."""
        lines = [self.on_page(line) for line in self.lines]
        return PageLines(self.number, self.width, self.height, (*lines, *self.aside))

    def on_page(self, line: Line) -> Line:
        """Give a line of `lines` as it stands on the page."""
        return self.turn.line_back(line) if self.turn else line


def visible_chars(texts: Iterable[str]) -> Counter[str]:
    """Give how often each character that is no white space stands in `texts`."""
    found = Counter("".join(texts))
    for char in [char for char in found if char.isspace()]:
        del found[char]
    return found


def read_content(
    page: DrawnPage, number: int, counts: Counter[str], warnings: list[Problem],
    above: Sequence[float] = (),
) -> Content:  # fmt: skip
    """Give the content of a page; adds to `counts` what was repaired, to `warnings` what is odd.

    `above` are the column rules of the last table of the page before.
    """
    strips, marks = part_watermark(page.strips)
    read = read_glyphs(strips, page.width, page.height)
    counts.update(read.counts)
    watermark = read_glyphs(marks, page.width, page.height).glyphs
    counts["actual_text"] += page.replaced
    visible, ruled_by_text = take_rules(read.glyphs)
    counts["box_drawing"] += len(read.glyphs) - len(visible)
    drawn = visible_chars([glyph.text for glyph in (*visible, *watermark)])
    visible, struck = part_struck(visible, page.edges)
    parts = part_directions(visible, page.width, page.height)
    glyphs = parts[0].glyphs if parts else ()
    turn = parts[0].turn if parts else None
    edges: Sequence[Edge] = [*page.edges, *ruled_by_text]
    width, height = page.width, page.height
    shapes, fills = list(page.shapes), page.fills
    if turn is not None:
        glyphs = tuple(turn.glyph(glyph) for glyph in glyphs)
        edges = [turn.edge(edge) for edge in edges]
        boxes = [turn.box(*shape) for shape in shapes]
        shapes = [(x0, top, x1, bottom) for x0, top, x1, bottom in boxes]
        fills = [Fill(turn.box(*fill.rect), fill.color) for fill in fills]
        width, height = height, width
    tiers: Tiers | None = None
    wrapped: tuple[TableBlock, ...] = ()
    if turn is not None and turn.kind == "down":
        found = read_wrapped(glyphs, edges, number)
        glyphs, edges, wrapped = found.rest, found.edges, found.tables
        tiers = Tiers(find_rules(glyphs, edges), found.parts)
    taken = read_tables(glyphs, edges, number, width, height, fills, above)
    if taken.too_dense:
        warnings.append(defects.too_many_rules(number))
    aside: list[Line] = []
    for part in parts[1:]:
        if part.turn is None:
            aside += make_lines(part.glyphs, number)
        else:
            turned = [part.turn.glyph(glyph) for glyph in part.glyphs]
            aside += [part.turn.line_back(line) for line in make_lines(turned, number)]
    parted = tiers.part(taken.rest) if tiers else [taken.rest]
    made = [line for part in parted for line in make_lines(part, number)]
    level: list[TableBlock] = []
    if turn is None:
        # Before letters that stand one below the other are taken for a stack: numbers of rows.
        made, level = take_level(made, edges, number)
    lines, stacks = part_stacks(made)
    captions: list[Line] = []
    if turn is None:
        lines, captions = part_captions(lines, page.pictures, page.width * page.height)
    if turn is None:
        aside += stacks
    else:
        lines = [*lines, *stacks]
    tables: Sequence[TableBlock] = taken.tables
    if turn is None:
        tables, aside = fill_turned(tables, aside)
    kept = gather_figures(lines, tables, taken.frames, shapes)
    free, aligned = kept.lines, list[TableBlock]()
    if turn is None:
        free, aligned = take_aligned(kept.lines, number)
        unruled, rosters = take_rosters(free, number)
        free, aligned = tuple(unruled), [*aligned, *rosters]
    ruled = [*(table.box for table in taken.tables), *(each.box for each in kept.figures)]
    return Content(
        number, page.width, page.height, free,
        (*wrapped, *kept.tables, *level, *aligned),
        kept.frames, note_rules(edges, ruled, width, height), page.has_image, drawn, turn,
        tuple(aside), tiers, kept.figures, tuple(captions), "".join(glyph.text for glyph in struck),
        "".join(glyph.text for glyph in watermark),
    )  # fmt: skip
