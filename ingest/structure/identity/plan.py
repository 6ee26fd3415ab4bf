"""The plan that a document is, or follows: by its title, else by its first paragraph."""

import re
from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.plans import PlanRef
from shisaku.ingest.structure.identity.basis import Found
from shisaku.ingest.terms import Kind

_PARAGRAPHS = 2
"""Paragraphs from the beginning of the text that may name the plan."""

_SHORTEST = 20
"""Characters from which a text is a paragraph and no heading."""

_REPORTS = re.compile(
    "講じた|実施状況|進捗|フォローアップ|取組状況|推進状況|達成状況|の順に|章立て"
)
"""Words of a paragraph by which a report is one on the plan that it names."""


def plan(
    kind: Kind, title: str, issued: str | None, flow: Sequence[Block]
) -> tuple[PlanRef, Found] | None:
    """Give the plan of a document with the words that name it."""
    ref = None
    if kind == "plan":
        ref = registry().plan_of_title(title, issued)
    elif kind == "follow_up":
        ref = registry().followed_plan(title)
    if ref is not None:
        return ref, Found(ref.plan, title, "title")
    for text in _first_paragraphs(flow) if kind in {"follow_up", "report"} else ():
        if kind == "report" and not _REPORTS.search(text):
            continue
        if ref := registry().plan_of_text(text):
            return ref, Found(ref.plan, text, "text", guessed=True)
    return None


def _first_paragraphs(flow: Sequence[Block]) -> Iterator[str]:
    left = _PARAGRAPHS
    for block in flow:
        if not isinstance(block, TextBlock) or left == 0:
            return
        if block.role in {"", "list_item"} and len(block.text) >= _SHORTEST:
            left -= 1
            yield block.text
