"""The messages between reader and worker; no library but msgspec is loaded for these."""

from typing import Literal

import msgspec

Sign = Literal["", "maintenance", "not_found", "login", "refresh"]
"""The kind of a substitute page; "" for none."""


class Ask(msgspec.Struct, frozen=True):
    """A file to read; `charset` is that of the HTTP header, "" where it named none."""

    kind: Literal["html", "pdf"]
    body: bytes
    charset: str = ""


class Look(msgspec.Struct, frozen=True):
    """The words of a file.

    Equal `digest`s mean equal words; "" where they could not be read. The rest is for web pages:
    `characters` is the number of visible characters without white space, `main` that outside of
    menus, headers and footers.
    """

    digest: str = ""
    characters: int = 0
    main: int = 0
    sign: Sign = ""
    detail: str = ""
    """The words that gave the sign, or the target of a refresh."""
    encoding: str = "utf-8"
    """Python codec in which the queries of the page's links are encoded."""
    next: tuple[str, ...] = ()
    """Links, as written, to the next page of a list."""
