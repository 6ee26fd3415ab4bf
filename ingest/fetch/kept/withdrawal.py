"""Which documents of a source are offered no more, and whether that is too much for one night."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from shisaku.ingest.disk.removals import too_many
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept

_LISTED = 10
"""Addresses named where many documents would be withdrawn at once."""


@dataclass(frozen=True)
class Leaving:
    """A document that is offered no more: the address that tells so, and why."""

    url: str
    kept: Kept
    why: str


@dataclass(frozen=True)
class TooMany:
    """That so many would go at once: `details` of the problem `mass_withdrawal`."""

    details: tuple[int, int, str]


def leaving(
    keeper: Keeper,
    wants: Callable[[str], bool],
    gone: Collection[tuple[str, Kept]],
    claimed: Collection[Path],
    *,
    complete: bool,
) -> tuple[list[Leaving], int]:
    """Return what is offered no more, and of how many documents that are not yet withdrawn.

    `gone` are kept files whose addresses answer that they are gone, `claimed` the files that were
    offered. What is no longer linked counts in a `complete` run only, or if it is withdrawn
    already.

    Raises:
        Stopped: the time of the source is over while files are compared.

    """
    # What the patterns no longer cover was left out by the user, not by the publisher.
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
    """Tell that too many of the `offered` documents would be withdrawn in this night."""
    fresh = [one.url for one in found if not one.kept.sidecar.withdrawn]
    if not too_many(len(fresh), offered):
        return None
    named = ", ".join(fresh[:_LISTED]) + (" …" if len(fresh) > _LISTED else "")
    return TooMany((len(fresh), offered, named))


def _has_twin(keeper: Keeper, kept: Kept, claimed: Collection[Path]) -> bool:
    """Return whether a file that is offered no more says what one under another address does.

    What an earlier version of the program stored twice, under two tokens.
    """
    if kept.sidecar.withdrawn:
        return False
    twins = [one for one in keeper.certain(kept.sidecar.url) if one.path in claimed]
    body = keeper.original(kept) if twins else None
    return body is not None and any(
        keeper.same_words(one, body, kept.sidecar.charset) for one in twins
    )
