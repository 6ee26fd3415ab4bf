"""Whether the reading of a plan or follow-up succeeded, told by the document itself.

`count_items` takes its passages and gives how many are items, and how many of these have a measure,
ministries, both; `unread_items` gives the problem where that is too few. An analyst must see that a
count is low because the reading failed.
"""

from collections.abc import Mapping, Sequence

from shisaku.ingest.model import Passage, Problem
from shisaku.ingest.terms import Kind

LEAST_SHARE = 0.9
"""Share of the items with all that the document names, below which it has a problem."""
_LEAST_ITEMS = 10
"""Items from which a share says something."""
_NAMED = 3
"""Passages with ministries from which the document names bodies at all."""
_SENTENCE = 15
"""Characters from which an item of a list is more than a name."""
_KINDS: frozenset[Kind] = frozenset(("plan", "follow_up"))
_ITEMS = frozenset(("list_item", "status_item"))
_TEXTS = _ITEMS | {"paragraph"}


def count_items(kind: Kind, passages: Sequence[Passage]) -> Mapping[str, int]:
    """Return the numbers of items, of those with a measure, with ministries, with both.

    Items are the texts of measures, and items of lists between the first measure and the last: a
    plan has lists in its preface too. `bodies` is 1 where the document names bodies at all. Empty
    for documents of other kinds and without items.
    """
    if kind not in _KINDS:
        return {}
    measured = [at for at, each in enumerate(passages) if each.measure is not None]
    first, last = (measured[0], measured[-1]) if measured else (0, len(passages))
    # Where items are those of lists, a paragraph below a title introduces them.
    lists = sum(passages[at].type in _ITEMS for at in measured)
    types = _ITEMS if lists >= 0.5 * len(measured) else _TEXTS
    items = [
        each
        for at, each in enumerate(passages)
        if (each.measure is not None and each.type in types)
        or (each.type in _ITEMS and first <= at <= last and len(each.text) >= _SENTENCE)
    ]
    if not items:
        return {}
    return {
        "items": len(items),
        "with_measure": sum(each.measure is not None for each in items),
        "with_ministries": sum(bool(each.ministries) for each in items),
        "with_both": sum(each.measure is not None and bool(each.ministries) for each in items),
        "bodies": int(sum(bool(each.ministries) for each in passages) >= _NAMED),
    }


def share(counts: Mapping[str, int]) -> float | None:
    """Return the share of the items that have all that the document names; None without items."""
    if not counts:
        return None
    read = counts["with_both"] if counts["bodies"] else counts["with_measure"]
    return read / counts["items"]


def unread_items(counts: Mapping[str, int]) -> Problem | None:
    """Return the warning that too few items were read; None where there are enough."""
    found = share(counts)
    if found is None or counts["items"] < _LEAST_ITEMS or found >= LEAST_SHARE:
        return None
    missing = [f"{counts['items'] - counts['with_measure']} without a measure"]
    if counts["bodies"]:
        missing.append(f"{counts['items'] - counts['with_ministries']} without ministries")
    return Problem(
        "unread_items",
        f"Of {counts['items']} items {', '.join(missing)} "
        "(施策や府省庁を読み取れなかった項目があります).",
        "Counts by measure and ministry are too low for this document: compare it with its file, "
        "and report its shape (docs/measures.md).",
        failed=False,
    )
