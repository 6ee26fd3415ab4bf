"""White papers (白書, 青書): their names in running heads and file names, and who issues them."""

import re
from dataclasses import dataclass
from functools import cache

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold

_YEAR = r"(?:(?:令和|平成|昭和)(?:元|[0-9０-９]{1,2})年度?版?|(?:19|20)[0-9]{2}(?:年度?版?)?)"
_FIRST = 2001
"""Year of the reorganisation: before it other ministries issued most papers."""

_PAPER = re.compile(
    rf"(?:^|[\s\u3000])(?P<paper>(?:{_YEAR}[\s\u3000]*)?"
    r"(?P<name>[^\s\u3000「」『』【】。、0-9０-９]{2,20}[白青]書)"
    rf"(?:[\s\u3000]*{_YEAR})?)"
)


@dataclass(frozen=True)
class _Paper:
    publisher: str
    since: int
    until: int


@cache
def _papers() -> dict[str, tuple[_Paper, ...]]:
    raw = table(__file__, "publications.toml")
    known: dict[str, tuple[_Paper, ...]] = {}
    for entry in raw["paper"]:
        paper = _Paper(entry["publisher"], entry.get("since", _FIRST), entry.get("until", 9999))
        for name in entry["names"]:
            known[fold(name)] = (*known.get(fold(name), ()), paper)
    return known


def find_publication(text: str) -> str | None:
    """Return the white paper, with its year where that is printed, that a line or file name names.

    外交青書2025, 令和4年版　少子化社会対策白書　全体版: a name of its own, not words of a sentence.
    """
    match = _PAPER.search(text.replace("_", " "))
    return match["paper"] if match else None


def publisher_of_paper(title: str) -> str | None:
    """Return who issues the white paper that `title` names, None where that is not certain.

    Where a paper has moved to another ministry, its year must stand in the title.
    """
    match = _PAPER.search(title)
    papers = _papers().get(fold(match["name"]), ()) if match else ()
    if not match or not papers:
        return None
    dates = list(find_dates(match["paper"]))
    year = re.search(r"(?:19|20)[0-9]{2}", fold(match["paper"]))
    edition = dates[0].year if dates else int(year.group()) if year else None
    if edition is None:
        always = len(papers) == 1 and (papers[0].since, papers[0].until) == (_FIRST, 9999)
        return papers[0].publisher if always else None
    return next((p.publisher for p in papers if p.since <= edition <= p.until), None)
