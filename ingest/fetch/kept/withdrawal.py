"""The documents of a source that are no longer offered, and the limit on them in one run.

`leaving` gives the candidates, `held_back` tells whether they are too many (`disk.removals`): a
site that is out of order looks like one that has withdrawn everything.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from shisaku.ingest.disk.removals import too_many
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept

_LISTED = 10
"""URLs named in the message where too many documents would be withdrawn."""


@dataclass(frozen=True)
class Leaving:
    """A document that is no longer offered: its URL, and why ("gone" or "unlinked")."""

    url: str
    kept: Kept
    why: str


@dataclass(frozen=True)
class TooMany:
    """Too many withdrawals in one run: `details` of the problem `mass_withdrawal`."""

    details: tuple[int, int, str]


def leaving(
    keeper: Keeper,
    wants: Callable[[str], bool],
    gone: Collection[tuple[str, Kept]],
    claimed: Collection[Path],
    *,
    complete: bool,
) -> tuple[list[Leaving], int]:
    """Return the documents no longer offered, and the number of documents not yet withdrawn.

    `gone` are kept files whose URLs answer 404 or 410, `claimed` the files that were offered in
    this run. Files that are not linked count in a `complete` run only, or if withdrawn already.

    Raises:
        Stopped: the time of the source is over while files are compared.

    """
    # Files that the patterns no longer match were left out by the user, not by the publisher.
    mine = [kept for kept in keeper.all() if wants(kept.sidecar.url) and not kept.deleted]
    found = [Leaving(url, kept, "gone") for url, kept in gone]
    unlinked = [
        kept
        for kept in mine
        if kept.path not in claimed
        and (kept.sidecar.withdrawn or complete)
        and not _has_twin(keeper, kept, claimed)
    ]
    unlinked.sort(key=lambda kept: kept.sidecar.url)
    found += [Leaving(kept.sidecar.url, kept, "unlinked") for kept in unlinked]
    return found, sum(not kept.sidecar.withdrawn for kept in mine)


def held_back(found: list[Leaving], offered: int) -> TooMany | None:
    """Return the details where too many of `offered` documents would be withdrawn, else None."""
    fresh = [one.url for one in found if not one.kept.sidecar.withdrawn]
    if not too_many(len(fresh), offered):
        return None
    named = ", ".join(fresh[:_LISTED]) + (" …" if len(fresh) > _LISTED else "")
    return TooMany((len(fresh), offered, named))


def _has_twin(keeper: Keeper, kept: Kept, claimed: Collection[Path]) -> bool:
    """Return whether a file that is no longer offered has the words of one under another URL.

    Earlier versions of the program stored documents twice, under URLs with two session tokens.
    """
    if kept.sidecar.withdrawn:
        return False
    twins = [one for one in keeper.certain(kept.sidecar.url) if one.path in claimed]
    body = keeper.original(kept) if twins else None
    return body is not None and any(
        keeper.same_words(one, body, kept.sidecar.charset) for one in twins
    )
