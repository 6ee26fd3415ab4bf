"""The entry of a parsed file in the manifest of a generation."""

import msgspec


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parsed file in a generation: SHA-256 of its bytes, counts, values of facets."""

    sha256: str
    passages: int
    lengths: dict[str, int] = {}
    """Numbers of tokens by field, for exact averages in ranking (Whoosh counts deleted ones)."""
    ministries: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    publisher: str | None = None
    id: str = ""
    """Id of the document where it differs from the name of the file (a long name is cut)."""
    aliases: tuple[str, ...] = ()
    """Paths under the data directory of further files with the same bytes."""
