"""Which short numbered lines head text, where nothing but their number sets them off.

Lists are numbered as headings are. A kind of label heads text where most of its lines have text
below; a sequence does where nearly all its members have; a line does that opens a count beneath it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.heading import STRUCTURAL, Heading, shape_of
from shisaku.ingest.structure.outline.numbering import KINDS, Label, is_first, parse_label
from shisaku.ingest.structure.outline.sequences import heading_sequences
from shisaku.ingest.text.joining import ends_sentence

_LIST_KINDS = {"closed", "latin", "paren_latin"}
"""Labels that number lists more often than parts: plain lines with them head nothing."""

_DEEPER = 0.9
"""Em by which what a line heads stands further in, where its place tells."""

# No sentence begins with a particle; わ in にわかに, り in とりわけ and the like make it a word.
_GOES_ON = re.compile(r"(?:の(?!み)|を|が(?!ん)|に(?!わ)|は(?!じ)|と(?![りくもこに])|等[のをがに])")
_ANNOUNCED = re.compile(r"(?:次|以下|下記)の[^。]*$")


def numbered_headings(
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
    chosen.update(
        {
            at: heading
            for at, heading in short.items()
            if at not in listed and _heads_items(blocks, at)
        }
    )
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
    last: Label | None = None
    at = start
    while at < len(blocks):
        block = blocks[at]
        label = parse_label(block.text.strip()) if isinstance(block, TextBlock) else None
        if label is None or not (label.follows(last) if last else is_first(label)):
            break
        last = label
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
    return heading.label.follows(before.label) and abs(shift) <= 0.5 * heading.size


def _has_text_below(blocks: Sequence[Block], at: int, heading: Heading) -> bool:
    if at + 1 >= len(blocks):
        return False
    below = blocks[at + 1]
    if not isinstance(below, TextBlock):
        return True
    if below.role == "footnote":
        return False
    label = parse_label(below.text)
    deeper = is_deeper(heading.block, below)
    if label is None:
        inset = deeper and not shape_of(below.text)
        return len(below.text) > 25 or ends_sentence(below.text) or inset
    if label.kind == heading.kind:
        return False
    return KINDS.index(label.kind) > KINDS.index(heading.kind) or (deeper and is_first(label))


def _heads_items(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether the items right below a line stand further in than it does.

    They begin a count or have bullets, or there are two of them without a label. One alone, or one
    in brackets, is a remark on the line (the office of a speaker).
    """
    line = blocks[at]
    below = [block for block in blocks[at + 1 : at + 3] if isinstance(block, TextBlock)]
    if not below or not isinstance(line, TextBlock) or not is_deeper(line, below[0]):
        return False
    own, label = parse_label(line.text.strip()), parse_label(below[0].text.strip())
    if own is None or (label is not None and label.kind == own.kind):
        return False
    if label is not None:
        return label.kind == "bullet" or is_first(label)
    return len(below) == 2 and is_deeper(line, below[1]) and not shape_of(below[0].text)


def is_deeper(line: TextBlock, below: TextBlock) -> bool:
    """Tell whether the block below a line stands further in than it does."""
    label = parse_label(below.text.strip())
    return (
        below.role not in {"footnote", "caption"}
        # What stands in the middle of its line is no item.
        and not below.centered
        and (label is None or label.kind not in STRUCTURAL)
        and below.page == line.page
        and below.indent - line.indent >= _DEEPER
    )
