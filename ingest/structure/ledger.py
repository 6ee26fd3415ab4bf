"""Accounts for every visible character: in a passage, in a heading, in furniture, or lost.

A reader counts what it dropped on its way from glyphs to blocks; here the blocks of the pages are
weighed against what the document holds. White space does not count. Characters that no
block holds are `invented`; passages that stand twice at one place are `repeated`.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from shisaku.ingest.model import Page, Problem, TableBlock


def lost_characters(lost: int, total: int) -> Problem:
    """Give the warning that a document lacks more than a thousandth of what its file shows."""
    return Problem(
        "lost_text",
        f"{lost} of {total} visible characters stand nowhere in the parsed document "
        "(読み取れなかった文字があります).",
        "Compare the document with its file before citing it, and report it with the file.",
        failed=False,
    )


def visible(text: str) -> str:
    """Give `text` without white space."""
    return "".join(text.split())


def missing(texts: Sequence[str], taken: Sequence[str]) -> list[int]:
    """Give the numbers of the `texts` whose words are not among those `taken`.

    Words that stand twice must have been taken twice.
    """
    said = "".join(visible(text) for text in taken)
    words = [visible(text) for text in texts]
    if not Counter("".join(words)) - Counter(said):
        return []
    absent = []
    # The longest first: a figure stands in many texts.
    for at in sorted(range(len(words)), key=lambda at: -len(words[at])):
        if words[at] and words[at] not in said:
            absent.append(at)
        elif words[at]:
            said = said.replace(words[at], "\n", 1)
    return sorted(absent)


@dataclass
class Ledger:
    """What was taken into the document so far, by kind."""

    taken: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    recent: list[str] = field(default_factory=list)
    """What was taken since this was last cleared."""
    _seen: set[Hashable] = field(default_factory=set)

    def take(self, kind: str, text: str, source: Hashable = None) -> None:
        """Note that `text` stands in the document as `kind`; `source` tells where it is from.

        A label stands in the path of several passages but is printed once, so a source that was
        taken before counts for nothing.
        """
        words = visible(text)
        if source is not None:
            if source in self._seen:
                return
            self._seen.add(source)
        self.recent.append(text)
        self.taken.append(words)
        self.kinds[kind] += len(words)

    def close(self, pages: Sequence[Page], reader: Counter[str]) -> dict[str, int]:
        """Give the account over all `pages`: totals by kind, lost, invented, repeated.

        `reader` holds the counts "lost" and "invented" of the reader.
        """
        printed: list[str] = []
        for page in pages:
            for block in page.blocks:
                printed.append(visible(block.text))
                if isinstance(block, TableBlock):
                    printed.append(visible(block.caption))
            for part in page.furniture:
                words = visible(part.text)
                printed.append(words)
                self.taken.append(words)
                self.kinds[part.kind] += len(words)
        # Most was taken as it was printed; only of the rest are the characters counted.
        source, taken = Counter(printed), Counter(self.taken)
        left = Counter("".join((source - taken).elements()))
        added = Counter("".join((taken - source).elements()))
        lost = (left - added).total()
        invented = (added - left).total()
        return {
            "visible": sum(map(len, printed)) + reader["lost"],
            **{kind: count for kind, count in sorted(self.kinds.items()) if count},
            "lost": lost + reader["lost"],
            "invented": invented + reader["invented"],
            "repeated": self.repeated,
        }
