"""What the worker says of a file, and what it is asked; no library is loaded for these."""

from typing import Literal

import msgspec

Sign = Literal["", "maintenance", "not_found", "login", "refresh"]
"""What a page is known to be in place of its content; "" where nothing speaks against it."""


class Ask(msgspec.Struct, frozen=True):
    """A file to read; `charset` is that of the HTTP header, "" where it named none."""

    kind: Literal["html", "pdf"]
    body: bytes
    charset: str = ""


class Look(msgspec.Struct, frozen=True):
    """What a file says.

    Equal `digest`s mean equal words; "" where they could not be read. The rest is of web pages:
    `characters` counts those of all visible text without white space, `main` those that are not
    in menus, headers and footers.
    """

    digest: str = ""
    characters: int = 0
    main: int = 0
    sign: Sign = ""
    detail: str = ""
    """The words by which the sign was known, or where a refresh leads."""
    encoding: str = "utf-8"
    """A codec of Python: in what the queries of the page's links are encoded."""
    next: tuple[str, ...] = ()
    """Links, as written, that lead to the next page of a list."""
