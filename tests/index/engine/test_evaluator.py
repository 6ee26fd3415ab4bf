"""Matching: what each kind of leaf finds, what options change, and that sets behave as sets."""

import re
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.index.analysis.analyzer import FIELD_BREAK
from shisaku.index.analysis.folding import literal_variants, search_key
from shisaku.index.engine.base import Engine
from shisaku.index.engine.expansion import Expander, Expansion
from shisaku.index.engine.planning import Planner
from shisaku.index.generations.build import build_index
from shisaku.index.generations.indexing import head_text
from shisaku.index.query.highlight import locate
from shisaku.index.query.parser import And, Field, Node, Not, Or, QueryError, Term, parse_query
from shisaku.index.query.plan import EVERYTHING, MatchOptions, Restriction
from shisaku.index.query.syntax import Leaf
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.suggestions import suggest
from shisaku.ingest.model import Document, Measure
from tests.support import factories

TEXTS = {
    "a.1": "警察庁は、人身取引の被害者を保護する施設を置いた。",
    "a.2": "児童ポルノの画像を消すため、ブロッキングを続ける。",
    "a.3": "東京都で外国人の受入れを進め、相談の窓口を設けた。",
    "a.4": "窓口",
    "a.5": "佐々木委員は、平成二十三年に「（注）窓口～」と述べた。",
    "b.1": "京都府では、被害者の保護と、警察との連携について話し合った。",
    "b.2": "被害者に関する話のあと、天気や食事や旅の話が長く続いて、最後に保護のことが出た。",
    "b.3": "推進会議は、policy making と policies を学んだ。",
    "b.4": "人身保護の請求 | 3件",
}


def documents() -> tuple[Document, Document]:
    measures = (
        Measure("a.m1", "①", "保護施設の増設", ("1 保護",)),
        Measure("a.m2", "②", "画像の削除", ("2 児童",)),
    )
    of = {"a.1": "a.m1", "a.3": "a.m1", "a.2": "a.m2"}
    path = {"a.m1": ("1 保護",), "a.m2": ("2 児童",)}
    made = {
        key: factories.passage(
            key, text, measure=of.get(key), path=path.get(of.get(key, ""), ("一般",))
        )
        for key, text in TEXTS.items()
    }
    first = [made[key] for key in TEXTS if key.startswith("a.")]
    second = [made[key] for key in TEXTS if key.startswith("b.")]
    return (
        factories.document("a.pdf", first, title="児童の安全計画", measures=measures),
        factories.document("b.pdf", second, title="連絡会議の記録"),
    )


class Opened:
    """A planner and an engine, with the records of the passages by number."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        scanned = engine.scan(EVERYTHING, Restriction(), "passage")
        self.records: dict[int, dict[str, Any]] = {
            stored.number: msgspec.json.decode(stored.record) for (stored,) in scanned
        }
        self.planner = self.make()

    def make(self, **options: Any) -> Planner:
        return Planner(self.engine, **options)

    def matches(self, node: Node, planner: Planner | None = None, **options: bool) -> list[int]:
        """Give the numbers of what matches, the best first."""
        plan = (planner or self.planner).plan(node, MatchOptions(**options))
        page = self.engine.search(plan, Restriction(), "passage", limit=len(self.records))
        return [hit.passages[0].number for hit in page.hits]

    def count(self, leaf: Leaf, options: MatchOptions) -> int:
        plan = self.planner.words(leaf, options)
        return self.engine.search(plan, Restriction(), "passage", limit=0).total

    def find(self, query: str, planner: Planner | None = None, **options: bool) -> list[str]:
        found = self.matches(parse_query(query).node, planner, **options)
        return [self.records[number]["id"] for number in found]

    def marked(self, query: str, key: str, planner: Planner | None = None) -> list[str]:
        patterns = (planner or self.planner).patterns(parse_query(query).node)
        record = next(record for record in self.records.values() if record["id"] == key)
        return [record["text"][start:end] for start, end in locate(patterns, record)[0]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    data = tmp_path_factory.mktemp("data")
    factories.write_parsed(data, *documents())
    build_index(data)
    with Searcher(data) as searcher:
        yield Opened(searcher.session.engine)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("窓口*", {"a.3", "a.4", "a.5"}),
        ("ブロッキ*", {"a.2"}),  # the word goes on
        ("受け入*", {"a.3"}),  # its lemma begins so, the printed 受入れ does not
        ("polic*", {"b.3"}),
        ("人身取*", {"a.1"}),  # one word whole, one begun
        ("無い*", set()),
        ("ブロツキング~", {"a.2"}),
        ("ブロッキング~", {"a.2"}),  # what is right is near
        ("人心取引~", {"a.1"}),
        ("児童ポルの~", {"a.2"}),  # the mistake moves the word's end
        ("京都~", {"a.3", "b.1"}),  # two characters: no edit
        ("連係~", set()),
        ("佐佐木", {"a.5"}),
        ('"佐佐木"', {"a.5"}),
        ("平成23年", {"a.5"}),
        ("「（注）窓口～」", {"a.5"}),
        ("（注", {"a.5"}),
        ("）窓口", {"a.5"}),
        ("～」と", {"a.5"}),
        ("measure:保護", {"a.1", "a.3"}),
        ("施策:保護 本文:外国人", {"a.3"}),
        ('measure:"設の増"', {"a.1", "a.3"}),
        ("measure:児童", set()),  # stands above the measure, not in its title
        ("見出し:児童", {"a.2"}),
        ("heading:保護施設", {"a.1", "a.3"}),
        ("本文:児童", {"a.2"}),
        ("text:増設", set()),
        ("title:安全", {"a.1", "a.2", "a.3", "a.4", "a.5"}),
        ('題名:"録"', {"b.1", "b.2", "b.3", "b.4"}),
        ("title:安全 -measure:保護", {"a.2", "a.4", "a.5"}),
        ("安全", set()),  # the document's title only ranks
        ('"保護①保"', set()),  # no literal bridges two headings
        ('"①保護施"', {"a.1", "a.3"}),
        ("NOT (窓口 OR 被害者)", {"a.2", "b.3", "b.4"}),
    ],
)
def test_finds(opened: Opened, query: str, ids: set[str]) -> None:
    assert set(opened.find(query)) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("京都", ["b.1", "a.3"]),  # inside 東京都 comes last
        ("京都*", ["b.1", "a.3"]),
        ("窓口", ["a.3", "a.5", "a.4"]),  # what only names it comes last
        ('"京都"', ["b.1", "a.3"]),  # a word of its own comes first, all are asked for
    ],
)
def test_ranks(opened: Opened, query: str, ids: list[str]) -> None:
    assert opened.find(query) == ids


@pytest.mark.parametrize(
    ("query", "key", "marked"),
    [
        ("ブロッキ*", "a.2", ["ブロッキング"]),
        ("受け入*", "a.3", ["受入れ"]),
        ("人心取引~", "a.1", ["人身取引"]),
        ("佐佐木", "a.5", ["佐々木"]),
        ("平成23年", "a.5", ["平成二十三年"]),
        ("京都", "a.3", ["京都"]),
        ("measure:保護", "a.1", []),  # sought in the title alone
        ("施策:施設 保護", "a.1", ["保護"]),
        ("title:安全", "a.1", []),
    ],
)
def test_marks_what_was_found(opened: Opened, query: str, key: str, marked: list[str]) -> None:
    assert key in opened.find(query)
    assert opened.marked(query, key) == marked


@pytest.mark.parametrize(
    ("query", "key", "parts"),
    [
        ("保護", "a.1", ["text", "path", "measure"]),
        ("measure:保護", "a.1", ["measure"]),
        ("heading:保護", "a.1", ["path", "measure"]),
        ("text:保護", "a.1", ["text"]),
        ("title:安全", "a.1", ["title"]),
    ],
)
def test_says_which_part_matched(opened: Opened, query: str, key: str, parts: list[str]) -> None:
    patterns = opened.planner.patterns(parse_query(query).node)
    record = next(record for record in opened.records.values() if record["id"] == key)
    assert locate(patterns, record)[1] == parts


def test_options(opened: Opened) -> None:
    assert opened.find("京都", words_only=True) == ["b.1"]
    assert opened.find('"京都"', words_only=True) == ["b.1", "a.3"]  # asked for literally
    assert set(opened.find("保護")) == {"a.1", "a.3", "b.1", "b.2", "b.4"}
    assert set(opened.find("保護", text_only=True)) == {"a.1", "b.1", "b.2", "b.4"}
    assert opened.find("増設", text_only=True) == []
    assert set(opened.find("measure:増設", text_only=True)) == {"a.1", "a.3"}


class Names(Expander):
    """Knows other names: one that holds everywhere, one in a single document."""

    def __init__(self) -> None:
        """Need no reader."""

    def expansions(self, text: str) -> tuple[Expansion, ...]:
        return {
            "警察": (Expansion("児童ポルノ", "synonym", None, None),),
            "会議": (Expansion("窓口", "alias", frozenset({"b.pdf"}), "b.3"),),
            "話": (Expansion("佐々木委員", "alias", frozenset({"a.pdf"}), "a.5"),),
        }.get(text, ())


def test_other_names_are_found_too_but_later(opened: Opened) -> None:
    planner = opened.make(expander=Names())
    found = opened.find("警察", planner)
    assert set(found) == {"a.1", "a.2", "b.1"}
    assert found[-1] == "a.2"
    assert opened.marked("警察", "a.2", planner) == ["児童ポルノ"]
    assert "a.2" not in opened.find("警察", planner, exact=True)
    assert "a.2" not in opened.find('"警察"', planner)
    # An alias of other documents changes nothing, one of the passage's own document does.
    assert opened.find("会議", planner) == opened.find("会議")
    assert set(opened.find("話", planner)) == {*opened.find("話"), "a.5"}
    assert opened.marked("話", "a.5", planner) == ["佐々木委員"]
    # What is excluded is what was typed: a name that was added would hide what nobody named.
    assert set(opened.find("児童ポルノ -警察", planner)) == {"a.2"}
    assert "a.2" in opened.find("保護 OR -警察", planner)
    node = parse_query("警察 会議 窓口 -話").node
    assert [(word, [also.text for also in added]) for word, added in planner.expanded(node)] == [
        ("警察", ["児童ポルノ"]),
        ("会議", ["窓口"]),
    ]
    assert planner.expanded(node, MatchOptions(exact=True)) == []


@pytest.mark.parametrize(("name", "literals"), [("AI", 0), ("ＡＩ", 0), ("窓口", 1)])
def test_latin_letters_nobody_typed_are_no_part_of_words(
    opened: Opened, name: str, literals: int
) -> None:
    class One(Expander):
        def __init__(self) -> None:
            """Need no reader."""

        def expansions(self, text: str) -> tuple[Expansion, ...]:
            return (Expansion(name, "alias", None, None),)

    _, added = opened.make(expander=One()).patterns(parse_query("人工知能").node)
    assert added.slots
    assert len(added.literals) == literals


def test_fields_ask_who_admits(opened: Opened) -> None:
    asked: list[Field] = []

    def admit(field: Field) -> Restriction:
        asked.append(field)
        return Restriction(Filters(document=("a.pdf",)))

    planner = opened.make(admit=admit)
    assert set(opened.find("被害者 文書:a.pdf", planner)) == {"a.1"}
    assert set(opened.find("被害者 -文書:a.pdf", planner)) == {"b.1", "b.2"}
    assert asked[0] == Field("document", "a.pdf", 4)
    asked.clear()
    assert opened.find("無い言葉 窓口 文書:a.pdf", planner) == []
    assert len(asked) == 1  # so that a name that nobody knows is an error here, too
    with pytest.raises(QueryError, match="at character 5"):
        opened.find("被害者 文書:a.pdf")


WORDS = [
    "保護",
    "警察",
    "窓口",
    "京都",
    "人*",
    "の",
    "ブロツキング~",
    '"話"',
    "measure:保護",
    "無い",
]


def nodes() -> st.SearchStrategy[Node]:
    leaves = st.sampled_from(WORDS).map(lambda word: parse_query(word).node)

    def joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        pairs = st.tuples(inner, inner)
        return st.one_of(pairs.map(And), pairs.map(Or), inner.map(Not))

    return st.recursive(leaves, joined, max_leaves=6)


@given(nodes(), nodes(), nodes())
@settings(deadline=None)
def test_sets_behave_as_sets(opened: Opened, a: Node, b: Node, c: Node) -> None:
    def found(node: Node) -> set[int]:
        return set(opened.matches(node))

    everything = set(opened.records)
    assert found(And((a, b))) == found(a) & found(b) == found(And((b, a)))
    assert found(Or((a, b))) == found(a) | found(b) == found(Or((b, a)))
    assert found(Not(a)) == everything - found(a)
    assert found(Not(And((a, b)))) == found(Or((Not(a), Not(b))))
    assert found(And((a, Or((b, c))))) == found(Or((And((a, b)), And((a, c)))))


@given(
    st.sampled_from(sorted(TEXTS)), st.sampled_from(["{}", "{}*", "{}~", "見出し:{}"]), st.data()
)
@settings(deadline=None)
def test_every_hit_shows_what_matched(
    opened: Opened, key: str, form: str, data: st.DataObject
) -> None:
    # No sign of the query language among them.
    words = re.findall(r"\w{2,}", TEXTS[key])
    word = data.draw(st.sampled_from(words))
    end = data.draw(st.integers(2, len(word)))
    node = parse_query(form.format(word[:end])).node
    patterns = opened.planner.patterns(node)
    for number in opened.matches(node):
        record = opened.records[number]
        spans, parts = locate(patterns, record)
        assert parts
        assert ("text" in parts) == bool(spans)
        assert all(0 <= start < stop <= len(record["text"]) for start, stop in spans)


@pytest.mark.parametrize(
    "query",
    [
        "(" * 5000,
        "（" * 5000,
        "甲" * 10_000,
        "a" * 10_000,
        "人々" * 5000,
        "年:" * 3000,
        "measure:(" * 1000,
        "NOT " * 3000 + "甲",
        "国" * 5000 + "~",
        "人身取引対策行動計画及び児童ポルノ" * 3 + "~",
        " ".join(f"{number}*" for number in range(199)),
        " ".join(f"人身{number}取引~" for number in range(99)),
        "\udc80\x00\x1b[31m" * 99,
    ],
    ids=range(13),
)
def test_no_query_takes_long(opened: Opened, query: str) -> None:
    begun = time.process_time()
    try:
        parsed = parse_query(query)
        if not opened.matches(parsed.node, opened.make()):
            suggest(parsed.node, opened.count, opened.planner.lexicon)
    except QueryError as error:
        assert error.at is None or error.at <= len(query)
    assert time.process_time() - begun < 2  # seconds


@given(st.data())
@settings(deadline=None)
def test_every_substring_is_found_and_every_quoted_hit_holds_it(
    opened: Opened, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(sorted(opened.records)))
    text = opened.records[number]["text"]
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    if not search_key(part):
        return
    quoted = opened.matches(Term(part, literal=True))
    assert number in quoted
    for hit in quoted:
        record = opened.records[hit]
        keys = [search_key(record["text"]), *map(search_key, head_text(record).split(FIELD_BREAK))]
        assert any(variant in key for variant in literal_variants(search_key(part)) for key in keys)
    bare = parse_query(part, lambda field: False).node
    assert number in opened.matches(bare)
