"""Measures of plans in running text: a heading whose paragraphs end with the ministries in charge.

Of a document's headings of one kind (①), all are measures where most are, because a plan prints
ministries once for several paragraphs and leaves them out where they go without saying.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.outline.headings import Heading, Ranks
from shisaku.ingest.terms import Kind

_LABELLED = re.compile(r"[^：:。]{2,12}[：:]")
_LEAST = 3
"""Measures with ministries from which a document of another kind than a plan is read as one."""


def own_ministries(text: str) -> MinistryList | None:
    """Give the ministries that a paragraph names as responsible.

    They stand at its end or at its head, or are all of it (担当：警察庁), else at the end of
    sentences within it.
    """
    words = text.strip()
    found = registry().find_trailing_list(words) or registry().find_leading_list(words)
    if found is not None:
        return found[0]
    if _LABELLED.match(words) and (whole := registry().parse_list(words)) is not None:
        return whole
    inner = [listed for listed, _, _ in registry().find_lists(words)]
    if not inner:
        return None
    return MinistryList(
        tuple(dict.fromkeys(name for listed in inner for name in listed.names)),
        any(listed.and_others for listed in inner),
    )


def find_measures(
    flow: Sequence[Block], headings: Mapping[int, Heading], kind: Kind
) -> frozenset[int]:
    """Give the positions of the headings that are measures."""
    ranks = Ranks(list(headings.values()))
    places = sorted(headings)
    if not places:
        return frozenset()
    groups: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    for at, following in zip(places, [*places[1:], len(flow)], strict=True):
        if following < len(flow) and ranks.is_below(headings[following], headings[at]):
            continue
        texts = [block for block in flow[at + 1 : following] if isinstance(block, TextBlock)]
        read = [block.text for block in texts if block.role != "footnote"]
        own = [own_ministries(text) is not None for text in read]
        # One source note (内閣府) under a long chapter puts nobody in charge of it.
        listed = (any(own[-1:]) or (sum(own) >= 0.3 * max(len(own), 1) and any(own))) or bool(
            registry().find_trailing_list(headings[at].text)
        )
        if texts or listed:
            groups[headings[at].kind, headings[at].shape].append((at, listed))
    found: set[int] = set()
    total = sum(listed for group in groups.values() for _, listed in group)
    if kind != "plan" and total < _LEAST:
        return frozenset()
    for group in groups.values():
        listed_places = [at for at, listed in group if listed]
        most = len(listed_places) >= 0.6 * len(group)
        found.update(at for at, _ in group) if most else found.update(listed_places)
    return frozenset(found)


def ministries_by_paragraph(texts: Sequence[str]) -> list[MinistryList | None]:
    """Give the ministries of each paragraph of a measure: its own list, else the next one below.

    Paragraphs after the last list take that one.
    """
    own = [own_ministries(text) for text in texts]
    given: list[MinistryList | None] = []
    # From the last on: to look for the next list from each paragraph takes the square.
    below: MinistryList | None = next((found for found in reversed(own) if found), None)
    for found in reversed(own):
        below = found or below
        given.append(below)
    return given[::-1]
