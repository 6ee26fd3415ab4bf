"""Tells whether a page with status 200 is a substitute for the real one.

Maintenance notices, login forms, redirect pages, "not found" in words only, and pages that lost
nine tenths of their text are not accepted: what was read before stays. Each sign is compared with
the page when it was last accepted, so that a page that has always been so is accepted.
"""

from dataclasses import dataclass

from shisaku.ingest.words.look import Look

_PAGE_CHARACTERS = 200
"""Visible characters of a list, below which it cannot be called shrunk."""
_DOCUMENT_CHARACTERS = 600
"""The same for a document: a publisher may replace a short one by a shorter one."""
_SHRUNK = 10
"""Factor by which the number of characters fell."""

CODES = {
    "maintenance": "maintenance",
    "not_found": "not_found_page",
    "login": "login",
    "refresh": "moved_on",
}
"""`Look.sign` → code of the problem."""
STANDING_IN = frozenset((*CODES.values(), "shrunk"))
"""Codes of problems of substitute pages."""
RECALLED = frozenset(("not_found_page", "moved_on", "shrunk"))
"""Codes of pages whose remembered links are followed all the same, because the site works."""


@dataclass(frozen=True)
class Past:
    """A page when it was last accepted; counts are 0 where unknown."""

    characters: int = 0
    main: int = 0
    sign: str = ""


def disguise(
    look: Look, past: Past | None, *, document: bool, keeps_links: bool, intact: bool = False
) -> tuple[str, str] | None:
    """Return (code, detail) of a substitute page; None where the page is accepted.

    `past` is None for a page that was never accepted. `keeps_links`: it has the links of before (a
    list below a maintenance notice is a list). `intact`: all links to stored documents and followed
    pages are still there, so nothing is lost with its text.
    """
    suspicious = look.sign and not keeps_links and (past is None or past.sign != look.sign)
    # Some sites begin with a redirect page.
    if suspicious and not (look.sign == "refresh" and past is None):
        return CODES[look.sign], look.detail
    if past is None or intact:
        return None
    least = _DOCUMENT_CHARACTERS if document else _PAGE_CHARACTERS
    whole = past.characters >= least and look.characters * _SHRUNK <= past.characters
    # In a site's frame of menus the words of the page itself may be gone.
    main = past.main >= least and look.main * _SHRUNK <= past.main
    if whole or (main and look.characters * 2 <= past.characters):
        return "shrunk", f"{look.characters} characters, {past.characters} before"
    return None
