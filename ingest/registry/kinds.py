"""The kind of a document (`terms.Kind`) by its title, its first lines and its shape.

Two rules are code, not data: a title that names a plan makes a plan (the words are those of
plans.py), and a title that is nothing but an agency's name and a year makes a brochure. What no
rule matches is "other": guidelines, forms, price lists, general web pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from shisaku.ingest.registry.ministries import bodies
from shisaku.ingest.registry.plans import plan_of_title
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_FIRST = 30
_YEAR = re.compile(r"(?:20[0-9]{2}|(?:平成|令和)(?:元|[0-9]+))年?(?:度|版|度版)?")
# A chapter heading that opens the text: a part of a book that does not repeat its title.
_CHAPTER = re.compile(r"第[0-9一二三四五六七八九十]+章")


@dataclass(frozen=True)
class _Rule:
    kind: Kind
    title: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    text: tuple[re.Pattern[str], ...]
    needs: str
    shape: str

    def holds(self, title: str, texts: Sequence[str], shapes: frozenset[str]) -> bool:
        if self.shape and self.shape not in shapes:
            return False
        if any(pattern.search(title) for pattern in self.unless):
            return False
        by_title = any(pattern.search(title) for pattern in self.title)
        by_text = any(pattern.search(text) for pattern in self.text for text in texts)
        if self.needs == "both":
            return (by_title or not self.title) and by_text
        return by_title or by_text or not (self.title or self.text)


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
        )
        for entry in raw["rule"]
    )
    assert all(rule.kind in get_args(Kind) for rule in rules)
    return rules


def kind_of(
    title: str,
    first_texts: Sequence[str] = (),
    *,
    has_table_of_measures: bool = False,
    has_form: bool = False,
) -> Kind:
    """Return the kind of the document with this title and these first paragraphs.

    `has_table_of_measures` says that a table has columns for measure, ministry and status,
    `has_form` that the first page is a form of labels and values. The first thirty texts count.
    """
    key = fold(title)
    texts = [fold(text) for text in first_texts[:_FIRST]]
    shapes = frozenset(
        name
        for name, given in (("table_of_measures", has_table_of_measures), ("form", has_form))
        if given
    )
    rules = _rules()
    for rule in rules:
        if rule.title and rule.holds(key, texts, shapes):
            return rule.kind
    if plan_of_title(title):
        return "plan"
    if _is_portrait(key, texts):
        return "brochure"
    for rule in rules:
        if not rule.title and rule.holds(key, texts, shapes):
            return rule.kind
    return "report" if texts and _CHAPTER.match(texts[0]) else "other"


def _is_portrait(key: str, texts: Sequence[str]) -> bool:
    """Return whether the title is an agency's name with a year: a brochure about itself."""
    name = _YEAR.sub("", key)
    if bodies().resolve(name) is None:
        return False
    return name != key or any(_YEAR.fullmatch(text) for text in texts[:5])
