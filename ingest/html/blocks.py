"""Text of a page → blocks in reading order: headings, paragraphs, list items, tables.

`read_html` takes bytes and gives a `RawDocument`. Every visible character is in a block or in the
furniture of the page; the tests measure that on real pages. The trap: real pages nest deeper than
Python's recursion limit, so the walk has its own stack.
"""

from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from shisaku.ingest.html import dom
from shisaku.ingest.html.decode import decode
from shisaku.ingest.html.definitions import pairs_of, read_pairs
from shisaku.ingest.html.dom import Element, tag_of
from shisaku.ingest.html.furniture import (
    SEPARATORS,
    Found,
    FurnitureRules,
    opens_section,
    split_furniture,
)
from shisaku.ingest.html.inline import (
    BASE_SIZE,
    Inline,
    SetLine,
    Style,
    is_numbered,
    join_lines,
    starts_block,
)
from shisaku.ingest.html.list_items import heads_text
from shisaku.ingest.html.numbering import Numbers, is_labelled, numbers_of
from shisaku.ingest.html.styles import BLOCKS, LISTS, UNRANKED, is_struck, styled
from shisaku.ingest.html.tables import is_data, read_table, stray_texts
from shisaku.ingest.model import Block, Furniture, Line, Page, RawDocument, TextBlock
from shisaku.ingest.problems import UnreadableError, frameset, no_text
from shisaku.ingest.text.radicals import count_radicals, repair_radicals

Aside = Literal["navigation", "running_head", "contents", "deleted"]
Role = Literal["", "title", "heading", "list_item", "caption", "footnote"]

# Lines and characters from which text set in bold is no heading.
_HEADING_LINES = 3
_HEADING_LENGTH = 100


def read_html(data: bytes, *, url: str | None = None, charset: str = "") -> RawDocument:
    """Return the blocks of a web page, as one page without size.

    `charset` is that of the HTTP header. A wrong charset gives a warning in `problems`. Menus,
    headers, footers and tables of contents are in the `furniture` of the page.

    Raises:
        UnreadableError: the page is a frameset, or shows no text.

    """
    decoded = decode(data, charset)
    root = dom.parse(decoded.text)
    if root is None:
        raise UnreadableError(no_text())
    body = next(root.iter("body"), None)
    frames = dom.frame_names(root)
    if frames is not None and (body is None or not dom.text_length(body)):
        raise UnreadableError(frameset(frames))
    blocks, furniture = _read_blocks(root)
    if not blocks:
        raise UnreadableError(no_text())
    counts = {"radicals": count_radicals(decoded.text), "undecodable": decoded.lost}
    page = Page(1, 0.0, 0.0, tuple(blocks), furniture=tuple(furniture))
    return RawDocument(
        pages=(page,),
        title=dom.page_title(root),
        url=url or dom.page_url(root, decoded.text),
        problems=decoded.problems,
        counts={kind: count for kind, count in counts.items() if count},
    )


def _read_blocks(root: Element) -> tuple[list[Block], list[Furniture]]:
    walker = Walker(numbers=numbers_of(root))
    walker.walk(root, Style())
    kept, menus = split_furniture(walker.found)
    if kept:
        left = [Furniture(kind, _text_of(item.block)) for kind, item in menus]
        return [item.block for item in kept], walker.furniture + left
    # Nothing but menus: then they are its content.
    walker = Walker(keep_all=True, numbers=numbers_of(root))
    walker.walk(root, Style())
    return [item.block for item in walker.found], []


def _text_of(block: Block) -> str:
    if isinstance(block, TextBlock):
        return block.text
    return block.caption + "\n" + "\n".join(cell.text for cell in block.cells)


@dataclass
class Walker:
    """Walks an element and collects its blocks in `found`, the rest in `furniture`."""

    keep_all: bool = False
    in_cell: bool = False
    """Inside a data table: a table within places text, bold text is no heading."""
    numbers: Numbers = field(default_factory=Numbers)
    found: list[Found] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    _inline: Inline = field(default_factory=Inline)
    _item: bool = False
    """A list item has begun and no block of it has ended yet."""
    _mark: str = ""
    """The number that a browser shows before that item."""
    _heads: bool = False
    """That item is a heading: short words, then paragraphs or such items (see `lists`)."""
    _alone: dict[Element, bool] = field(default_factory=dict)
    """Of blocks that were asked for: whether they hold one image and nothing else."""
    _reading: list[str] | None = None
    """The ruby text being read."""
    _rules: FurnitureRules = field(default_factory=FurnitureRules)
    _sections: int = 0
    """Open elements that open a section."""

    def walk(self, root: Element, style: Style) -> None:
        """Collect the blocks of `root`, which is taken as a block of its own."""
        stack: list[tuple[Element, Style]] = []
        element: Element | None = root
        while True:
            if element is not None:
                inner = self._open(element, style)
                if inner is not None:
                    self._text(element.text, inner)
                    stack.append((element, style))
                    style = inner
                    element = element[0] if len(element) else None
                    continue
                ended = element
            else:
                ended, outer = stack.pop()
                self._close(ended, style)
                style = outer
            if not stack:
                break
            self._text(ended.tail, style)
            element = ended.getnext()
        self._flush(style)

    # --- elements ----------------------------------------------------------------------------

    def _open(self, element: Element, style: Style) -> Style | None:
        """Begin an element; return None where it is complete or not shown."""
        tag = tag_of(element)
        if tag == "br":
            self._inline.line_break(style)
            return None
        if tag == "img" and dom.is_shown(element):
            self._image(element, style)
            return None
        if not dom.is_shown(element) or tag == "rp":
            return None
        if is_struck(element, tag):
            # What its author took back is no part of the sentence that stands now.
            self._aside("deleted", element)
            return None
        if tag in BLOCKS:
            self._flush(style)
        if (
            not self.keep_all
            and not self.in_cell
            and (kind := self._rules.kind(element, in_section=self._sections > 0))
        ):
            self._aside(kind, element)
            return None
        if self._is_table(element, tag, style):
            return None
        if tag == "ruby":
            self._inline.open_ruby()
        elif tag == "rt":
            self._reading = []
        elif tag == "li":
            self._item = True
            self._mark = self.numbers.mark(element)
            self._heads = not self.in_cell and heads_text(element)
        elif tag in LISTS:
            self.numbers.begin(element, tag)
        self._sections += opens_section(tag)
        return styled(element, tag, style)

    def _close(self, element: Element, style: Style) -> None:
        tag = tag_of(element)
        self._sections -= opens_section(tag)
        if tag == "rt" and self._reading is not None:
            self._inline.annotate("".join(self._reading))
            self._reading = None
        if tag in BLOCKS:
            self._flush(style)
        if tag == "li":
            self._item = self._heads = False
            self._mark = ""
        elif tag in LISTS:
            self.numbers.end()

    def _aside(self, kind: Aside, element: Element) -> None:
        """Put the words of an element into the furniture of the page."""
        words = " ".join(" ".join(dom.shown_texts(element)).split())
        if words:
            self.furniture.append(Furniture(kind, repair_radicals(words)))

    def _image(self, element: Element, style: Style) -> None:
        """Read what stands for an image that is a heading: in `<h1>`, or alone and numbered."""
        text = " ".join((element.get("alt") or "").split())
        if not text or self.in_cell:
            return
        if style.heading:
            self._inline.add(text, style)
        elif is_labelled(text) and len(text) <= _HEADING_LENGTH and self._is_alone(element):
            self._flush(style)
            self._inline.add(text, style)
            self._flush(replace(style, heading=UNRANKED))

    def _is_alone(self, image: Element) -> bool:
        """Tell whether an image is all that the block around it holds."""
        parent = image.getparent()
        while parent is not None and tag_of(parent) not in BLOCKS:
            parent = parent.getparent()
        if parent is None or tag_of(parent) in ("body", "html"):
            return False
        if parent not in self._alone:
            # Once a block, which may hold thousands of images.
            images = sum(1 for _ in parent.iter("img"))
            self._alone[parent] = images == 1 and not dom.text_length(parent)
        return self._alone[parent]

    def _is_table(self, element: Element, tag: str, style: Style) -> bool:
        """Read a table of data or a list of terms; tell whether it was one."""
        if self.in_cell:
            return False
        if tag == "table" and is_data(element):
            self._table(element, style)
            return True
        pairs = pairs_of(element) if tag == "dl" else None
        if pairs is None:
            return False
        block = read_pairs(pairs, lambda cell: self._cell(cell, style))
        if not any(cell.blocks for cell in block.cells):
            return False
        self.found.append(Found(block, size=len(_text_of(block))))
        return True

    def _text(self, text: str | None, style: Style) -> None:
        if not text:
            return
        if self._reading is not None:
            self._reading.append(text)
        else:
            self._inline.add(text, style)

    def _table(self, table: Element, style: Style) -> None:
        caption = ""
        for part in table:
            if tag_of(part) == "caption" and dom.is_shown(part):
                caption = "\n".join(block.text for block in self._cell(part, style))
        for stray in stray_texts(table):
            self._inline.add(stray, style)
        self._flush(style)
        block = read_table(table, lambda cell: self._cell(cell, style), caption)
        if block is not None:
            self.found.append(Found(block, size=len(_text_of(block))))
        elif caption:
            self._inline.add(caption, replace(style, role="caption"))
            self._flush(replace(style, role="caption"))

    def _cell(self, cell: Element, style: Style) -> tuple[TextBlock, ...]:
        inner = Walker(keep_all=True, in_cell=True)
        inner.walk(cell, replace(style, heading=0, depth=0, centered=False, role=""))
        return tuple(item.block for item in inner.found if isinstance(item.block, TextBlock))

    # --- blocks ------------------------------------------------------------------------------

    def _flush(self, style: Style) -> None:
        lines = self._inline.take()
        group: list[SetLine] = []
        for line in lines:
            if group and (
                not line.line.text or starts_block(line) or self._ends_heading(group, line)
            ):
                self._emit(group, style)
                group = []
            if line.line.text:
                group.append(line)
        if group:
            self._emit(group, style)

    def _ends_heading(self, group: list[SetLine], line: SetLine) -> bool:
        """Whether a numbered line set as a heading stands above `line` after a mere `<br>`."""
        if self.in_cell or len(group) > _HEADING_LINES:
            return False
        above = tuple(item.line for item in group)
        return (
            is_numbered(group[0])
            and _looks_like_heading(above, join_lines(above))
            and not _looks_like_heading((line.line,), line.line.text)
        )

    def _emit(self, group: list[SetLine], style: Style) -> None:
        lines = tuple(item.line for item in group)
        if self._mark and self._item and not is_labelled(lines[0].text):
            lines = (_marked(lines[0], self._mark), *lines[1:])
        self._mark = ""
        text = join_lines(lines)
        role, level = self._role(lines, text, style)
        self._item = False
        block = TextBlock(
            text=text,
            lines=lines,
            role=role,
            level=level,
            indent=group[0].indent + style.depth,
            centered=style.centered,
        )
        size = sum(1 for char in text if not char.isspace())
        linked = sum(item.linked for item in group)
        self.found.append(
            Found(
                block,
                size=size,
                linked=linked,
                in_page=sum(item.in_page for item in group),
                separators=sum(1 for char in text if char in SEPARATORS) if linked else 0,
            )
        )

    def _role(self, lines: tuple[Line, ...], text: str, style: Style) -> tuple[Role, int | None]:
        if style.role == "footnote":
            return "footnote", None
        if style.heading:
            return "heading", style.heading if style.heading > 0 else None
        if style.role == "caption":
            return "caption", None
        if self._item and self._heads and len(text) <= _HEADING_LENGTH:
            return "heading", None
        if style.depth:
            return ("list_item" if self._item else ""), None
        if not self.in_cell and _looks_like_heading(lines, text):
            return "heading", None
        return "", None


def _looks_like_heading(lines: tuple[Line, ...], text: str) -> bool:
    """Whether a block is set as pages without `<h1>` set headings: bold or large, and short."""
    if len(text) > _HEADING_LENGTH or text.endswith(("。", "．", "、")):
        return False
    return all(line.bold or line.size > 1.1 * BASE_SIZE for line in lines)


def _marked(line: Line, mark: str) -> Line:
    """Give a line with the number of its item before it."""
    by = len(mark)
    return replace(
        line,
        text=mark + line.text,
        ruby=tuple((start + by, end + by, reading) for start, end, reading in line.ruby),
        marks=tuple((start + by, end + by) for start, end in line.marks),
    )
