"""Ministries, agencies and other bodies: their spellings, and their hierarchy.

Reads ministries.toml once. A *spelling* is a folded key (ingest.text.fold); a *name* is canonical.
A bureau that several ministries have (刑事局) is called by both names (法務省刑事局) and never
resolves alone. Roll-up includes bureaus and special organs (特別の機関), but not agencies (外局):
出入国在留管理庁 is named in lists beside its ministry, so the filter 法務省 includes 入国管理局,
its bureau until 2019, but not the agency that succeeded it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

BodyKind = Literal[
    "cabinet", "ministry", "agency", "bureau", "organ", "court", "police", "collective",
    "council", "institution",
]  # fmt: skip
_ROLLED_UP = ("bureau", "organ")
_ISSUERS_ONLY = ("council", "institution")


class Body(NamedTuple):
    """A ministry or other body as ministries.toml describes it; dates are ISO, ends inclusive."""

    name: str
    kind: BodyKind
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    letter: str | None = None
    acts_as: tuple[str, ...] = ()
    issues_as: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_until: str | None = None
    successor: str | None = None
    printed: str = ""
    """What documents print after the parent's name: 刑事局 for 法務省刑事局."""
    distinctive: bool = True
    """Whether it is known by its bare name in running text (入国管理局) or only in lists."""

    @property
    def responsible(self) -> bool:
        """Whether it may stand in a list of responsible ministries."""
        return self.kind not in _ISSUERS_ONLY


class Bodies(msgspec.Struct, frozen=True, dict=True):
    """All bodies by canonical name, and their spellings by folded key."""

    by_name: dict[str, Body]
    spellings: dict[str, str]
    letters: dict[str, str]
    acting: dict[str, str] = {}
    """Spellings that count as the subject of a clause only."""
    issuing: dict[str, str] = {}
    """Spellings that show a publisher only."""
    listed: tuple[str, ...] = ()
    """Spellings of bodies that may stand in a list."""
    subjects: tuple[str, ...] = ()
    """Japanese spellings of bodies that can be the subject of a clause."""

    @cached_property
    def scanner(self) -> re.Pattern[str]:
        """Matches the longest spelling of a body that may stand in a list, on a folded text."""
        return _longest_first(self.listed)

    @cached_property
    def acting_scanner(self) -> re.Pattern[str]:
        """Matches the longest Japanese spelling of a body that can be the subject of a clause."""
        return _longest_first(self.subjects)

    def parents(self, name: str) -> Iterator[str]:
        """Yield the parents of `name`, nearest first."""
        body = self.by_name.get(name)
        while body is not None and body.parent is not None:
            yield body.parent
            body = self.by_name.get(body.parent)

    def resolve(self, text: str) -> str | None:
        """Return the canonical name of the body `text`, None where it is none or not unique.

        Any width, radicals, spacing and case; Japanese, English with or without "the"; a bureau
        with its ministry before it (法務省入国管理局). One letter (法) does not resolve alone.
        """
        return self._resolve(fold(text))

    def _resolve(self, key: str) -> str | None:
        if key.startswith("the"):
            key = key[3:]
        if name := self.spellings.get(key):
            return name
        head = self.scanner.match(key)
        if head and (rest := self.spellings.get(key[head.end() :])):
            return rest if self.spellings[head[0]] in self.parents(rest) else None
        return None

    def rollup(self, name: str) -> tuple[str, ...]:
        """Return `name` and the bureaus and organs beneath it, in the order of the file.

        An unknown name gives itself alone; agencies are not beneath their ministry here.
        """
        found = [name]
        for body in self.by_name.values():
            if body.parent in found and body.kind in _ROLLED_UP and body.name not in found:
                found.append(body.name)
        return tuple(found)

    def publisher_of(self, texts: Sequence[str], *, within: bool = True) -> str | None:
        """Return who issued the document whose cover lines, page frame or metadata `texts` are.

        In this order: a line that is nothing but a body; a part of the page's frame (内閣官房
        サイトマップ, … | 政府CIOポータル); a line that begins with a body and goes on with an
        office (厚生労働省保険局医療課長 → 厚生労働省) or 決定, 策定; a council named inside a line,
        unless not `within`.
        """
        keys = [fold(part) for text in texts for part in re.split(r"[|｜\n]", text)]
        reads = (self._whole, self._framed, self._headed, self._council_within)
        for read in reads if within else reads[:-1]:
            for key in keys:
                if key and (name := read(key)):
                    return name
        return None

    def _whole(self, key: str) -> str | None:
        name = self._resolve(key) or self.issuing.get(key)
        body = self.by_name.get(name or "")
        if body is None or body.kind == "collective":
            return None
        if body.kind != "bureau" or body.distinctive:
            return body.name
        # The abbreviation of a division is that of its ministry; its bare name (賞勲局) resolves to
        # none.
        return None if key == fold(body.printed) else body.parent

    def _framed(self, key: str) -> str | None:
        found = re.match(
            r"(?:©|\(c\)|copyright)*(?:20\d\d)?(.{2,40}?)"
            r"(?:サイトマップ|(?:公式)?(?:ホームページ|ウェブサイト|webサイト|サイト)|トップページ|"
            r":?ホーム|,?allrightsreserved)",
            key,
        )
        return self._whole(found[1]) if found else None

    def _headed(self, key: str) -> str | None:
        # No longer beginning can be a name, and each is looked up.
        longest = min(len(key), self._longest_name)
        head = next((key[:end] for end in range(longest, 1, -1) if self._whole(key[:end])), None)
        if head is None:
            return None
        rest = key[len(head) :]
        if re.fullmatch(
            r"[^。、はがをにで]{0,24}(?:局|部|課|室|長|官|係|班)(?:\(.*\))?"
            r"|(?:決定|策定|取りまとめ|申合せ|発行|編|作成|公表)",
            rest,
        ):
            return self._whole(head)
        return None

    @cached_property
    def _longest_name(self) -> int:
        """Characters of the longest folded text that `resolve` or `issuing` can know.

        That is "the", a ministry and its bureau.
        """
        return len("the") + 2 * max(map(len, (*self.spellings, *self.issuing)), default=0)

    def _council_within(self, key: str) -> str | None:
        found = [
            (key.find(spelling), -len(spelling), name)
            for spelling, name in (self.spellings | self.issuing).items()
            if spelling in key
            and (self.by_name[name].kind == "council" or spelling in self.issuing)
        ]
        return min(found)[2] if found else None


def _entries() -> Iterator[dict[str, Any]]:
    raw = table(__file__, "ministries.toml")
    shared = Counter(bureau for entry in raw["body"] for bureau in entry.get("bureaus", ()))
    for entry in raw["body"]:
        bureaus = entry.pop("bureaus", ())
        yield entry
        for bureau in bureaus:
            alone = shared[bureau] == 1
            yield {
                "name": bureau if alone else entry["name"] + bureau,
                "kind": "bureau",
                "parent": entry["name"],
                "printed": bureau,
                "distinctive": False,
            }


def _body(entry: dict[str, Any]) -> Body:
    lists = ("aliases", "english", "acts_as", "issues_as")
    renamed = {"from": "valid_from", "until": "valid_until"}
    assert entry["kind"] in get_args(BodyKind), entry
    fields: dict[str, Any] = {
        renamed.get(key, key): tuple(value) if key in lists else value
        for key, value in entry.items()
    }
    return Body(**fields)


@cache
def bodies() -> Bodies:
    """Read ministries.toml; once per process."""
    by_name: dict[str, Body] = {}
    spellings: dict[str, str] = {}
    acting: dict[str, str] = {}
    issuing: dict[str, str] = {}
    for body in map(_body, _entries()):
        assert body.name not in by_name, f"{body.name} stands twice in ministries.toml"
        by_name[body.name] = body
        for target, written in (
            (spellings, (body.name, *body.aliases, *body.english)),
            (acting, body.acts_as),
            (issuing, body.issues_as),
        ):
            for spelling in written:
                key = fold(spelling)
                assert target.setdefault(key, body.name) == body.name, f"{spelling} is ambiguous"
    for body in by_name.values():
        if body.printed:
            spellings[fold((body.parent or "") + body.printed)] = body.name
    listed = {key: by_name[name] for key, name in spellings.items() if by_name[name].responsible}
    subjects = [
        key
        for key, body in listed.items()
        if not key.isascii()
        and body.kind != "collective"
        and (body.distinctive or key == fold((body.parent or "") + body.printed))
    ]
    return Bodies(
        by_name,
        spellings,
        {body.letter: body.name for body in by_name.values() if body.letter},
        acting,
        issuing,
        tuple(listed),
        (*subjects, *acting),
    )


def _longest_first(keys: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(keys, key=lambda key: (-len(key), key)))))
