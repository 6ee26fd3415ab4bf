"""Every engine keeps the contract of `engine.base`: one suite over all, on three corpora.

A further engine is one more entry of `ENGINES`. What it must give is worked out by the engine of
tests/support over plain lists, and by relations between its own answers.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from shisaku.index.engine.base import Combinations, Engine, Facet, Hit, UnitName
from shisaku.index.engine.expansion import Expander
from shisaku.index.engine.planning import Planner
from shisaku.index.generations.build import build_index
from shisaku.index.generations.manifest import current
from shisaku.index.query.highlight import _word_spans
from shisaku.index.query.parser import parse_query
from shisaku.index.query.plan import EVERYTHING, MatchOptions, Plan, Restriction
from shisaku.index.records.filters import Filters
from shisaku.index.search.facets import OWN_FILTER
from shisaku.index.search.names import NOBODY, resolve_field
from shisaku.index.search.rollup import ROLES, RollUp
from shisaku.index.search.searcher import Searcher, open_embedded
from shisaku.index.search.selection import Request
from shisaku.index.search.session import restricted_to
from shisaku.ingest.model import Document
from tests.documents.test_sample_parsed import KINDS, parsed
from tests.index.search.test_facets import counted_as, made
from tests.support import factories
from tests.support.memory_engine import MemoryEngine

Open = Callable[[Path, Sequence[Document]], Engine]


def embedded(data: Path, documents: Sequence[Document]) -> Engine:
    generation = current(data)
    assert generation is not None
    return open_embedded(data, generation)


def memory(data: Path, documents: Sequence[Document]) -> Engine:
    return MemoryEngine(documents)


ENGINES: dict[str, Open] = {"embedded": embedded, "memory": memory}
UNITS: list[UnitName] = ["passage", "measure", "section", "document"]
FACETS = [
    *(Facet((name,), frozenset({own})) for name, own in OWN_FILTER.items()),
    Facet(("ministry", "year"), frozenset({"ministry", "year"})),
    Facet(("plan", "status"), frozenset({"status"})),
    Facet(("publisher", "year"), frozenset({"publisher", "year"})),
    Facet(("ministry", "publisher"), frozenset({"ministry"})),
    Facet(("document", "ministry"), frozenset()),
    Facet(),
    Facet((), frozenset({"year"})),
    Facet((), frozenset({"ministry", "kind"})),
]


def one_night() -> list[list[Document]]:
    """The sample corpus, indexed at once."""
    return [[parsed(kind) for kind in KINDS]]


def texts() -> list[list[Document]]:
    """Invented documents with names that they define."""
    return [list(factories.corpus())]


def nights() -> list[list[Document]]:
    """Documents of chance; some change and some go in each of three nights."""
    first = [made(number) for number in range(12)]
    second = [msgspec.structs.replace(made(20 + n), id=first[n].id) for n in (1, 4)]
    third = [made(number) for number in range(30, 33)]
    return [first, second, third]


CORPORA = {"sample": one_night, "texts": texts, "nights": nights}
GONE = "d7.pdf"
FORMS = (
    *("{}", "{}", "{}", '"{}"', "{}*", "{}~", "見出し:{}", "題名:{}", "施策:{}", "本文:{}"),
    *("年:2011", "状況:○", "省庁:警察庁", "IOM", "児ポ", "無い言葉", "発行者:警察庁", "再掲:有"),
    *("{}とは", "{}の定義", "定義"),
)


@cache
def built(name: str) -> tuple[Path, tuple[Document, ...]]:
    """Index a corpus night by night; give its data directory and the documents that are left."""
    data = _TEMPORARY[0] / name
    living: dict[str, Document] = {}
    for night in CORPORA[name]():
        factories.write_parsed(data, *night)
        living |= {document.id: document for document in night}
        build_index(data)
    if name == "nights":
        (data / "parsed" / f"{GONE}.json").unlink()
        del living[GONE]
        build_index(data)
    return data, tuple(living.values())


_TEMPORARY: list[Path] = []


class Both(NamedTuple):
    """The engine that is tried, and what it must agree with."""

    tried: Engine
    wanted: MemoryEngine
    data: Path
    documents: Sequence[Document]


@pytest.fixture(scope="module", params=sorted(ENGINES))
def opening(request: pytest.FixtureRequest) -> Open:
    return ENGINES[request.param]


@pytest.fixture(scope="module", params=sorted(CORPORA))
def both(
    request: pytest.FixtureRequest, opening: Open, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    if not _TEMPORARY:
        _TEMPORARY.append(tmp_path_factory.mktemp("engines"))
    data, documents = built(request.param)
    tried = opening(data, documents)
    yield Both(tried, MemoryEngine(documents), data, documents)
    tried.close()


# --- requests by chance --------------------------------------------------------------------------


class Draw:
    """Draws queries, filters and options from the words and values of documents."""

    def __init__(self, documents: Sequence[Document], seed: int) -> None:
        self.chance = random.Random(seed)
        self.texts = [p.text for d in documents for p in d.passages if len(p.text) > 3]
        self.titles = [d.title for d in documents]
        self.documents = [d.id for d in documents]
        self.names = ["警察庁", "法務省", "入国管理局", "厚生労働省", "内閣府"]

    def part(self) -> str:
        text = self.chance.choice([*self.texts, *self.titles])
        start = self.chance.randrange(max(len(text) - 2, 1))
        found = text[start : start + self.chance.randint(1, 6)]
        return "".join(char for char in found if char.isalnum()) or "保護"

    def leaf(self) -> str:
        form = self.chance.choice(FORMS)
        return form.format(self.part())

    def query(self, depth: int = 0) -> str:
        kind = self.chance.random()
        if depth > 2 or kind < 0.4:
            return self.leaf()
        one, other = self.query(depth + 1), self.query(depth + 1)
        forms = ["{} {}", "({} OR {})", "{} -({})", "-({} {})"]
        return self.chance.choice(forms).format(one, other)

    def filters(self) -> Filters:
        some: dict[str, Any] = {
            "ministry": tuple(self.chance.sample(self.names, 2)),
            "year": ((2010, 2012),),
            "kind": ("plan", "follow_up"),
            "status": (self.chance.choice(["done", "pending"]),),
            "document": tuple(self.chance.sample(self.documents, 2)),
            "plan": ("甲計画",),
            "publisher": tuple(self.chance.sample(self.names, 2)),
            "restated": (self.chance.choice(["yes", "no"]),),
            "role": tuple(self.chance.sample(ROLES, self.chance.randint(1, 3))),
        }
        kept = [name for name in some if self.chance.random() < 0.25]
        return Filters(**{name: some[name] for name in kept})

    def options(self) -> MatchOptions:
        return MatchOptions(*(self.chance.random() < 0.2 for _ in range(3)))


def restriction_of(engine: Engine, filters: Filters) -> Restriction:
    return restricted_to(filters, RollUp(engine, counted_as, counted_as))


def planner_of(engine: Engine) -> Planner:
    class Known:
        def ministries(self) -> list[str]:
            return list(engine.terms("ministry"))

        def plans(self) -> list[str]:
            return list(engine.terms("plan"))

        def publishers(self) -> list[str]:
            return list(engine.terms("publisher"))

        def documents(self) -> list[str]:
            return list(engine.terms("document"))

        def document_id(self, text: str) -> str | None:
            return text

    registry = NOBODY._replace(ministry=lambda text: text)

    def admit(field: Any) -> Restriction:
        return restriction_of(engine, resolve_field(Known(), registry, field.name, field.value))

    return Planner(engine, expander=Expander(engine), admit=admit)


class Asked(NamedTuple):
    """A request, planned over each engine."""

    plan: Plan
    restriction: Restriction
    wanted_plan: Plan
    wanted_restriction: Restriction
    unit: UnitName
    query: str


def requests(both: Both, count: int, seed: int) -> Iterator[Asked]:
    draw = Draw(both.documents, seed)
    tried, wanted = planner_of(both.tried), planner_of(both.wanted)
    for _ in range(count):
        query, options, unit = draw.query(), draw.options(), draw.chance.choice(UNITS)
        node, filters = parse_query(query).node, draw.filters()
        yield Asked(
            tried.plan(node, options, unit),
            restriction_of(both.tried, filters),
            wanted.plan(node, options, unit),
            restriction_of(both.wanted, filters),
            unit,
            f"{query} {filters} {options} {unit}",
        )


def named(engine: Engine, facet: Facet, counted: Combinations) -> Combinations:
    """Put the names of sets, joined, in the place of their numbers, which are an engine's own."""

    def shown(name: str, value: Any) -> Any:
        return engine.body_set(value) if name == "ministry" else value

    return {
        frozenset(tuple(map(shown, facet.by, values)) for values in key): n
        for key, n in counted.items()
    }


def ids(stored: Sequence[Any]) -> list[str]:
    return [msgspec.json.decode(each.record)["id"] for each in stored]


def shown(hit: Hit, unit: UnitName) -> str:
    """Give the passage by which a hit is told: of a section or document the best."""
    at = hit.best if unit in ("section", "document") else 0
    return ids([hit.passages[at]])[0]


# --- the suite -----------------------------------------------------------------------------------


def test_sets_totals_and_counts(both: Both) -> None:
    for asked in requests(both, 60, seed=1):
        found = both.tried.search(
            asked.plan, asked.restriction, asked.unit, limit=10_000, facets=FACETS
        )
        wanted = both.wanted.search(
            asked.wanted_plan, asked.wanted_restriction, asked.unit, limit=10_000, facets=FACETS
        )
        assert found.total == len(found.hits) == wanted.total, asked.query
        as_words = {ids(hit.passages)[0]: hit.as_words for hit in found.hits}
        assert as_words == {ids(hit.passages)[0]: hit.as_words for hit in wanted.hits}, asked.query
        for facet, here, there in zip(FACETS, found.counts, wanted.counts, strict=True):
            assert named(both.tried, facet, here) == named(both.wanted, facet, there), (
                asked.query,
                facet,
            )


def test_order_and_pages(both: Both) -> None:
    for asked in requests(both, 30, seed=2):
        args = (asked.plan, asked.restriction, asked.unit)
        scanned = [ids(passages) for passages in both.tried.scan(*args)]
        wanted = both.wanted.scan(asked.wanted_plan, asked.wanted_restriction, asked.unit)
        assert scanned == [ids(passages) for passages in wanted], asked.query
        place = {each[0]: at for at, each in enumerate(scanned)}
        for sort in ("relevance", "date"):
            whole = both.tried.search(*args, sort=sort, limit=10_000).hits
            parts = [
                hit
                for offset in range(0, len(whole) + 3, 3)
                for hit in both.tried.search(*args, sort=sort, limit=3, offset=offset).hits
            ]
            assert [ids(hit.passages) for hit in parts] == [ids(hit.passages) for hit in whole]
            if sort == "relevance":
                ranks = [
                    (not hit.as_words, -round(hit.score, 4), place[shown(hit, asked.unit)])
                    for hit in whole
                ]
                assert ranks == sorted(ranks), asked.query
        newest = both.tried.search(*args, sort="date", limit=10_000).hits
        also = both.wanted.search(
            asked.wanted_plan, asked.wanted_restriction, asked.unit, sort="date", limit=10_000
        ).hits
        assert [ids(hit.passages) for hit in newest] == [ids(hit.passages) for hit in also]
        nothing = both.tried.search(*args, limit=0)
        assert nothing.hits == () and nothing.total == len(scanned)


def test_the_best_of_a_section_or_document_is_the_same_everywhere(both: Both) -> None:
    for asked in requests(both, 60, seed=6):
        if asked.unit in ("section", "document"):
            args = (asked.restriction, asked.unit)
            found = both.tried.search(asked.plan, *args, limit=10_000).hits
            also = both.wanted.search(
                asked.wanted_plan, asked.wanted_restriction, asked.unit, limit=10_000
            ).hits
            best = {shown(hit, asked.unit) for hit in found}
            assert best == {shown(hit, asked.unit) for hit in also}, asked.query
            scanned = both.tried.scan(asked.plan, *args)
            assert best == {ids(passages)[0] for passages in scanned}, asked.query


def test_twins_are_folded_into_the_first(both: Both) -> None:
    for asked in requests(both, 40, seed=7):
        args = (asked.plan, asked.restriction, asked.unit)
        whole = both.tried.search(*args, limit=10_000)
        folded = both.tried.search(*args, limit=10_000, fold=True)
        assert folded.total == whole.total == sum(1 + hit.more for hit in folded.hits)
        order = [ids(hit.passages) for hit in whole.hits]
        kept = [ids(hit.passages) for hit in folded.hits]
        assert kept == [each for each in order if each in kept]
        wanted = both.wanted.search(
            asked.wanted_plan, asked.wanted_restriction, asked.unit, limit=10_000, fold=True
        )
        assert sorted(hit.more for hit in folded.hits) == sorted(hit.more for hit in wanted.hits)
        for offset in range(0, len(kept) + 2, 2):
            page = both.tried.search(*args, limit=2, offset=offset, fold=True).hits
            assert [ids(hit.passages) for hit in page] == kept[offset : offset + 2]


def test_hits_have_their_passages_and_the_best_among_them(both: Both) -> None:
    for asked in requests(both, 30, seed=3):
        page = both.tried.search(asked.plan, asked.restriction, asked.unit, limit=20)
        for hit in page.hits:
            assert 0 <= hit.best < len(hit.passages)
            if asked.unit == "passage":
                assert len(hit.passages) == 1
            elif asked.unit == "document":
                [document] = {msgspec.json.decode(p.record)["document"] for p in hit.passages}
                assert ids(hit.passages) == ids(both.wanted.get("document", document))
            elif asked.unit == "section":
                where = {str(msgspec.json.decode(p.record)["path"]) for p in hit.passages}
                assert len(where) == 1
            else:
                [measure] = {msgspec.json.decode(p.record)["measure"]["id"] for p in hit.passages}
                assert ids(hit.passages) == ids(both.wanted.get("measure", measure))


def test_a_count_is_the_total_of_a_search_for_its_value(both: Both) -> None:
    for unit in UNITS:
        plan = planner_of(both.tried).plan(None, unit=unit)
        facet = Facet(("kind",), frozenset({"kind"}))
        [counted] = both.tried.search(plan, Restriction(), unit, facets=[facet]).counts
        values = {value for key in counted for (value,) in key}
        for value in values:
            only = Restriction(Filters(kind=(str(value),)))
            total = sum(n for key, n in counted.items() if (value,) in key)
            assert both.tried.search(plan, only, unit, limit=0).total == total


def test_get_and_around(both: Both) -> None:
    scanned = [stored for (stored,) in both.tried.scan(EVERYTHING, Restriction(), "passage")]
    assert len(scanned) == both.tried.size == both.wanted.size
    for key in ("document", "measure", "id", "defines"):
        for value in both.wanted.terms(key):
            found, wanted = both.tried.get(key, value), both.wanted.get(key, value)
            assert [each.record for each in found] == [each.record for each in wanted]
            assert list(both.tried.numbers(key, value)) == [each.number for each in found]
            sets = [both.tried.body_set(each.bodies) for each in found]
            assert sets == [both.wanted.body_set(each.bodies) for each in wanted]
            if key == "defines":
                assert [each.defines for each in found] == [each.defines for each in wanted]
                assert all(each.defines for each in found)
        assert list(both.tried.get(key, "not there")) == list(both.tried.get(key, "")) == []
    for stored in scanned[::5]:
        other = both.wanted.get("id", ids([stored])[0])[0].number
        for count in (0, 1, 3):
            here = both.tried.around(stored.number, count)
            there = both.wanted.around(other, count)
            assert [ids(side) for side in here] == [ids(side) for side in there]


def test_terms(both: Both) -> None:
    fields = ("id", "document", "measure", "defines", "text_words", "head_words", "text_grams")
    for field in (*fields, "ministry", "plan", "publisher"):
        wanted = list(both.wanted.terms(field))
        found = list(both.tried.terms(field))
        assert found == sorted(set(found))
        # Terms of deleted passages may be among them, but find nothing.
        assert set(wanted) <= {term.rstrip("\x1e") for term in found} | set(found)
        if field in ("document", "measure", "id", "defines"):
            gone = set(found) - set(wanted)
            assert not any(both.tried.get(field, term) for term in gone)
        for term in wanted[::7]:
            prefix = term[:2]
            assert list(both.tried.terms(field, prefix)) == [
                each for each in found if each.startswith(prefix)
            ]


def test_titles_and_sets(both: Both) -> None:
    documents = [document.id for document in both.documents if document.passages]
    assert both.tried.titles(documents) == both.wanted.titles(documents)
    sets = both.tried.body_sets()
    assert len(set(sets)) == len(sets)
    assert set(both.wanted.body_sets()) <= set(sets)
    assert [both.tried.body_set(number) for number in range(len(sets))] == list(sets)


def test_offsets_are_those_of_an_analysis(both: Both) -> None:
    planner, draw = planner_of(both.tried), Draw(both.documents, 4)
    known = 0
    for _ in range(40):
        node = parse_query(draw.part()).node
        page = both.tried.search(planner.plan(node), Restriction(), "passage")
        for hit in page.hits:
            [stored] = hit.passages
            text = msgspec.json.decode(stored.record)["text"]
            for sought in planner.patterns(node):
                spans = both.tried.offsets(stored.number, sought)
                if spans is None:
                    continue
                known += 1
                wanted = set(_word_spans(sought, text))
                assert set(spans) == wanted
                assert both.tried.holds(stored.number, sought, "text") >= bool(wanted)
    assert known or isinstance(both.tried, MemoryEngine)


def test_a_searcher_over_it_answers_alike(opening: Open, both: Both) -> None:
    """All that is made above the seam: roll-up, facets, highlights, help where nothing is found."""

    def over(engine: Open) -> Searcher:
        def opened(data: Path, generation: Path) -> Engine:
            return engine(data, both.documents)

        return Searcher(both.data, counted_as, open_engine=opened)

    def plain(record: dict[str, Any]) -> dict[str, Any]:
        """Leave out what scores decide."""
        left = {name: value for name, value in record.items() if name not in ("score", "best")}
        return left if "highlights" in record else left | {"matched": None}

    draw = Draw(both.documents, 5)
    with over(opening) as tried, over(memory) as wanted:
        for _ in range(25):
            request = Request(
                draw.query(), draw.filters(), draw.chance.choice(UNITS), draw.options()
            )
            here, there = (
                searcher.answer(request, sort="date", limit=30) for searcher in (tried, wanted)
            )
            assert list(map(plain, here.hits)) == list(map(plain, there.hits)), request
            assert (here.total, here.facets) == (there.total, there.facets), request
            assert here.notices == there.notices
            assert here.expanded == there.expanded
            assert here.suggestions == there.suggestions, request
            down, across = draw.chance.sample(list(OWN_FILTER), 2)
            one, other = tried.select(request), wanted.select(request)
            assert one.cross(down, across) == other.cross(down, across)
            assert list(one.records()) == list(other.records())
            assert one.documents() == other.documents()


def test_the_corpora_are_what_they_are_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _TEMPORARY:
        _TEMPORARY.append(tmp_path_factory.mktemp("engines"))
    data, documents = built("nights")
    generation = current(data)
    assert generation is not None
    contents = open_embedded(data, generation).contents
    assert len(contents.segments) > 1
    assert any(segment.deleted for segment in contents.segments)
    assert GONE not in {document.id for document in documents}
