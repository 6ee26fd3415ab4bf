"""The limit on documents that one run may remove without the user's consent.

Takes counts and names, raises `RemovalError`. A disk that is not mounted, a restore that was cut
short or a folder emptied by mistake looks like documents that were deleted. Removed files of raw/,
withdrawals by a publisher and removed files of parsed/ have the same limit.
"""

from collections.abc import Collection

from shisaku.ingest.errors import ShisakuError

MANY = 20
"""Documents that may be removed without consent, unless they are more than half of all."""
PART = 10
"""Beyond `MANY`, one document in so many may be removed without consent."""
SHOWN = 10
"""Names listed in the message: enough to see which folder they are from."""


class RemovalError(ShisakuError):
    """More documents would be removed than the limit; perhaps a disk is not mounted."""

    def __init__(self, message: str, command: str, removed: int | None = None) -> None:
        some = f"{command} --max-removed {removed}; for any number: " if removed else ""
        super().__init__(
            message,
            "Check that the disk with raw/ is mounted. If the files are really meant to be gone, "
            f"type: {some}{command} --allow-removal",
        )


def too_many(removed: int, of: int, allowed: int | None = None) -> bool:
    """Return whether `removed` documents of `of` are over the limit.

    The limit: more than half, or more than 20 and more than 10 %. Up to `allowed`
    (`--max-removed`) no number is too many.
    """
    if allowed is not None and removed <= allowed:
        return False
    return removed * 2 > of or (removed > MANY and removed * PART > of)


def shown(name: str) -> str:
    """Return a file name with line feeds and bytes that are no UTF-8 escaped."""
    return "".join(
        char if char.isprintable() or char == "\u3000" else ascii(char)[1:-1] for char in name
    )


def listed(names: Collection[str]) -> str:
    """Return the first `SHOWN` names, one a line, and the number of the others."""
    lines = [f"  {shown(name)}" for name in sorted(names)[:SHOWN]]
    if len(names) > SHOWN:
        lines.append(f"  and {len(names) - SHOWN} more")
    return "\n".join(lines)


def check_removals(
    gone: Collection[str], of: int, where: str, command: str, allowed: int | None = None
) -> None:
    """Check that the documents `gone` (names) are not too many of `of`; call it before any write.

    `where` is the folder that lacks them, `command` what to type again; `allowed` as for
    `too_many`.

    Raises:
        RemovalError: they are too many.

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
    """Check that the index does not lose too many documents; call it before any write.

    `gone` are names of parsed files that the last generation holds and that no longer exist, `new`
    the number of parsed files that it does not hold, `of` the number that it holds. A renamed file
    is gone under one name and new under another, so `new` is subtracted.

    Raises:
        RemovalError: too many are lost.

    """
    lost = max(len(gone) - new, 0)
    if too_many(lost, of, allowed):
        raise RemovalError(
            f"{len(gone)} of {of} documents of the index are no longer under {where}, "
            f"so the index was not changed:\n{listed(gone)}",
            command,
            len(gone),
        )
