"""The kind of a document (`terms.Kind`) by its title, its first lines and its shape.

Two rules are code, not data: a title that names a plan makes a plan (the words are those of
plans.py), and a title that is nothing but an agency's name and a year makes a brochure. What no
rule matches is "other": guidelines, forms, price lists, general web pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from shisaku.ingest.registry.ministries import bodies
from shisaku.ingest.registry.plans import plan_of_title
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_FIRST = 30
_YEAR = re.compile(r"(?:20[0-9]{2}|(?:平成|令和)(?:元|[0-9]+))年?(?:度|版|度版)?")
# What a title adds behind its words: （案）, ～a second line～, Ver1.0, 2013年度版.
_BEHIND = re.compile(
    r"(?:\([^()]{1,30}\)|\[[^\[\]]{1,30}\]|【[^】]{1,30}】|[~〜∼][^~〜∼]{1,100}[~〜∼]?|[-‐–―−－—─].{2,100}[-‐–―−－—─]"
    r"|ver(?:sion)?\.?[0-9.]+|第[0-9.]+版|(?:20[0-9]{2}|(?:平成|令和)(?:元|[0-9]+))年度?版?"
    r"|(?:の|について)?(?:概要|骨子|ポイント|素案|案|本文|要旨))$"
)
# A chapter heading that opens the text: a part of a book that does not repeat its title.
_CHAPTER = re.compile(r"第[0-9一二三四五六七八九十]+章")


class KindFound(NamedTuple):
    """A kind, the folded words by which it was told ("" for none) and where they stand."""

    kind: Kind
    words: str
    where: Literal["title", "text", "shape", ""]


@dataclass(frozen=True)
class _Rule:
    kind: Kind
    title: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    text: tuple[re.Pattern[str], ...]
    needs: str
    shape: str
    never: str

    def holds(
        self, titles: Sequence[str], texts: Sequence[str], shapes: frozenset[str]
    ) -> "KindFound | None":
        """Return the kind with what decides, None where the rule does not hold."""
        if self.shape and self.shape not in shapes:
            return None
        if self.never in shapes:
            return None
        if any(pattern.search(title) for pattern in self.unless for title in titles):
            return None
        by_title = _first(self.title, titles)
        by_text = _first(self.text, texts)
        if self.needs == "both" and (by_text is None or (self.title and by_title is None)):
            return None
        if by_title is not None:
            return KindFound(self.kind, by_title, "title")
        if by_text is not None:
            return KindFound(self.kind, by_text, "text")
        if self.title or self.text:
            return None
        return KindFound(self.kind, "", "shape")


def _first(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> str | None:
    """Return the first text in which one of the patterns is found."""
    return next((text for text in texts if any(p.search(text) for p in patterns)), None)


@cache
def _rules() -> tuple[_Rule, ...]:
    raw = table(__file__, "kinds.toml")

    def patterns(entry: dict[str, Any], name: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in entry.get(name, ()))

    rules = tuple(
        _Rule(
            entry["kind"],
            patterns(entry, "title"),
            patterns(entry, "unless"),
            patterns(entry, "text"),
            entry.get("needs", "either"),
            entry.get("shape", ""),
            entry.get("never", ""),
        )
        for entry in raw["rule"]
    )
    assert all(rule.kind in get_args(Kind) for rule in rules)
    return rules


def kind_found(
    title: str,
    first_texts: Sequence[str] = (),
    *,
    has_table_of_measures: bool = False,
    has_form: bool = False,
    is_web_page: bool = False,
) -> KindFound:
    """Return the kind of the document with this title and these first paragraphs.

    `has_table_of_measures` says that a table has columns for measure, ministry and status,
    `has_form` that the first page is a form of labels and values,
    `is_web_page` that it is HTML, which may only speak of a paper. The first thirty texts count.
    """
    key = fold(title)
    titles = tuple(dict.fromkeys((key, _core(key))))
    texts = [fold(text) for text in first_texts[:_FIRST]]
    shapes = frozenset(
        name
        for name, given in (
            ("table_of_measures", has_table_of_measures),
            ("form", has_form),
            ("web_page", is_web_page),
        )
        if given
    )
    rules = _rules()
    for rule in rules:
        if rule.title and (found := rule.holds(titles, texts, shapes)):
            return found
    if plan_of_title(title):
        return KindFound("plan", key, "title")
    if _is_portrait(key, texts):
        return KindFound("brochure", key, "title")
    for rule in rules:
        if not rule.title and (found := rule.holds(titles, texts, shapes)):
            return found
    if texts and _CHAPTER.match(texts[0]):
        return KindFound("report", texts[0], "text")
    return KindFound("other", "", "")


def _core(key: str) -> str:
    """Return a folded title without what it adds behind its words, at most four additions."""
    for _ in range(4):
        shorter = _BEHIND.sub("", key)
        if not shorter or shorter == key:
            break
        key = shorter
    return key


def _is_portrait(key: str, texts: Sequence[str]) -> bool:
    """Return whether the title is an agency's name with a year: a brochure about itself."""
    name = _YEAR.sub("", key)
    if bodies().resolve(name) is None:
        return False
    return name != key or any(_YEAR.fullmatch(text) for text in texts[:5])
