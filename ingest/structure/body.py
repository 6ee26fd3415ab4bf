"""Walks a document's blocks in order and makes sections, measures and passages of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from shisaku.ingest.model import Block, TableBlock, TextBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.measures.plan_measures import own_ministries
from shisaku.ingest.structure.measures.reading import Reading, read_measures
from shisaku.ingest.structure.measures.tabular.block_tables import has_entries
from shisaku.ingest.structure.measures.tabular.measure_columns import (
    find_columns,
    find_reports,
)
from shisaku.ingest.structure.measures.tabular.measure_tables import add_measure_table
from shisaku.ingest.structure.measures.walking import MeasureWalk
from shisaku.ingest.structure.meetings import entry_date, entry_end, entry_text, is_entry
from shisaku.ingest.structure.outline.articles import (
    count_articles,
    is_article_caption,
    split_article,
    without_items,
)
from shisaku.ingest.structure.outline.bounds import MAX_DEPTH
from shisaku.ingest.structure.outline.headings import (
    Heading,
    Ranks,
    find_headings,
    is_caption,
    path_of,
)
from shisaku.ingest.structure.outline.leaving import still_open
from shisaku.ingest.structure.outline.numbering import Label, parse_label
from shisaku.ingest.structure.outline.slides import Slides, page_of
from shisaku.ingest.structure.tables.forms import add_form, is_form
from shisaku.ingest.structure.tables.key_values import add_key_values, is_key_values
from shisaku.ingest.structure.tables.meeting_tables import add_sessions, find_sessions
from shisaku.ingest.structure.tables.table_rows import add_rows
from shisaku.ingest.terms import Kind, PassageType
from shisaku.ingest.text.fold import fold

_WITH_MEETINGS = {"meeting_record", "other", "report"}
_ARTICLES = 5
"""Paragraphs that begin with 第n条 from which a document is read as rules (規則, 要綱), too."""


class Walker:
    """The state of one walk: the headings above the present block, the measure it belongs to."""

    def __init__(
        self,
        builder: Builder,
        flow: Sequence[Block],
        kind: Kind,
        contents: Collection[str] = (),
        opening: Mapping[int, str] | None = None,
    ) -> None:
        """`contents` are folded entries of the contents pages.

        `opening` are the blocks of the title, by position, that all below stands under.
        """
        self._builder = builder
        self._flow = flow
        self._kind = kind
        self._contents = contents
        self._opening = opening or {}
        self._stack: list[Heading] = []
        self._levels: list[int] = []
        self._article: str | None = None
        self._has_articles = kind == "law" or count_articles(flow) >= _ARTICLES
        self._last: dict[str, Label] = {}
        """The labels that came last, by their kind."""
        self._measures = MeasureWalk(builder, flow, Reading({}))
        self._lists_codes = False
        """Whether coded items (Ｋ０１４) are listed with their values: those without one, too."""

    def walk_slides(self, title_blocks: frozenset[int], slides: Slides) -> None:
        """Read all blocks but those of the document's title, slide by slide."""
        page = 0
        apart = title_blocks | slides.blocks
        for at, block in enumerate(self._flow):
            if page_of(block) != page:
                page = page_of(block)
                self._turn(page, slides)
            if at in apart:
                continue
            if isinstance(block, TableBlock):
                self._add_table(block)
            else:
                self._add_text(at, block, is_plan=self._kind in {"plan", "follow_up"})

    def _turn(self, page: int, slides: Slides) -> None:
        """Open the section of the slide on `page`, unless it goes on with the last one."""
        self._article = None
        title = slides.titles.get(page)
        if title is not None and self._stack and slides.continues(page, self._stack[-1].text):
            if fold(title.text) == fold(self._stack[-1].text):
                self._builder.ledger.take("slide_titles", title.text)
            else:
                self._builder.add_passage("paragraph", title.text, title.block.lines, self._path())
            return
        self._stack = [title] if title is not None else []
        if title is None:
            return
        self._builder.add_section(title.text, 1, page, ())
        if page in slides.bare:
            self._builder.add_passage("heading", title.text, title.block.lines, (title.text,))

    def walk(self, title_blocks: frozenset[int], cover: frozenset[int] = frozenset()) -> None:
        """Read all blocks but those of the title.

        Of those of a title page only lines of a count (２ 議題) head anything.
        """
        labels = [parse_label(self._flow[at].text.strip()) for at in cover]
        counted = Counter(label.kind for label in labels if label is not None)
        headings = {
            at: heading
            for at, heading in find_headings(self._flow, self._contents).items()
            if at not in title_blocks
            and (at not in cover or (heading.counts and counted[heading.kind] > 1))
        }
        if self._has_articles:
            headings = without_items(self._flow, headings)
        reading = read_measures(self._flow, headings, self._kind, title_blocks, cover)
        headings = dict(reading.headings)
        ranks = Ranks(list(headings.values()))
        self._lists_codes = _lists_codes(headings.values())
        self._measures = MeasureWalk(self._builder, self._flow, reading)
        is_plan = self._kind in {"plan", "follow_up"} or bool(reading.titles)
        at = 0
        while at < len(self._flow):
            block = self._flow[at]
            if at in title_blocks:
                self._open_title(at, block)
                at += 1
            elif self._measures.is_taken(at):
                at += 1
            elif self._kind in _WITH_MEETINGS and is_entry(self._flow, at):
                if at in headings and headings[at].depth is not None:
                    self._open_meeting(headings[at], ranks)
                end = entry_end(self._flow, at)
                self._add_meeting(at, end)
                at = end
            elif at in headings:
                self._enter(at, headings, ranks)
                at += 1
            else:
                self._add(at, block, is_plan)
                at += 1

    def _open_title(self, at: int, block: Block) -> None:
        """Let what follows stand under the title, where it is a heading of the markup."""
        name = self._opening.get(at)
        if name is None or not isinstance(block, TextBlock) or block.level is None:
            return
        words = " ".join(name.split("\n"))
        self._stack = [Heading(block, words, None, block.size, block.bold, block.level)]
        self._levels = [block.level]

    def _open_meeting(self, heading: Heading, ranks: Ranks) -> None:
        """Let what follows a meeting stand under it; its words are those of its passage."""
        self._leave(heading, ranks)
        self._open_section(heading, heading.depth or 1, quoted=True)

    def _open_section(self, heading: Heading, level: int, *, quoted: bool) -> None:
        """Open a section in that at the top; a `quoted` heading is part of a passage as well."""
        path = path_of(self._stack)
        self._builder.add_section(heading.text, level, heading.block.page, path, quoted=quoted)
        self._stack.append(heading)
        self._levels.append(level)

    def _leave(self, heading: Heading, ranks: Ranks) -> None:
        """Leave the sections that end where `heading` begins."""
        self._article = None
        self._measures.close()
        while self._stack and (
            len(self._stack) >= MAX_DEPTH or not ranks.is_below(heading, self._stack[-1])
        ):
            self._stack.pop()
            self._levels.pop()

    def _add(self, at: int, block: Block, is_plan: bool) -> None:
        """Add a block that is no heading of the outline."""
        reading = self._measures.reading
        if at in reading.titles:
            self._measures.open(at, path_of(self._stack), in_outline=False)
        elif at in reading.parts:
            self._measures.enter_part(at, path_of(self._stack))
        elif at in reading.bodies:
            self._measures.take_bodies(at)
        elif isinstance(block, TableBlock):
            self._add_table(block)
        else:
            self._add_text(at, block, is_plan)

    def _path(self) -> tuple[str, ...]:
        path = self._measures.path(path_of(self._stack))
        return (*path, self._article) if self._article else path

    def _enter(self, at: int, headings: Mapping[int, Heading], ranks: Ranks) -> None:
        heading = headings[at]
        sign = "" if heading.valued else heading.block.text[len(heading.text) :]
        self._builder.ledger.take("headings", sign if sign.strip().isdigit() else "")
        self._leave(heading, ranks)
        self._see_label(heading.label)
        path = path_of(self._stack)
        below = headings.get(at + 1)
        empty = at + 1 >= len(self._flow) or (
            below is not None and not ranks.is_below(below, heading)
        )
        title = self._measures.reading.titles.get(at)
        if title is not None:
            self._measures.open(at, path, in_outline=True)
        if title is None or title.section:
            level = heading.depth or (self._levels[-1] if self._levels else 0) + 1
            listed = heading.valued or (heading.kind == "code" and self._lists_codes)
            self._open_section(heading, level, quoted=title is not None or listed)
            if listed:
                block = heading.block
                self._builder.add_passage("list_item", block.text, block.lines, self._path())
                return
        if title is None and at + 1 < len(self._flow):
            # At the foot of a page it must be found with its own page.
            empty = empty or page_of(self._flow[at + 1]) > heading.block.lines[-1].box.page
        if empty:
            found = own_ministries(heading.text)
            self._builder.add_passage(
                "heading", heading.text, heading.block.lines, (*path, heading.name),
                measure=self._measures.measure, ministries=found.names if found else (),
                and_others=found.and_others if found else False,
            )  # fmt: skip

    def _add_table(self, table: TableBlock) -> None:
        path = self._path()
        if table.caption:
            self._builder.add_passage("caption", table.caption, (), path)
        self._builder.open_table()
        columns = find_columns(table)
        sessions = find_sessions(table) if self._kind in _WITH_MEETINGS else None
        if has_entries(table):
            self._measures.add_entries(table, path_of(self._stack))
        elif columns is not None:
            add_measure_table(self._builder, table, columns, path)
        elif self._measures.has_title(path) and (reports := find_reports(table)) is not None:
            self._measures.add_reports(table, reports, path_of(self._stack))
        elif sessions is not None:
            add_sessions(self._builder, table, sessions, path)
        elif is_key_values(table):
            add_key_values(self._builder, table, path)
        elif is_form(table):
            add_form(self._builder, table, path)
        else:
            add_rows(self._builder, table, path)
        self._builder.add_rest(table, path)
        for text in table.returned:
            self._builder.ledger.take("table_heads", text)

    def _add_meeting(self, start: int, end: int) -> None:
        blocks = [b for b in self._flow[start:end] if isinstance(b, TextBlock)]
        text = entry_text(self._flow, start)
        self._builder.add_passage(
            "meeting", text, (line for block in blocks for line in block.lines), self._path(),
            date=entry_date(text),
        )  # fmt: skip

    def _add_text(self, at: int, block: TextBlock, is_plan: bool) -> None:
        if self._has_articles:
            self._see_article(at, block)
        of_measure = self._measures.measure is not None or at in self._measures.reading.lone
        if not of_measure:
            count = still_open(self._stack, self._flow, at, self._last)
            del self._stack[count:], self._levels[count:]
        label = parse_label(block.text.strip())
        self._see_label(label)
        kind = _type(block, label)
        guesses = self._guesses()
        if of_measure:
            self._measures.add_text(at, kind, self._path(), guesses)
            return
        found = own_ministries(block.text) if is_plan else None
        self._builder.add_passage(
            kind, block.text, block.lines, self._path(),
            ministries=found.names if found else (), and_others=bool(found and found.and_others),
            guessed=guesses,
        )  # fmt: skip

    def _guesses(self) -> list[str]:
        """Give what is not printed but concluded: a heading's rank."""
        above = self._stack[-1] if self._stack else None
        if above is not None and above.label is None and above.depth is None:
            return ["rank of a heading without a number"]
        return []

    def _see_label(self, label: Label | None) -> None:
        if label is not None:
            self._last[label.kind] = label

    def _see_article(self, at: int, block: TextBlock) -> None:
        """Let the paragraphs of an article stand under its number and caption."""
        following = self._flow[at + 1] if at + 1 < len(self._flow) else None
        if is_article_caption(block) and isinstance(following, TextBlock):
            label = split_article(following)
            if label is not None:
                self._open_article(label + block.text.strip(), following)
            return
        label = split_article(block)
        if label is not None and not (self._article or "").startswith((label + "（", label + "(")):
            self._open_article(label, block)

    def _open_article(self, text: str, block: TextBlock) -> None:
        path = path_of(self._stack)
        self._builder.add_section(text, len(path) + 1, block.page, path, quoted=True)
        self._article = text


def _lists_codes(headings: Iterable[Heading]) -> bool:
    """Tell whether headings with a code as label are items of a list with values, in part."""
    return any(heading.valued and heading.kind == "code" for heading in headings)


def _type(block: TextBlock, label: Label | None) -> PassageType:
    if block.role == "footnote":
        return "footnote"
    if block.role != "list_item" and is_caption(block):
        return "caption"
    if block.role == "list_item" or label is not None:
        return "list_item"
    return "paragraph"
