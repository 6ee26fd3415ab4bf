"""What a generation keeps of each parsed file."""

import msgspec


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a generation holds of one parsed file: hash of its bytes, counts, facet values."""

    sha256: str
    passages: int
    lengths: dict[str, int] = {}
    """Tokens by field, from which ranking takes exact averages (Whoosh's count the deleted)."""
    ministries: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    id: str = ""
    """The document's id where it is not the file's name (too long for one, …)."""
    aliases: tuple[str, ...] = ()
    """Paths under the data directory of further files with the same bytes."""
