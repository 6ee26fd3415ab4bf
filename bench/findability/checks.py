"""The rows that have no peers: facet counts, hostile input, rebuilt indexes, the command line.

Facets are counted again over `export` without any filter: what a filter admits, what a ministry's
count takes in and what a measure is are written out here once more, so that two ways must agree.
"""

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any
from unittest.mock import patch

import msgspec
from msgspec.structs import replace

from bench.findability.draw import Drawn, hostile, words
from bench.findability.tool import Counts, Record, Tool, Unit, run
from bench.table import Row
from shisaku.index.generations import build
from shisaku.index.generations.parsed_files import parsed_files
from shisaku.index.records.fields import published_by
from shisaku.index.records.filters import Filters
from shisaku.index.records.passages import decode_document
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Document
from shisaku.ingest.registry import registry

FACETS = (
    "ministry", "plan", "plan_series", "year", "kind", "status", "document", "publisher",
    "restated",
)  # fmt: skip
"""What must be counted."""

_OWN = {"plan_series": "plan"}
"""Facet → its own filter, where the names differ."""

_SECONDS = 2.0
_GIVE_UP = 20


# --- facets ------------------------------------------------------------------------------------


Alternatives = tuple[tuple[str, ...], ...]
"""What a query means: one of the lists, of which all words are found and those with `-` are not."""


@dataclass(frozen=True)
class Question:
    """A random query with what it means, none for all there is, and filters by option."""

    query: str | None
    meaning: Alternatives
    filters: Filters


def questions(records: Sequence[Record], count: int, seed: int = 5) -> list[Question]:
    """Draw queries and filters; most filters are values of one passage, so that they meet."""
    chance = Random(seed)
    pool = words(records, count, seed)
    return [Question(*_query(chance, pool), _filters(chance, records)) for _ in range(count)]


def _query(chance: Random, pool: Sequence[str]) -> tuple[str | None, Alternatives]:
    one, other = chance.sample(pool, 2)
    start, second = one[:2], other[:2]
    return chance.choice([
        (None, ((),)),
        (one, ((one,),)),
        (start, ((start,),)),
        # Bare words beside others count what stands around a passage; quoted ones do not.
        (f'{one} NOT "{second}"', ((one, f'-"{second}"'),)),
        (f'"{one}" "{second}"', ((f'"{one}"', f'"{second}"'),)),
        (f"{one} OR {other}", ((one,), (other,))),
        (f"{start} -{second}", ((start, f"-{second}"),)),
        (f'({one} OR {second}) "{start}"', ((one, f'"{start}"'), (second, f'"{start}"'))),
        (f'"{start}" NOT "{second}"', ((f'"{start}"', f'-"{second}"'),)),
    ])  # fmt: skip


def _filters(chance: Random, records: Sequence[Record]) -> Filters:
    meant = chance.choice(records)
    asked: dict[str, Any] = {}
    for name in ("ministry", "plan", "year", "fiscal_year", "kind", "status", "document",
                 "publisher", "restated"):  # fmt: skip
        if chance.random() > 0.3:
            continue
        values: list[Any] = []
        for source in (meant, chance.choice(records))[: chance.choice((1, 1, 2))]:
            values += sorted(_values(source, name), key=str)[:1]
            if name == "plan" and source["plan_series"] and chance.random() < 0.3:
                values.append(source["plan_series"])
        if name in ("year", "fiscal_year"):
            values = [(year - chance.randint(0, 2), year + chance.randint(0, 2)) for year in values]
        asked[name] = tuple(dict.fromkeys(values))
    return Filters(**asked)


def _values(record: Record, facet: str) -> set[Any]:
    """Return the values of a facet that a passage has."""
    if facet == "ministry":
        named = {above for name in (*record["ministries"], *record["actors"])
                 for above in registry().counted_as(name)}  # fmt: skip
        alone = not named and not record["measure"]
        return _values(record, "publisher") if alone else named
    if facet == "publisher":
        publisher = published_by(record)
        return set(registry().published_as(publisher)) if publisher else set()
    if facet == "restated":
        return {"yes" if record["restated"] else "no"}
    value = record[facet]
    return set() if value is None else {value}


def _admits(filters: Filters, record: Record) -> bool:
    for name, asked in (("kind", filters.kind), ("status", filters.status),
                        ("document", filters.document)):  # fmt: skip
        if asked and record[name] not in asked:
            return False
    for name, spans in (("year", filters.year), ("fiscal_year", filters.fiscal_year)):
        year = record[name]
        if spans and not (year is not None and any(a <= year <= b for a, b in spans)):
            return False
    if filters.plan and not {record["plan"], record["plan_series"]} & set(filters.plan):
        return False
    return all(
        not getattr(filters, name) or set(getattr(filters, name)) & _values(record, name)
        for name in ("ministry", "publisher", "restated")
    )


class Recount:
    """Counts once more what queries and filters find, from `export` of single words."""

    def __init__(self, tool: Tool, records: Sequence[Record], unit: Unit) -> None:
        self._tool = tool
        self._unit = unit
        self._units: dict[str, list[Record]] = {}
        self._unit_of: dict[str, str] = {}
        for record in records:
            measure = record["measure"]
            unit_id = record["id"] if unit == "passage" else measure and measure["id"]
            if unit_id:
                self._units.setdefault(unit_id, []).append(record)
                self._unit_of[record["id"]] = unit_id
        self._leaves: dict[str, set[str]] = {}

    def _leaf(self, word: str) -> set[str]:
        """Return the units one of whose passages has the word."""
        if word not in self._leaves:
            found = self._tool.ids(word)
            self._leaves[word] = {self._unit_of[id_] for id_ in found if id_ in self._unit_of}
        return self._leaves[word]

    def matching(self, meaning: Alternatives) -> list[list[Record]]:
        """Return the passages of each unit that the words find."""
        found: set[str] = set()
        for parts in meaning:
            some = set(self._units)
            for part in parts:
                some = some - self._leaf(part[1:]) if part[0] == "-" else some & self._leaf(part)
            found |= some
        return [records for id_, records in self._units.items() if id_ in found]

    def count(self, question: Question) -> tuple[int, Counts]:
        """Return the total and the counts of each facet without its own filter."""
        units = self.matching(question.meaning)
        counts: Counts = {}
        for facet in FACETS:
            others = msgspec.structs.replace(question.filters, **{_OWN.get(facet, facet): ()})
            counts[facet] = dict(Counter(
                value
                for records in units
                for value in set().union(
                    *(_values(record, facet) for record in records if _admits(others, record))
                )
            ))  # fmt: skip
        total = sum(any(_admits(question.filters, r) for r in records) for records in units)
        return total, counts


def facets(tool: Tool, records: Sequence[Record], count: int, unit: Unit) -> Row:
    """Compare totals and facet counts with those counted over `export`."""
    recount = Recount(tool, records, unit)
    failures: list[str] = []
    wrong = 0
    for question in questions(records, count):
        differences = list(_differences(tool, recount, question, unit))
        wrong += bool(differences)
        failures += [f"{difference}: {question}" for difference in differences]
    return Row(
        f"facet counts of {count} queries with filters, by {unit}", f"{wrong} differ", "equal",
        not wrong, tuple(failures),
    )  # fmt: skip


def _differences(tool: Tool, recount: Recount, question: Question, unit: Unit) -> Iterator[str]:
    total, counts = tool.facets(question.query, question.filters, unit)
    sought, wanted = recount.count(question)
    if total != sought:
        yield f"[total] {total} for {sought}"
    if unit == "passage":
        exported = len(tool.ids(question.query, question.filters))
        if exported != total:
            yield f"[export] {exported} for {total}"
    for facet in FACETS:
        if facet not in counts:
            yield f"[{facet}: not counted]"
        elif counts[facet] != wanted[facet]:
            yield f"[{facet}: counts differ]"


# --- hostile input -----------------------------------------------------------------------------


class _TooLongError(Exception):
    """The alarm rang."""


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(tool: Tool, query: str) -> tuple[str, float]:
    """Return what a query comes to ("result", "error", or a fault in brackets), and its seconds."""
    start = time.process_time()
    try:
        with _alarm(_GIVE_UP):
            tool.hits(query)
        what = "result"
    except ShisakuError as error:
        what = "error" if error.exit_code == 2 and str(error) and error.remedy else (
            f"[exit code {error.exit_code}, or nothing said]"
        )  # fmt: skip
    except _TooLongError:
        what = "[takes over 20 s]"
    except Exception as error:
        what = f"[{type(error).__name__}]"
    seconds = time.process_time() - start
    return ("[takes over 2 s]" if what[0] != "[" and seconds > _SECONDS else what), seconds


def attacked(tool: Tool, records: Sequence[Record], count: int) -> Row:
    """Ask random and hostile strings: each gives a result or a clear error within 2 s."""
    failures, slowest, errors = [], 0.0, 0
    for query in hostile(records, count):
        what, seconds = outcome(tool, query)
        slowest, errors = max(slowest, seconds), errors + (what == "error")
        if what.startswith("["):
            failures.append(f"{what} {seconds:.1f} s, {len(query)} characters: {query[:60]!r}")
    return Row(
        f"{count:,} random and hostile strings", f"{len(failures)} faults, slowest {slowest:.2f} s",
        "0, each ≤ 2 s", not failures, tuple(failures),
    )  # fmt: skip


# --- the same answers --------------------------------------------------------------------------


def asked_again(records: Sequence[Record], drawn: Sequence[Drawn], count: int) -> list[str]:
    """Return queries of all kinds, to be asked of two indexes."""
    pool = words(records, count, seed=11)
    asked = [each.phrase for each in drawn[: count // 4]]
    asked += pool[: count // 4]
    asked += [f"{a} {b[:2]}" for a, b in zip(pool[1::2], pool[::2], strict=False)][: count // 4]
    asked += [f"{a} OR {b} -{a[:1]}の" for a, b in zip(pool, pool[3:], strict=False)]
    return asked[:count]


Answer = tuple[int, list[tuple[str, float]], list[str], Counts]


def answers(data: Path, asked: Sequence[str]) -> list[Answer | str]:
    """Return total, ids in order with scores, export and facets of each query."""
    tool = Tool(data)
    found: list[Answer | str] = []
    for query in asked:
        try:
            found.append((*tool.ranking(query), tool.ids(query), tool.facets(query)[1]))
        except ShisakuError as error:
            found.append(str(error))
    tool.close()
    return found


def _unlike(asked: Sequence[str], one: Sequence[Any], other: Sequence[Any], when: str) -> list[str]:
    names = ("total", "order or scores", "export", "facets")
    out = []
    for query, a, b in zip(asked, one, other, strict=True):
        if a != b:
            parts = [name for name, x, y in zip(names, a, b, strict=False) if x != y]
            out.append(f"[{when}: {', '.join(parts)}] {query!r}")
    return out


def rebuilt(data: Path, folder: Path, asked: Sequence[str], changes: int, seed: int = 9) -> Row:
    """Index the same parsed files in another order, then change them and change them back."""
    chance = Random(seed)
    shutil.copytree(data / "parsed", folder / "parsed")
    wanted = answers(data, asked)

    def shuffled(where: Path, odd: dict[str, str] | None = None) -> dict[str, str]:
        files = list(in_order(where, odd).items())
        chance.shuffle(files)
        return dict(files)

    in_order = parsed_files
    with patch.object(build, "parsed_files", shuffled):
        build.build_index(folder)
    failures = _unlike(asked, wanted, answers(folder, asked), "shuffled")
    if changes:
        _change(folder / "parsed", folder, changes, chance)
        failures += _unlike(asked, wanted, answers(folder, asked), "after changes")
    return Row(
        f"rebuilt shuffled, and after {changes} changes: {len(asked)} queries",
        f"{len(failures)} differ", "same answers", not failures, tuple(failures),
    )  # fmt: skip


_LARGE = 400_000  # bytes of a parsed file; larger ones would make the run long


def _change(parsed: Path, data: Path, changes: int, chance: Random) -> None:
    """Remove, alter and add documents, one at each step, and take all of it back in the end."""
    files = sorted(path for path in parsed.rglob("*.json") if path.stat().st_size < _LARGE)
    undo: dict[Path, bytes | None] = {}
    for step in range(changes):
        if len(undo) >= changes - step or (undo and chance.random() < 0.3):
            path = chance.choice(sorted(undo))
            before = undo.pop(path)
            if before is None:
                path.unlink()
            else:
                path.write_bytes(before)
        else:
            path = chance.choice([file for file in files if file not in undo])
            raw = path.read_bytes()
            what = chance.choice(("remove", "alter", "add"))
            if what == "add":
                added = parsed / f"added-{step}.html.json"
                added.write_bytes(_altered(raw, chance, f"added-{step}.html"))
                undo[added] = None
            else:
                undo[path] = raw
                if what == "remove":
                    path.unlink()
                else:
                    path.write_bytes(_altered(raw, chance))
        build.build_index(data)


def _altered(raw: bytes, chance: Random, name: str = "") -> bytes:
    """Return the JSON of a document with some passages removed, changed or renamed at random."""
    document: Document = decode_document(raw, "parsed/x.json")
    kept = [passage for passage in document.passages if chance.random() < 0.8]
    passages = [replace(p, text=p.text + chance.choice(kept).text) for p in kept]
    if name:
        passages = [replace(p, id=f"{name}#{p.id.rpartition('#')[2]}") for p in passages]
    return msgspec.json.encode(replace(document, id=name or document.id, passages=tuple(passages)))


# --- the command line --------------------------------------------------------------------------


def command_line(tool: Tool, drawn: Sequence[Drawn], strange: Sequence[str], count: int) -> Row:
    """Ask the real command line a sample of all this, and compare with the library's answers."""
    failures: list[str] = []
    third = count // 3
    for each in drawn[:third]:
        ran = run(tool.data, ["export", "--format", "jsonl", "--", each.phrase])
        ids = [msgspec.json.decode(line)["id"] for line in ran.out.splitlines()]
        if ran.code or ids != tool.ids(each.phrase):
            failures.append(f"[export differs] {each.phrase}")
    for each in drawn[third : 2 * third]:
        ran = run(tool.data, ["search", "--json", "--all", "--limit", "50", "--", each.phrase])
        found: Any = ran.json() if not ran.code else {"total": -1, "hits": []}
        hits = [(hit["id"], hit["score"]) for hit in found["hits"]]
        if (found["total"], hits) != tool.ranking(each.phrase):
            failures.append(f"[search differs] {each.phrase}")
    typed = [text for text in strange if "\0" not in text and len(text) < 100_000]
    for text in typed[: count - 2 * third]:
        argument = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        ran = run(tool.data, ["search", "--json", "--", argument])
        here = outcome(tool, argument)[0] if argument else "error"
        said = "Traceback" not in ran.errors and (ran.code == 0 or bool(ran.errors.strip()))
        if ran.code != {"result": 0, "error": 2}.get(here) or not said:
            failures.append(f"[exit code {ran.code}, {here} in the library] {text[:60]!r}")
    return Row(
        f"the same by the command line, {count} of all these", f"{len(failures)} differ",
        "same answers", not failures, tuple(failures),
    )  # fmt: skip
