"""Whether a page that answers 200 is what it was, or stands in its place for a night.

A page out of order, a form to log in, a signpost to elsewhere, a "not found" that says so in words
only, and a page that lost nine tenths of its words are not taken: what was read before stays. Each
sign is compared with what the page was before, so that a page that has always been so is taken.
"""

from dataclasses import dataclass

from shisaku.ingest.words.look import Look

_PAGE_CHARACTERS = 200
"""A list with fewer visible characters than this says too little to have shrunk."""
_DOCUMENT_CHARACTERS = 600
"""The same of a document: a publisher may well replace one of these by a short one."""
_SHRUNK = 10
"""How many times as many characters there were."""

CODES = {
    "maintenance": "maintenance",
    "not_found": "not_found_page",
    "login": "login",
    "refresh": "moved_on",
}
"""Signs of `Look` and codes of problems."""
STANDING_IN = frozenset((*CODES.values(), "shrunk"))
"""Codes of problems of pages that stand in for others."""
RECALLED = frozenset(("not_found_page", "moved_on", "shrunk"))
"""Codes of pages whose last known links are asked for all the same: there the site works."""


@dataclass(frozen=True)
class Past:
    """What a page was when it was last taken; counts are 0 where nobody counted."""

    characters: int = 0
    main: int = 0
    sign: str = ""


def disguise(
    look: Look, past: Past | None, *, document: bool, keeps_links: bool, intact: bool = False
) -> tuple[str, str] | None:
    """Return the code and the detail of what a page is in place of its content; None for content.

    `past` is None for a page that was never taken. `keeps_links` tells that it still leads to what
    it led to: a list with a notice of maintenance above it is a list. `intact` tells that nothing
    is lost with the words that are gone: all stored documents and followed pages are still there.
    """
    suspicious = look.sign and not keeps_links and (past is None or past.sign != look.sign)
    # A signpost that was never anything else is how some sites begin.
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
