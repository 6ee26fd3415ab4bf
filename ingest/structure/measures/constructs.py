"""The words and bounds of constructs.toml, compiled once.

`constructs()` gives them; a pattern is matched against the whole folded text (`says`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_NUMBER = (
    r"(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})(?:[-－―‐.．][（(]?[0-9０-９]{1,3}[)）]?)*"
)
_GROUP = re.compile(r"\((?!\?)")
_LONGEST = 60
"""Characters beyond which a text is none of the words of a construct."""


@dataclass(frozen=True)
class Constructs:
    """What constructs.toml says; shares are of 1, lengths in characters."""

    pairs: dict[str, str]
    longest_title: int
    suffix: re.Pattern[str]
    beside: re.Pattern[str]
    """What opens a line of bodies that act beside those named before."""
    bodies_share: float
    bodies_least: int
    part_distinct: float
    part_least: int
    part: re.Pattern[str]
    quoted: re.Pattern[str]
    report: re.Pattern[str]
    effect: re.Pattern[str]
    annual: re.Pattern[str]
    first_clause: int
    budget: re.Pattern[str]
    partial: re.Pattern[str]
    long_item: int
    own_share: float
    label: re.Pattern[str]
    """Label and title of a line, as groups: 目標４　水際対策の徹底."""
    tags: re.Pattern[str]
    """Numbers in brackets: 【施策番号7】【施策番号8】."""


@cache
def constructs() -> Constructs:
    """Return the constructs."""
    raw = table(__file__, "constructs.toml")
    return Constructs(
        pairs={pair[0]: pair[1] for pair in raw["wrap"]["pairs"]},
        longest_title=raw["wrap"]["longest"],
        suffix=_any(raw["bodies"]["suffixes"]),
        beside=_any(raw["bodies"]["beside"]),
        bodies_share=raw["bodies"]["share"],
        bodies_least=raw["bodies"]["least"],
        part_distinct=raw["part"]["distinct"],
        part_least=raw["part"]["least"],
        part=_any(raw["part"]["words"]),
        quoted=_any(raw["quoted"]["words"]),
        report=_any(raw["report"]["words"]),
        effect=_any(raw["effect"]["words"]),
        annual=_any(raw["annual"]["words"]),
        first_clause=raw["annual"]["first_clause"],
        budget=_any(raw["budget"]["words"]),
        partial=_any(raw["budget"]["partial"]),
        long_item=raw["item"]["long"],
        own_share=raw["item"]["own"],
        label=_labels(raw["label"]["words"]),
        tags=re.compile(rf"(?:【[^】0-9０-９]{{0,10}}{_NUMBER}】[\\s\u3000]*)+"),
    )


def _labels(words: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a line with one of the words, a number and a title, as printed."""
    plain = "|".join(_GROUP.sub("(?:", word) for word in words)
    return re.compile(
        rf"((?:{plain})[\s\u3000]?(?:[0-9０-９]{{1,3}}|[一二三四五六七八九十]{{1,3}}))"
        r"(?:[\s\u3000]*[:：．.－―‐-][\s\u3000]*|[\s\u3000]+)(.+)",
        re.IGNORECASE,
    )


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


def says(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether the whole of `text`, folded and without its brackets, is one of the words."""
    if len(text) > _LONGEST:
        return False
    return pattern.fullmatch(bare(text)) is not None


def bare(text: str) -> str:
    """Return `text` folded, without signs and brackets around it."""
    return fold(text).strip("()[]<>〈〉《》≪≫「」『』【】〔〕〖〗■◆●◇□○▼▶・:")
