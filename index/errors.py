"""What can go wrong with an index, a query or an id, each with what the user can type."""

from pathlib import Path

from shisaku.ingest.errors import ShisakuError, to_type


class NoIndexError(ShisakuError):
    """Nothing has been indexed yet."""


class IndexVersionError(ShisakuError):
    """The index was made by another version of this program or its dictionary."""


class BrokenIndexError(ShisakuError):
    """The index cannot be read or did not come out as it should."""


class BuildError(ShisakuError):
    """The index could not be written, for a reason that lies in no single document."""


class UnreadableIndexError(BrokenIndexError):
    """The generation that was to be built upon cannot be read, though its hashes are right."""


class FilterError(ShisakuError):
    """A filter names what nobody knows."""

    exit_code = 2


class UnknownIdError(ShisakuError):
    """No passage, measure or document has this id."""


class UnreadableDocumentError(ShisakuError):
    """A file under parsed/ is not what `shisaku ingest` writes."""

    remedy = "type: shisaku ingest --force"


class CopiedDocumentError(UnreadableDocumentError):
    """Another file under parsed/ holds the same document."""


class QueryError(ShisakuError):
    """A query that cannot be read; the message names the place.

    `at` is the offset of the sign that is wrong, None where it is none; `what` is wrong with it.
    """

    exit_code = 2
    remedy = '「"…"」で囲むと文字どおりに検索します / put it in "…" to search it literally'

    def __init__(
        self, message: str, remedy: str = "", *, at: int | None = None, what: str = ""
    ) -> None:
        super().__init__(message, remedy)
        self.at = at
        self.what = what


def rebuild(data: Path) -> str:
    """Give the remedy for an index that cannot be used."""
    return f"type: {to_type('index --rebuild', data)}"


def broken(generation: Path, error: Exception) -> BrokenIndexError:
    """Return what to say of a generation whose files cannot be read."""
    what = f"{generation} is damaged ({type(error).__name__}: {error})"
    return BrokenIndexError(what, rebuild(generation.parent.parent))


def damaged(path: Path, what: str) -> BrokenIndexError:
    """Return what to say of a file of a generation, `what` being wrong with it."""
    return BrokenIndexError(f"{path} is damaged: {what}", rebuild(path.parent.parent.parent))
