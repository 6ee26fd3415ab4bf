"""Who issued a document: what lines of signatures, offices and hosts say, beside `publisher_of`.

Each function takes the bodies and a line or a text and gives a canonical name, None where the line
names none. A bureau that a line names alone is given with its ministry (財務省関税局).
"""

import re
from collections.abc import Sequence
from functools import cache

from shisaku.ingest.registry.ministries import Bodies
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_LONGEST = 80
"""Characters of a line that may be a signature, a number or an office."""

_NUMBER = re.compile(
    r"[○◯〇●(]?(?P<body>[^第()]{2,40}?)(?:告示|訓令|公告|令|規則)第[0-9〇一二三四五六七八九十百千]+号\)?"
)
_MINISTER = re.compile(
    r"(?:(?P<prime>内閣総理大臣)|(?P<of>[^大臣]{2,8})大臣|(?P<agency>.{2,10}庁)長官"
    r"|(?P<chief>内閣官房)長官|(?P<chair>.{2,14}委員会)委員長)(?P<name>[^第の0-9。、()]{0,12})"
)
_PRIME = "内閣府"
"""内閣総理大臣 signs announcements of 内閣府, whose head he is (内閣府設置法 第6条)."""


def publisher_from(
    known: Bodies, texts: Sequence[str], *, within: bool = True
) -> tuple[str, str] | None:
    """Return the body that issued a document with these lines, and the line that names it.

    As `Bodies.publisher_of`; without `within` a council named inside a line does not count.
    """
    name = known.publisher_of(texts, within=within)
    if name is None:
        return None
    line = next(text for text in texts if known.publisher_of([text], within=within) == name)
    return full_name(known, name), line


def full_name(known: Bodies, name: str) -> str:
    """Return a bureau's name with its ministry before it; other names as they are."""
    body = known.by_name.get(name)
    if body and body.kind == "bureau" and body.parent and not name.startswith(body.parent):
        return body.parent + name
    return name


def issuer_of_number(known: Bodies, text: str) -> str | None:
    """Return who made the announcement of which `text` is the number.

    ○厚生労働省告示第八十五号; of several bodies (内閣府・総務省告示) the first.
    """
    found = _NUMBER.fullmatch(fold(text)) if len(text) <= _LONGEST else None
    for part in re.split("[、・,]", found["body"]) if found else ():
        body = known.by_name.get(known.resolve(part) or "")
        if body is not None and body.kind not in ("collective", "bureau"):
            return body.name
    return None


def office_holder(known: Bodies, text: str) -> str | None:
    """Return the body of the minister, director or chairman whose signature `text` is.

    厚生労働大臣　根本　匠 → 厚生労働省; 金融庁長官 → 金融庁; デジタル大臣 → デジタル庁.
    """
    found = _MINISTER.fullmatch(fold(text)) if len(text) <= _LONGEST else None
    if found is None:
        return None
    if found["prime"]:
        return _PRIME
    names = (
        [found["of"] + "省", found["of"] + "庁"]
        if found["of"]
        else [found["agency"] or found["chief"] or found["chair"]]
    )
    resolved = (known.resolve(name) for name in names)
    return next(filter(None, resolved), None)


def office(known: Bodies, text: str) -> str | None:
    """Return the ministry of an office that answers for a document.

    厚生労働省医薬局監視指導・麻薬対策課 → 厚生労働省; of a bureau named alone, if no other
    ministry has one of its name, its ministry.
    """
    key = fold(text)[:_LONGEST]
    if name := leading_body(known, key):
        body = known.by_name[name]
        return body.parent if body.kind == "bureau" and body.parent else name
    return None


def leading_body(known: Bodies, key: str, follow: Sequence[str] = ()) -> str | None:
    """Return the longest body with whose name a folded text begins, and one of `follow` after it.

    Collective terms (関係省庁) are none.
    """
    found = known.scanner.match(key)
    while found:
        body = known.by_name[known.spellings[found[0]]]
        rest = key[found.end() :]
        if body.kind != "collective" and (not follow or rest.startswith(tuple(follow))):
            return body.name
        return None
    return None


@cache
def _hosts() -> dict[str, str]:
    return dict(table(__file__, "hosts.toml"))


def publisher_of_host(host: str) -> str | None:
    """Return the body whose site a host is: www.mhlw.go.jp → 厚生労働省."""
    parts = host.lower().split(".")
    names = (".".join(parts[at:]) for at in range(len(parts) - 1))
    return next(filter(None, map(_hosts().get, names)), None)
