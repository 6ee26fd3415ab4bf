"""The codec: Whoosh's own queries over a generation find what the project's rows hold."""

import pickle
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from whoosh import index as whoosh_index
from whoosh import query as q
from whoosh.compat import load as stock_load
from whoosh.filedb import compound, structfile
from whoosh.filedb.filestore import RamStorage, copy_to_ram
from whoosh.qparser import QueryParser
from whoosh.sorting import FieldFacet

from shisaku.index.analysis.analyzer import words
from shisaku.index.engine.whoosh.codec import segment_writer
from shisaku.index.engine.whoosh.codec.row_format import KEYS, SHIFT, TEXTS
from shisaku.index.engine.whoosh.codec.schema import passage_schema
from shisaku.index.engine.whoosh.codec.segment_map import read_contents
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.codec.segment_writer import open_index
from shisaku.index.engine.whoosh.codec.whoosh_codec import PassageCodec
from shisaku.index.engine.whoosh.phrases import phrase_in
from shisaku.index.errors import BrokenIndexError
from shisaku.index.generations.build import build_index
from shisaku.index.generations.manifest import current
from shisaku.index.records.passages import read_document
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.model import Document
from tests.support import factories

SAMPLE = Path(__file__).parents[3] / "data/raw/sample"
PHRASES = 100
"""Runs of adjacent surfaces that are drawn, for each index."""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    data = tmp_path_factory.mktemp("sample")
    shutil.copytree(SAMPLE, data / "raw/sample")
    run_ingest(data, jobs=1)
    found = [read_document(path) for path in sorted((data / "parsed").rglob("*.json"))]
    assert len(found) == 5
    return found


def without(document: Document, step: int) -> Document:
    """Give a document without each passage whose number `step` divides."""
    kept = [passage for at, passage in enumerate(document.passages) if at % step]
    return msgspec.structs.replace(document, passages=tuple(kept))


def _build(data: Path, parts: list[list[Document]]) -> Path:
    """Index the parts one after the other, each into a segment of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_writer, "to_fold", lambda size, segments: set())
        for part in parts:
            factories.write_parsed(data, *part)
            build_index(data)
    generation = current(data)
    assert generation
    return generation


@pytest.fixture(scope="module", params=["one", "four", "four with deletions", "folded"])
def generation(
    request: pytest.FixtureRequest,
    documents: list[Document],
    tmp_path_factory: pytest.TempPathFactory,
    _workers: None,
) -> Path:
    data = tmp_path_factory.mktemp("data")
    four = [documents[:2], documents[2:3], documents[3:4], documents[4:]]
    if request.param == "one":
        return _build(data, [documents])
    made = _build(data, four)
    if request.param == "four":
        return made
    made = _build(data, [[without(documents[0], 3)], [without(documents[2], 2)]])
    if request.param == "folded":
        factories.write_parsed(data, without(documents[4], 5))
        build_index(data)  # folds what is small
        found = current(data)
        assert found
        return found
    return made


@pytest.fixture(scope="module")
def _workers() -> Iterator[None]:
    """Index in this process: the fixture of conftest.py reaches only single tests."""
    from shisaku.index.generations import build
    from tests.support.workers import InThisProcess

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "Workers", InThisProcess)
        yield


@pytest.fixture(scope="module")
def rows(generation: Path) -> Iterator[Segments]:
    opened = Segments(generation, read_contents(generation).segments)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def searcher(generation: Path) -> Iterator[Any]:
    with whoosh_index.open_dir(str(generation)).searcher() as opened:
        yield opened


def records(rows: Segments) -> dict[int, dict[str, Any]]:
    return {number: msgspec.json.decode(rows.record(number)) for number in rows.everything()}


def found(searcher: Any, query: Any) -> list[int]:
    return sorted(searcher.docs_for_query(query))


def test_the_index_is_what_it_is_called(
    request: pytest.FixtureRequest, generation: Path, rows: Segments, searcher: Any
) -> None:
    reader = searcher.reader()
    assert set(reader.indexed_field_names()) == {*KEYS, *TEXTS}
    count, gone = len(rows.each), sum(len(each.deleted) for each, _ in rows.each)
    expected = {"one": (1, 0), "four": (4, 0), "four with deletions": (6, 8), "folded": (1, 0)}
    name = request.node.callspec.params["generation"]
    assert count == expected[name][0]
    assert (gone > 0) == (expected[name][1] > 0)
    assert [*reader.all_doc_ids()] == [*rows.everything()]
    assert reader.doc_count() == len(records(rows))
    assert reader.doc_count_all() == rows.size


@pytest.mark.parametrize("field", [*KEYS, *TEXTS])
def test_every_term_is_found_where_it_stands(field: str, rows: Segments, searcher: Any) -> None:
    terms = rows.terms(field)
    assert terms or field == "defines"
    assert terms == [text.decode() for text in searcher.reader().lexicon(field)]
    for term in terms:
        assert found(searcher, q.Term(field, term)) == rows.numbers(field, term), term


def test_terms_are_scored_and_counted_as_they_stand(rows: Segments, searcher: Any) -> None:
    reader = searcher.reader()
    for term in random.Random(1).sample(rows.terms("text_words"), 200):
        each = [a for part, _ in rows.each for a in part.row("text_words", term)]
        assert reader.frequency("text_words", term) >= len(each)
        assert reader.doc_frequency("text_words", term) >= len(rows.numbers("text_words", term))
        hits = searcher.search(q.Term("text_words", term), limit=None)
        assert sorted(hit.docnum for hit in hits) == rows.numbers("text_words", term)
        best = searcher.search(q.Term("text_words", term), limit=3)
        assert [hit.score for hit in best] == [hit.score for hit in hits][:3]


def runs(rows: Segments) -> list[tuple[str, list[str]]]:
    """Draw runs of two to five surfaces that follow each other in a text."""
    drawn = random.Random(7)
    every = list(records(rows).values())
    chosen: list[tuple[str, list[str]]] = []
    while len(chosen) < PHRASES:
        record = drawn.choice(every)
        found = words(record["text"])
        if len(found) > 1:
            start = drawn.randrange(len(found) - 1)
            run = [found[start]]
            for word in found[start + 1 : start + drawn.randint(2, 5)]:
                if word.position == run[-1].position + 1:
                    run.append(word)
            if len(run) > 1:
                chosen.append(("text_words", [word.terms[0] for word in run]))
    return chosen


def test_surfaces_that_follow_each_other_are_found_as_phrases(
    rows: Segments, searcher: Any
) -> None:
    for field, run in runs(rows):
        slots = tuple(((term,), at) for at, term in enumerate(run))
        expected = [
            base + number for part, base in rows.each for number in phrase_in(part, field, slots)
        ]
        living = [number for number in expected if number in set(rows.everything())]
        assert found(searcher, q.Phrase(field, run)) == sorted(living) != [], run
        hits = searcher.search(q.Phrase(field, run), limit=None)
        assert sorted(hit.docnum for hit in hits) == sorted(living)


@pytest.mark.parametrize("field", ["text_grams", "head_words", "head_grams", "title_words"])
def test_other_fields_have_positions_too(field: str, rows: Segments, searcher: Any) -> None:
    part, base = rows.each[0]
    following: dict[int, list[str]] = {}
    for term, row in part.rows(field):
        for address in row:
            following.setdefault(address, []).append(term)
    places = [at for at in following if at + 1 in following]
    for at in random.Random(3).sample(places, 40):
        run = [following[at][0], following[at + 1][0]]
        assert base + (at >> SHIFT) in found(searcher, q.Phrase(field, run))


def test_queries_are_joined_as_sets(rows: Segments, searcher: Any) -> None:
    drawn = random.Random(5)
    terms = [term for term in rows.terms("text_words") if len(rows.numbers("text_words", term)) > 3]
    everything = set(rows.everything())
    for _ in range(60):
        one, two, three = (q.Term("text_words", term) for term in drawn.sample(terms, 3))
        a, b, c = (set(rows.numbers("text_words", term.text)) for term in (one, two, three))
        assert found(searcher, q.And([one, two])) == sorted(a & b)
        assert found(searcher, q.Or([one, two, three])) == sorted(a | b | c)
        assert found(searcher, q.And([q.Or([one, two]), q.Not(three)])) == sorted((a | b) - c)
        assert found(searcher, q.Not(one)) == sorted(everything - a)


def test_groups_are_the_counts_of_the_facets(
    generation: Path, rows: Segments, searcher: Any
) -> None:
    hits = searcher.search(q.Every(), limit=None, groupedby=["kind", "plan", "year"])
    with Searcher(generation.parent.parent) as opened:
        _, facets = opened.facets()
    for name in ("kind", "plan", "year"):
        groups = {value: len(numbers) for value, numbers in hits.groups(name).items()}
        groups.pop(None, None)
        assert groups == {each["value"]: each["count"] for each in facets[name]}
    every = records(rows)
    term = max(rows.terms("text_words"), key=lambda term: len(rows.numbers("text_words", term)))
    some = searcher.search(q.Term("text_words", term), limit=None, groupedby="year")
    years = Counter(every[number]["year"] for number in rows.numbers("text_words", term))
    assert {year: len(n) for year, n in some.groups("year").items()} == years


def test_bodies_are_grouped_as_printed(rows: Segments, searcher: Any) -> None:
    facet = FieldFacet("ministry", allow_overlap=True)
    hits = searcher.search(q.Every(), limit=None, groupedby={"ministry": facet})
    counted: Counter[str | None] = Counter()
    for record in records(rows).values():
        counted.update({*record["ministries"], *record["actors"]} or {None})
    groups = hits.groups("ministry")
    assert {name: len(numbers) for name, numbers in groups.items()} == counted


def test_a_year_is_found_by_its_number_and_in_a_range(rows: Segments, searcher: Any) -> None:
    every = records(rows)
    years = sorted({record["year"] for record in every.values() if record["year"]})
    for year in years:
        ids = {record["id"] for record in every.values() if record["year"] == year}
        for query in (q.Term("year", str(year)), q.Term("year", year)):
            hits = searcher.search(query, limit=None)
            assert {hit["id"] for hit in hits} == ids
            assert {hit["year"] for hit in hits} == {year}
    first, last = years[0], years[-1]
    some = [number for number, record in every.items() if record["year"] in (first, last)]
    assert found(searcher, q.Or([q.NumericRange("year", y, y) for y in (first, last)])) == some
    within = [n for n, record in every.items() if first <= (record["year"] or 0) < last]
    assert found(searcher, q.NumericRange("year", first, last - 1)) == within


def test_stored_fields_and_columns_are_those_of_the_record(rows: Segments, searcher: Any) -> None:
    for number, record in records(rows).items():
        stored = searcher.stored_fields(number)
        measure = record["measure"] and record["measure"]["id"]
        assert stored["id"] == record["id"]
        assert stored["document"] == record["document"]
        assert stored.get("measure") == measure
    reader = searcher.reader()
    for name in ("kind", "plan"):
        column = reader.column_reader(name)
        assert [column[n] for n in records(rows)] == [r[name] for r in records(rows).values()]


def test_the_query_parser_cuts_words_as_the_index_does(rows: Segments, searcher: Any) -> None:
    parser = QueryParser("text_words", passage_schema())
    record = next(r for r in records(rows).values() if r["year"] and "人身取引" in r["text"])
    for text in ("人身取引", f"人身取引 AND year:{record['year']}", f"kind:{record['kind']} 人身*"):
        hits = searcher.search(parser.parse(text), limit=None)
        assert record["id"] in {hit["id"] for hit in hits}
    literal = searcher.search(
        QueryParser("text_grams", passage_schema()).parse("人身取引"), limit=None
    )
    expected = {r["id"] for r in records(rows).values() if "人身取引" in r["text"]}
    assert expected <= {hit["id"] for hit in literal}


def test_terms_are_walked_by_prefix_and_by_distance(rows: Segments, searcher: Any) -> None:
    terms = rows.terms("text_words")
    for query, expected in (
        (q.Prefix("text_words", "人"), {term for term in terms if term.startswith("人")}),
        (q.Wildcard("text_words", "?身"), {t for t in terms if len(t) == 2 and t[1] == "身"}),
        (q.TermRange("text_words", "人", "仁"), {t for t in terms if "人" <= t <= "仁"}),
        (q.FuzzyTerm("text_words", "被害人"), {"被害"} & set(terms)),
    ):
        numbers = {n for term in expected for n in rows.numbers("text_words", term)}
        assert numbers
        assert numbers <= set(found(searcher, query))
        if not isinstance(query, q.FuzzyTerm):
            assert numbers == set(found(searcher, query))


# --- somebody else's program -------------------------------------------------------------------

_STRANGER = """
import sys
from whoosh import index, query
store = index.open_dir(sys.argv[1])
print(*sorted(store.reader().indexed_field_names()))
with store.searcher() as searcher:
    phrase = query.Phrase("text_words", ["人身", "取引"])
    hits = searcher.search(phrase, limit=None, groupedby="kind")
    print(len(hits), *sorted((kind, len(n)) for kind, n in hits.groups("kind").items()))
    print(*sorted(hit["id"] for hit in hits))
print(*sorted({"fugashi", "msgspec", "whoosh"} & set(sys.modules)))
"""


def test_a_program_that_knows_only_whoosh_can_search(
    tmp_path: Path, generation: Path, rows: Segments
) -> None:
    script = tmp_path / "stranger.py"
    script.write_text(_STRANGER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(generation)],
        capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=60, check=True,
    )  # fmt: skip
    fields, groups, ids, modules = done.stdout.splitlines()
    assert fields.split() == sorted((*KEYS, *TEXTS))
    numbers = [
        base + number
        for part, base in rows.each
        for number in phrase_in(part, "text_words", ((("人身",), 0), (("取引",), 1)))
    ]
    every = records(rows)
    kinds = Counter(every[number]["kind"] for number in numbers)
    assert groups == " ".join(map(str, (len(numbers), *sorted(kinds.items()))))
    assert ids.split() == sorted(every[number]["id"] for number in numbers)
    assert modules == "msgspec whoosh"  # the dictionary is loaded where text is analysed


def test_a_generation_can_be_read_from_memory(generation: Path, rows: Segments) -> None:
    stored = whoosh_index.open_dir(str(generation))
    copied = copy_to_ram(stored.storage)
    assert isinstance(copied, RamStorage)
    with copied.open_index().searcher() as searcher:
        for term in rows.terms("text_words")[:50]:
            expected = rows.numbers("text_words", term)
            assert found(searcher, q.Term("text_words", term)) == expected


@pytest.mark.parametrize("codec", [None, PassageCodec()])
def test_whoosh_can_unite_the_segments_itself(
    generation: Path, rows: Segments, tmp_path: Path, codec: PassageCodec | None
) -> None:
    """By its own writer and either codec: posting by posting, through its pool."""
    shutil.copytree(generation, tmp_path / "copy")
    store = whoosh_index.open_dir(str(tmp_path / "copy"))
    options = {} if codec is None else {"codec": codec}
    store.writer(**options).commit(optimize=True)
    living = list(rows.everything())
    place = {number: at for at, number in enumerate(living)}
    with store.searcher() as searcher:
        assert searcher.doc_count_all() == len(living)
        assert len(searcher.leaf_searchers()) == 1
        for field in ("id", "year", "text_words", "head_grams"):
            for term in rows.terms(field)[::7]:
                expected = [place[number] for number in rows.numbers(field, term)]
                assert found(searcher, q.Term(field, term)) == expected
        for field, run in runs(rows)[:20]:
            assert found(searcher, q.Phrase(field, run))
        column = searcher.reader().column_reader("record")
        assert [column[at] for at in range(len(living))] == [rows.record(n) for n in living]


def test_whoosh_can_add_a_passage_itself(tmp_path: Path) -> None:
    store = whoosh_index.create_in(str(tmp_path), passage_schema())
    writer = store.writer(codec=PassageCodec())
    for number, text in enumerate(["人身取引の被害者を保護する。", "窓口を置く。", ""]):
        record = msgspec.json.encode({"id": f"a#{number}", "document": "a"})
        writer.add_document(
            id=f"a#{number}", document="a", kind="plan", year=2011, text_words=text,
            text_grams=text, record=record, ministry="警察庁",
        )  # fmt: skip
    writer.commit()
    with whoosh_index.open_dir(str(tmp_path)).searcher() as searcher:
        assert found(searcher, q.Phrase("text_words", ["人身", "取引"])) == [0]
        assert found(searcher, q.Phrase("text_grams", ["窓口", "口を"])) == [1]
        assert found(searcher, q.Term("year", 2011)) == [0, 1, 2]
        assert found(searcher, q.Term("ministry", "警察庁")) == [0, 1, 2]
        hits = searcher.search(q.Every(), groupedby=["kind", "year", "plan"])
        assert hits.groups("kind") == {"plan": [0, 1, 2]}
        assert hits.groups("year") == {2011: [0, 1, 2]}
        assert hits.groups("plan") == {None: [0, 1, 2]}
        assert [hit["id"] for hit in hits] == ["a#0", "a#1", "a#2"]
        lengths = [searcher.doc_field_length(n, "text_words") for n in range(3)]
        assert lengths[0] > lengths[1] > lengths[2] == 0


# --- what is read as a pickle ------------------------------------------------------------------


def test_nothing_of_whoosh_is_changed_for_the_process(generation: Path) -> None:
    open_index(generation).reader().close()
    assert compound.BufferFile is structfile.BufferFile
    assert structfile.load_pickle is stock_load
    assert structfile.BufferFile.__module__ == "whoosh.filedb.structfile"


class _Trap:
    """Creates a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("part", ["segments", "schema"])
def test_a_table_of_contents_that_runs_code_runs_none(
    generation: Path, tmp_path: Path, part: str
) -> None:
    copy = tmp_path / "data/index/gen-1"
    shutil.copytree(generation, copy)
    store = whoosh_index.open_dir(str(copy))
    toc = whoosh_index.TOC.read(store.storage, "MAIN")
    trap = _Trap(tmp_path / "sprung")
    next(copy.glob("*.toc")).unlink()
    if part == "segments":
        toc.segments = [trap]
        toc.write(store.storage, "MAIN")
        with pytest.raises(BrokenIndexError, match="belongs in no index"):
            open_index(copy)
    else:
        toc.schema.remove("title_words")
        toc.schema.add("title_words", _Poisoned(trap))
        toc.write(store.storage, "MAIN")
        open_index(copy).reader().close()
    assert not trap.path.exists()
    if part == "segments":
        with pytest.raises(AttributeError):  # Whoosh itself runs it
            whoosh_index.open_dir(str(copy)).reader()
    else:
        whoosh_index.open_dir(str(copy))
    assert trap.path.exists()


class _Poisoned(type(passage_schema()["title_words"])):  # type: ignore[misc]
    def __init__(self, trap: _Trap) -> None:
        super().__init__()
        self.trap = trap


def test_no_segment_holds_a_pickle(generation: Path) -> None:
    for path in generation.glob("*.seg"):
        raw = path.read_bytes()
        size = int.from_bytes(raw[-8:], "little")
        directory = msgspec.json.decode(raw[-8 - size : -8], type=dict[str, tuple[int, int]])
        assert set(directory) == {"rows", "record", "aliases", "bounds"}
        assert sum(end - start for start, end in directory.values()) == len(raw) - 8 - size


def test_the_pickled_schema_carries_no_analyzer(generation: Path) -> None:
    raw = pickle.dumps(passage_schema())
    assert b"whoosh.analysis" not in raw
    assert b"Analyzer" not in raw


@pytest.mark.parametrize("change", ["short", "empty", "size", "json", "outside"])
def test_a_damaged_directory_is_no_segment(generation: Path, tmp_path: Path, change: str) -> None:
    copy = tmp_path / "data/index/gen-1"
    shutil.copytree(generation, copy)
    path = next(copy.glob("*.seg"))
    raw = path.read_bytes()
    size = int.from_bytes(raw[-8:], "little")
    directory = raw[-8 - size : -8]
    body = raw[: -8 - size]
    outside = msgspec.json.encode({"rows": (0, len(raw) + 1)})
    path.write_bytes(
        {
            "short": raw[-5:],
            "empty": b"",
            "size": body + directory + (1 << 40).to_bytes(8, "little"),
            "json": body + b"{" * size + raw[-8:],
            "outside": body + outside + len(outside).to_bytes(8, "little"),
        }[change]
    )
    with pytest.raises(BrokenIndexError, match="damaged"):
        whoosh_index.open_dir(str(copy)).reader()
