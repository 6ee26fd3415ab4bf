"""The names that the documents themselves define, and where each holds.

At build time every passage keeps what it defines: the pairs stored with it, the keys of both sides
as terms of the field `defines`. So what was taken in at night needs no further step, and a lookup
reads the passages of one key. Where a short name holds is decided here, from all of its
definitions: 会議 is another thing in each law, IOM is one everywhere.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.base import Engine, Stored

Holds = Literal["everywhere", "in its documents", "ambiguous"]


class AliasEntry(msgspec.Struct, frozen=True):
    """A short name with what it stands for."""

    short: str
    long: str
    passages: tuple[str, ...]
    """Ids of the passages that define it, in order."""
    documents: tuple[str, ...]
    """Ids of their documents, in order."""
    holds: Holds


class _Source(NamedTuple):
    """Two names of one thing, with the passage and document that say so."""

    long: str
    short: str
    passage: str
    document: str


class _Defined:
    """The definitions of an index, those of a passage read once: it may hold thousands of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: dict[int, dict[str, list[_Source]]] = {}

    def sources(self, key: str) -> list[_Source]:
        """Return the definitions in which `key` is one of the names, in the order of ids."""
        found: list[_Source] = []
        passages = self._engine.get("defines", key)
        for at, number in enumerate(self._engine.numbers("defines", key)):
            if number not in self._read:
                self._read[number] = self._by_name(passages[at])
            found += self._read[number].get(key, ())
        return sorted(found, key=lambda source: (source.document, source.passage))

    def _by_name(self, stored: Stored) -> dict[str, list[_Source]]:
        record = msgspec.json.decode(stored.record, type=_Head)
        found: defaultdict[str, list[_Source]] = defaultdict(list)
        for long, short in msgspec.json.decode(stored.defines, type=list[tuple[str, str]]):
            source = _Source(long, short, record.id, record.document)
            for key in {search_key(long), search_key(short)}:
                found[key].append(source)
        return dict(found)


class _Head(msgspec.Struct):
    """The fields of a record that are needed here."""

    id: str
    document: str


def entries_of(engine: Engine, short: str) -> list[AliasEntry]:
    """Return what the short name with the key `short` stands for, an entry for each thing."""
    return _entries_of(_Defined(engine), short)


def _entries_of(defined: _Defined, short: str) -> list[AliasEntry]:
    sources = [s for s in defined.sources(short) if search_key(s.short) == short]
    latin = [source for source in sources if _is_latin(source.long)]
    # The name in English and the one in Japanese do not contradict each other.
    others = [source for source in sources if not _is_latin(source.long)]
    return [entry for part in (others, latin) if part for entry in _entries(part)]


def _entries(sources: list[_Source]) -> Iterator[AliasEntry]:
    families = _families(source.long for source in sources)
    by_family: dict[str, list[_Source]] = defaultdict(list)
    things: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        family = families[search_key(source.long)]
        by_family[family].append(source)
        things[source.document].add(family)
    for _, members in sorted(by_family.items()):
        documents = tuple(dict.fromkeys(source.document for source in members))
        clear = tuple(name for name in documents if len(things[name]) == 1)
        long = _usual(source.long for source in members)
        short = _usual(source.short for source in members)
        holds: Holds = "in its documents" if clear else "ambiguous"
        if len(by_family) == 1 and _is_name(short, long, len(documents)):
            holds = "everywhere"
        told = set(clear or documents)
        passages = [s.passage for s in members if s.document in told]
        yield AliasEntry(short, long, tuple(dict.fromkeys(passages)), clear or documents, holds)


def _families(longs: Iterable[str]) -> dict[str, str]:
    """Return for each long name's key the key of its family: the shortest name that it ends with.

    独立行政法人国際協力機構 and 国際協力機構 are one body; so are names that differ in signs alone.
    """
    keys = sorted({search_key(long) for long in longs}, key=lambda key: (len(key), key))
    plain = {key: "".join(filter(str.isalnum, key)) for key in keys}
    found: dict[str, str] = {}
    first: dict[str, int] = {}
    """The place in `keys` of the first name with so many letters; an end of a name is looked up."""
    for at, key in enumerate(keys):
        name = plain[key]
        heads = [first[name[start:]] for start in range(len(name) + 1) if name[start:] in first]
        found[key] = found[keys[min(heads)]] if heads else key
        first.setdefault(name, at)
    return found


def _usual(names: Iterable[str]) -> str:
    """Return the most frequent of the names, of equally frequent ones the shortest."""
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], len(name), name))


def _is_latin(name: str) -> bool:
    return unicodedata.normalize("NFKC", name).isascii()


def _is_name(short: str, long: str, documents: int) -> bool:
    """Tell whether a short name is one everywhere: an acronym, or a contraction of the long name.

    What is a part of the long name (推進会議, 本部) is a common noun, to be understood from where
    it stands; so is what says this, new or old. Two letters stand for many things: two documents
    must agree on them.
    """
    plain = unicodedata.normalize("NFKC", short)
    if plain.isascii():
        return len(plain) > 2 or documents > 1
    key = search_key(short)
    return len(key) > 2 and key not in search_key(long) and not _POINTING.match(short)


_POINTING = re.compile("[本当同旧新前現]|改正|この|その")


def entries_for(engine: Engine, key: str) -> list[AliasEntry]:
    """Return the entries in which the folded `key` is the short name or one of the long ones."""
    defined = _Defined(engine)
    shorts = dict.fromkeys(search_key(s.short) for s in defined.sources(key))
    found = []
    for short in shorts:
        for entry in _entries_of(defined, short):
            if short == key or _same_thing(key, search_key(entry.long)):
                found.append(entry)
    return found


def _same_thing(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def list_aliases(engine: Engine) -> Iterator[AliasEntry]:
    """Yield every short name with what it stands for, in the order of the short names' keys."""
    defined = _Defined(engine)
    for key in engine.terms("defines"):
        yield from _entries_of(defined, key)
