"""How many documents may go in one night before somebody is asked.

A disk that is not mounted, a restore that was cut short or a folder emptied by mistake looks like
documents that were taken away. Files of raw/, withdrawals by a publisher and files of parsed/ are
held to the same bounds.
"""

from collections.abc import Collection

from shisaku.ingest.errors import ShisakuError

MANY = 20
"""Documents that may go without a question, as long as they are not more than half of all."""
PART = 10
"""Beyond `MANY`, one document in so many may go without a question."""
SHOWN = 10
"""Names in the message: enough to see which folder they are from."""


class RemovalError(ShisakuError):
    """So many documents would go at once that the disk with them is in doubt."""

    def __init__(self, message: str, command: str, removed: int | None = None) -> None:
        some = f"{command} --max-removed {removed}; for any number: " if removed else ""
        super().__init__(
            message,
            "Check that the disk with raw/ is mounted. If the files are really meant to be gone, "
            f"type: {some}{command} --allow-removal",
        )


def too_many(removed: int, of: int, allowed: int | None = None) -> bool:
    """Tell whether `removed` documents of `of` are more than may go unasked.

    That is more than half, or more than 20 and more than 10 %. `allowed` is the number that the
    user has agreed to (`--max-removed`); up to that nothing is too many.
    """
    if allowed is not None and removed <= allowed:
        return False
    return removed * 2 > of or (removed > MANY and removed * PART > of)


def shown(name: str) -> str:
    """Give a file name on one line: it may hold line feeds and bytes that are no UTF-8."""
    return "".join(
        char if char.isprintable() or char == "\u3000" else ascii(char)[1:-1] for char in name
    )


def listed(names: Collection[str]) -> str:
    """Give the first names of `names` on lines of their own, and how many more there are."""
    lines = [f"  {shown(name)}" for name in sorted(names)[:SHOWN]]
    if len(names) > SHOWN:
        lines.append(f"  and {len(names) - SHOWN} more")
    return "\n".join(lines)


def check_removals(
    gone: Collection[str], of: int, where: str, command: str, allowed: int | None = None
) -> None:
    """Refuse to go on where the documents or files `gone` are too many of `of`.

    `where` is where they are no longer, `command` what to type again.

    Raises:
        RemovalError: they are; nothing must have been written by then.

    """
    if too_many(len(gone), of, allowed):
        raise RemovalError(
            f"{len(gone)} of {of} documents are no longer under {where}, so nothing was changed:"
            f"\n{listed(gone)}",
            command,
            len(gone),
        )


def check_parsed(
    gone: Collection[str],
    new: int,
    of: int,
    where: str,
    command: str,
    allowed: int | None = None,
) -> None:
    """Refuse an index that would lose too many documents because their parsed files are gone.

    `gone` are the names of parsed files that the last generation holds and that are there no more,
    `new` is the number of those that it does not hold yet, `of` how many it holds. What was renamed
    is gone under one name and new under another, so that many are not lost.

    Raises:
        RemovalError: too many are; nothing must have been written by then.

    """
    lost = max(len(gone) - new, 0)
    if too_many(lost, of, allowed):
        raise RemovalError(
            f"{len(gone)} of {of} documents of the index are no longer under {where}, "
            f"so the index was not changed:\n{listed(gone)}",
            command,
            len(gone),
        )
