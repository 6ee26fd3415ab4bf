"""Which blocks are headings, and how they nest, decided per document.

Three witnesses: what the markup says (HTML), the label (1., (1), ①) and the typography (size,
weight). None is enough alone: lists are numbered too, and ministries nest labels as they like.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.numbering import KINDS, Label, is_first, parse_label
from shisaku.ingest.structure.outline.sequences import heading_sequences
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence, is_wide

_MAX_HEADING = 90
"""Characters beyond which a line is no heading, however it is set."""

_RARE, _MAIN = 0.1, 0.6
"""Shares of the text: of a font that marks headings at most, of the font of the text at least."""
_STRUCTURAL = {"part", "volume", "chapter", "section", "subsection", "division"}
_LIST_KINDS = {"closed", "latin", "paren_latin"}
"""Labels that number lists more often than parts: plain lines with them head nothing."""

_CAPTION = re.compile(
    r"[■◆●▲▼►▶]?[\s\u3000]?"
    r"(?:(?:[（(【\[<＜〈]?(?:図表?|表|写真|資料|コラム図|Figure|Fig\.|Table)[\s\u3000]?"
    r"[0-9０-９A-ZＡ-Ｚ]{1,3}(?:[-－―.．‐][0-9０-９A-Z]{1,3})*)(?![0-9０-９年月])"
    r"|第[0-9０-９]{1,2}(?:[-－―.．‐−–][0-9０-９]{1,3}){1,3}[\s\u3000]?(?:図表?|表))"
)
_NOTE = re.compile(
    r"[（(]?(?:注|※|＊)[\s\u3000]?[0-9０-９]*[)）:：\s\u3000]|[（(](?:出典|資料)[)）]"
)
# Items of a list that say what someone does or what must be: no headings, though no 。 ends them.
_PREDICATE = re.compile(r"(?:[うくすつぬぶむるぐ]|した|ない|ます|です|こと|もの|とき|場合)$")
# No sentence begins with a particle; わ in にわかに, り in とりわけ and the like make it a word.
_GOES_ON = re.compile(r"(?:の(?!み)|を|が(?!ん)|に(?!わ)|は(?!じ)|と(?![りくもこに])|等[のをがに])")
_ANNOUNCED = re.compile(r"(?:次|以下|下記)の[^。]*$")
_SUPPLEMENT = re.compile(r"附[\s\u3000]*則[\s\u3000]*(?:[（(].*[）)])?[\s\u3000]*抄?")
_BREAK = re.compile(r"[\s\u3000]*\n[\s\u3000]*")
_SOURCE = re.compile(r"(?:資料|出典|出所)[\s\u3000]*[：:]")


@dataclass(frozen=True)
class Heading:
    """A heading: its block, label and place among the document's headings.

    `text` is the heading as printed with its label; `depth` orders headings that markup ranks.
    """

    block: TextBlock
    text: str
    label: Label | None
    size: float
    bold: bool
    depth: int | None = None

    @property
    def kind(self) -> str:
        """The kind of its label, "" without one."""
        return self.label.kind if self.label else ""

    @property
    def title(self) -> str:
        """The heading without its label."""
        return self.text[self.label.end :].strip() if self.label else self.text

    @property
    def name(self) -> str:
        """The heading as it is cited: a bullet (■, ≫) before it is an ornament."""
        return self.title if self.kind == "bullet" and self.title else self.text


@dataclass(frozen=True)
class _Style:
    """What is usual in the document: the size of its text, the share of bold text."""

    size: float
    bold_share: float
    marked_up: bool
    faces: Mapping[str, float]
    """The share of the text that is set in each font."""


def find_headings(blocks: Sequence[Block], contents: Collection[str] = ()) -> dict[int, Heading]:
    """Give the headings among `blocks` by their position.

    `contents` holds the folded entries of the contents pages: a line that is one is a heading.
    """
    style = _style(blocks)
    found: dict[int, Heading] = {}
    maybe: dict[int, Heading] = {}
    for at, block in enumerate(blocks):
        if not isinstance(block, TextBlock) or block.role in {"footnote", "caption", "list_item"}:
            continue
        text = _heading_text(block)
        if block.role in {"heading", "title"} or (
            contents and len(text) <= 150 and fold(text) in contents
        ):
            found[at] = _heading(block, text)
        elif _may_be(block):
            heading = _heading(block, text)
            if _stands_out(block, style) or _is_structural(heading):
                found[at] = heading
            elif heading.label and _names_something(heading):
                maybe[at] = heading
    found.update(_numbered(blocks, maybe, found))
    return dict(sorted(found.items()))


def _is_structural(heading: Heading) -> bool:
    """Tell whether a line is a part of the text by its words: 第１章, or the 附則 of a law."""
    return heading.kind in _STRUCTURAL or bool(_SUPPLEMENT.fullmatch(heading.text))


def _names_something(heading: Heading) -> bool:
    """Tell whether a plain numbered line may be a heading by its words."""
    return (
        heading.kind not in {"bullet", "article"}
        and not _PREDICATE.search(heading.text)
        and heading.text.count("、") < 2
    )


def _style(blocks: Sequence[Block]) -> _Style:
    sizes: Counter[float] = Counter()
    faces: Counter[str] = Counter()
    bold = total = 0
    for block in blocks:
        if isinstance(block, TextBlock):
            sizes[block.size] += len(block.text)
            total += len(block.text)
            bold += len(block.text) * block.bold
            faces[_face(block)] += len(block.text)
    marked_up = any(isinstance(b, TextBlock) and b.role == "heading" for b in blocks)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    shares = {face: count / max(total, 1) for face, count in faces.items()}
    return _Style(size, bold / max(total, 1), marked_up, shares)


def _face(block: TextBlock) -> str:
    """Return the font of a block's first line, "" in a web page."""
    return block.lines[0].face if block.lines else ""


def _heading_text(block: TextBlock) -> str:
    text = block.text.strip()
    line = block.lines[-1]
    for start, end in line.marks[-1:]:
        # The sign of a footnote is no part of what the heading says.
        if end == len(line.text) and text.endswith(line.text[start:end]):
            text = text[: start - end].rstrip()
    return _BREAK.sub(" ", text) if "\n" in text else text


def _heading(block: TextBlock, text: str) -> Heading:
    return Heading(block, text, parse_label(text), block.size, block.bold, block.level)


def _may_be(block: TextBlock) -> bool:
    text = block.text.strip()
    if not text or len(text) > _MAX_HEADING or len(block.lines) > 3:
        return False
    if ends_sentence(text) or text[-1] in "、，,;；：:" or _NOTE.match(text):
        return False
    if is_caption_text(text) or sum(map(str.isalnum, text)) < 2 or _is_row(block):
        return False
    label = parse_label(text)
    if label is not None and not any(map(str.isalnum, text[label.end :])):
        return label.kind in _STRUCTURAL | {"annex"}
    return not (label is None and not any(map(str.isalpha, text)))


def _is_row(block: TextBlock) -> bool:
    """Tell whether a line is a row of words far apart: the head of a table without rules.

    A heading spaced out to fill its line (目　　次) has single letters apart.
    """
    if len(block.lines) > 1 or len(block.text.split(maxsplit=2)) < 3:
        return False
    label = parse_label(block.text)
    pieces = block.text[label.end if label else 0 :].split()
    line = block.lines[0]
    if len(pieces) < 3 or any(len(piece) < 2 for piece in pieces):
        return False
    solid = sum(1.0 if is_wide(char) else 0.55 for char in block.text) * line.size
    return line.box.x1 - line.box.x0 > 1.3 * solid > 0


def _stands_out(block: TextBlock, style: _Style) -> bool:
    if style.size and block.size >= style.size * 1.07 + 0.2:
        return True
    if _is_in_rare_face(block, style):
        return True
    if not (block.bold and style.bold_share < 0.4) or block.size < style.size * 0.85:
        return False
    label = parse_label(block.text)
    return not style.marked_up or label is not None


def _is_in_rare_face(block: TextBlock, style: _Style) -> bool:
    """Tell whether a numbered line is set in a font that the text seldom has.

    Some files set text and headings in two gothic fonts of one size, neither of them bold.
    """
    face = _face(block)
    return (
        bool(face)
        and len(block.lines) <= 2
        and block.size >= style.size * 0.95
        and style.faces[face] < _RARE < _MAIN <= max(style.faces.values())
        and (label := parse_label(block.text)) is not None
        and label.kind not in {"bullet", "article"}
        and len({line.face for line in block.lines}) == 1
    )


def _numbered(
    blocks: Sequence[Block], maybe: dict[int, Heading], sure: dict[int, Heading]
) -> dict[int, Heading]:
    """Give those numbered short lines that head text; a kind counts where most of it does.

    A short line with a label is a heading where text without a label of its own kind follows;
    items of a list follow each other.
    """
    chosen: dict[int, Heading] = {}
    # Where headings of a kind stand out, those that do not are items of lists.
    standing_out = {heading.kind for heading in sure.values()}
    items = Counter(
        label.kind
        for at, block in enumerate(blocks)
        if at not in sure
        and isinstance(block, TextBlock)
        and block.role != "footnote"
        and (label := parse_label(block.text))
    )
    listed = _within_sentences(blocks)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for at, heading in maybe.items():
        if at not in listed and _is_short(heading):
            by_kind[heading.kind].append(at)
    for kind, places in by_kind.items():
        heads = [
            at
            for at in places
            if _has_text_below(blocks, at, maybe[at])
            or (kind == "annex" and not maybe[at].title and at + 1 in sure)
        ]
        if kind in _LIST_KINDS or kind in standing_out:
            continue
        if len(heads) >= 0.5 * items[kind]:
            chosen.update({at: maybe[at] for at in places})
            chosen.update(_long_ones(blocks, kind, maybe, chosen))
    short = {at: heading for at, heading in maybe.items() if _is_short(heading)}
    chosen.update(
        heading_sequences(blocks, short, listed, lambda at, one: _has_text_below(blocks, at, one))
    )
    chosen.update(_counting_on(maybe, sure))
    return chosen


def _is_short(heading: Heading) -> bool:
    return len(heading.text) <= 60 and len(heading.block.lines) <= 2


def _long_ones(
    blocks: Sequence[Block], kind: str, maybe: dict[int, Heading], chosen: dict[int, Heading]
) -> Iterator[tuple[int, Heading]]:
    """Yield the headings of a chosen kind that are long, between two that count up to them."""
    last: Heading | None = None
    places = [at for at in sorted(maybe) if maybe[at].kind == kind]
    for at, following in zip(places, [*places[1:], -1], strict=True):
        heading, after = maybe[at], chosen.get(following)
        if at in chosen:
            last = heading
        elif (
            last is not None
            and _counts(heading, last)
            and _has_text_below(blocks, at, heading)
            and (not (after and after.label) or is_first(after.label) or _counts(after, heading))
        ):
            last = heading
            yield at, heading


def _within_sentences(blocks: Sequence[Block]) -> frozenset[int]:
    """Give the positions of items that stand within a sentence: 「課題は、①… ②… の２項目である」.

    They follow each other, counting from one; the sentence has not ended above them, or goes on
    below them with a particle, or says that they follow (次の…).
    """
    found: set[int] = set()
    at = 0
    while at < len(blocks):
        run = _count_from_one(blocks, at)
        above = _text_at(blocks, at - 1)
        below = _text_at(blocks, at + len(run))
        if (
            len(run) >= 2
            and above
            and (above[-1] in "、，" or _GOES_ON.match(below) or _ANNOUNCED.search(above[-60:]))
        ):
            found.update(run)
        at += max(len(run), 1)
    return frozenset(found)


def _count_from_one(blocks: Sequence[Block], start: int) -> range:
    """Give the positions of blocks that are items of one count, from its first."""
    kind, value = "", 0
    at = start
    while at < len(blocks):
        block = blocks[at]
        label = parse_label(block.text.strip()) if isinstance(block, TextBlock) else None
        if label is None or label.value != value + 1 or label.kind != (kind or label.kind):
            break
        kind, value = label.kind, label.value
        at += 1
    return range(start, at)


def _text_at(blocks: Sequence[Block], at: int) -> str:
    block = blocks[at] if 0 <= at < len(blocks) else None
    return block.text.strip() if isinstance(block, TextBlock) else ""


def _counting_on(
    maybe: dict[int, Heading], sure: dict[int, Heading]
) -> Iterator[tuple[int, Heading]]:
    """Yield the plain lines that count on from a heading that stands out, at the same indent.

    Authors forget to set a heading in bold; its number and its place still tell.
    """
    last: dict[str, Heading] = {}
    for at, heading in sorted({**maybe, **sure}.items()):
        if heading.label is None:
            continue
        before = last.get(heading.kind)
        if at in sure:
            last[heading.kind] = heading
        elif before is not None and _follows(heading, before):
            last[heading.kind] = heading
            yield at, heading


def _follows(heading: Heading, before: Heading) -> bool:
    return _counts(heading, before) and len(heading.text) <= 60


def _counts(heading: Heading, before: Heading) -> bool:
    """Tell whether a heading's number follows that of another at the same indent."""
    if heading.label is None or before.label is None or heading.label.value is None:
        return False
    shift = heading.block.lines[0].box.x0 - before.block.lines[0].box.x0
    return heading.label.value == (before.label.value or 0) + 1 and abs(shift) <= 0.5 * heading.size


def _has_text_below(blocks: Sequence[Block], at: int, heading: Heading) -> bool:
    if at + 1 >= len(blocks):
        return False
    below = blocks[at + 1]
    if not isinstance(below, TextBlock):
        return True
    if below.role == "footnote":
        return False
    label = parse_label(below.text)
    if label is None:
        return len(below.text) > 25 or ends_sentence(below.text)
    return label.kind != heading.kind and KINDS.index(label.kind) > KINDS.index(heading.kind)


class Ranks:
    """How the kinds of label nest in one document: the usual order, changed where counts say so."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        self._order = {kind: float(at) for at, kind in enumerate(KINDS)}
        votes = _votes(headings)
        for (outer, inner), count in sorted(votes.items(), key=lambda vote: -vote[1]):
            swapped = self._order[outer] > self._order[inner]
            if swapped and count > votes.get((inner, outer), 0) and count >= 2:
                self._order[outer] = self._order[inner] - 0.5

    def is_below(self, heading: Heading, above: Heading) -> bool:
        """Tell whether `heading` stands beneath `above` in the outline."""
        if heading.depth is not None and above.depth is not None:
            if heading.depth != above.depth:
                return heading.depth > above.depth
            if not (heading.label and above.label):
                return False
        elif above.depth is not None:
            # A heading without a level of its own stands beneath those that have one.
            return True
        elif heading.depth is not None:
            return False
        if heading.kind == "annex":
            return False
        if above.kind == "annex" and (heading.label or not above.title):
            # 別添１ alone on its line: what it is called stands below it.
            return heading.kind not in _STRUCTURAL
        if heading.label and above.label:
            return self._order[heading.kind] > self._order[above.kind]
        if abs(heading.size - above.size) > 0.4:
            return heading.size < above.size
        if heading.bold != above.bold:
            return above.bold
        return heading.label is None and above.label is not None


def _votes(headings: Sequence[Heading]) -> Counter[tuple[str, str]]:
    """Count for each pair of kinds how often the second begins to count under the first."""
    votes: Counter[tuple[str, str]] = Counter()
    last: Heading | None = None
    for heading in headings:
        if not heading.label:
            continue
        if (
            last is not None
            and last.label
            and last.kind != heading.kind
            and is_first(heading.label)
        ):
            votes[last.kind, heading.kind] += 1
        last = heading
    return votes


def path_of(stack: Sequence[Heading]) -> tuple[str, ...]:
    """Give the names of the headings of a stack, outermost first."""
    return tuple(heading.name for heading in stack)


def is_caption_text(text: str) -> bool:
    """Tell whether a short text names a figure or a table, or its source: 図１　…, 資料：…."""
    words = text.strip()
    short = len(text) <= 100 and not ends_sentence(text)
    return short and bool(_CAPTION.match(words) or _SOURCE.match(words))


def is_caption(block: TextBlock) -> bool:
    """Tell whether a block names a figure or a table."""
    return block.role == "caption" or is_caption_text(block.text.strip())
