"""Near words and beginnings: complete against brute force; suggestions find something."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.engine.fuzzy import runs
from shisaku.index.engine.lexicon import Lexicon, allowed_distance
from shisaku.index.engine.planning import Planner
from shisaku.index.engine.tokens import Tokens
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.generations.build import build_index
from shisaku.index.query.parser import parse_query
from shisaku.index.query.plan import MatchOptions, Restriction
from shisaku.index.query.syntax import Leaf, Node
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.suggestions import Suggestion, suggest
from tests.support import factories


def segment(words: set[str]) -> Rows:
    """Give a segment that holds only words."""
    with TemporaryDirectory() as folder:
        gathered = Gatherer(Path(folder))
        for number, word in enumerate(sorted(words)):
            gathered.add_tokens("text_words", number, Tokens([word], [0]))
        path = Path(folder) / "rows"
        with path.open("wb") as file:
            gathered.write(file, len(words))
        return Rows(memoryview(path.read_bytes()), frozenset(), path.parent)


WORDS = st.text(alphabet="人身取引甲", min_size=1, max_size=8)


def test_allowed_distance_grows_with_the_word() -> None:
    assert [allowed_distance(length) for length in range(8)] == [0, 0, 0, 1, 1, 1, 2, 2]


def distance(one: str, other: str) -> int:
    """Return how many characters must be inserted, deleted or replaced, by the definition."""
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        last, row = row, [at]
        for place, opposite in enumerate(other, 1):
            changed = last[place - 1] + (char != opposite)
            row.append(min(last[place] + 1, row[-1] + 1, changed))
    return row[-1]


@given(st.sets(WORDS, max_size=30), WORDS)
def test_near_words_are_complete(words: set[str], text: str) -> None:
    limit = allowed_distance(len(text))
    found = Lexicon(segment(words).beginning).near(text, limit)
    expected = {w: distance(w, text) for w in words if 0 < distance(w, text) <= limit}
    assert found == expected


@given(st.sets(WORDS, max_size=30), WORDS)
def test_beginnings_are_complete(words: set[str], prefix: str) -> None:
    found = Lexicon(segment(words).beginning).beginning(prefix)
    assert found == tuple(sorted(word for word in words if word.startswith(prefix)))


def test_runs_cover_every_stretch_of_words() -> None:
    assert [(run.key, len(run.before), len(run.after)) for run in runs("取引の防止")] == [
        ("取引の", 0, 1),
        ("取引の防止", 0, 0),
        ("防止", 1, 0),
    ]
    assert [run.key for run in runs("において")] == ["において"]
    assert list(runs("甲と乙と丙と丁と戊と己と庚")) == []  # too many to try


class Asked:
    """A searcher, asked for near spellings alone."""

    def __init__(self, opened: Searcher) -> None:
        self.engine = opened.session.engine
        self.planner = Planner(self.engine)

    def count(self, leaf: Leaf, options: MatchOptions) -> int:
        plan = self.planner.words(leaf, options)
        return self.engine.search(plan, Restriction(), "passage", limit=0).total

    def suggest(self, node: Node) -> tuple[Suggestion, ...]:
        return suggest(node, self.count, self.planner.lexicon)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    data = tmp_path_factory.mktemp("data")
    factories.write_parsed(data, *factories.corpus())
    build_index(data)
    with Searcher(data) as opened:
        yield Asked(opened)


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("人心取引", [("人心取引", "人身取引")]),
        ("婦人想談所", [("婦人想談所", "婦人相談所")]),
        ("空港 警祭", [("警祭", "警察")]),
        ("空港 -警祭", []),  # what is not wanted need not exist
        ("空港 甲乙丙丁", []),  # stands nowhere, and nothing is near it
        ("人身取引 大阪", []),  # both stand somewhere, only not together
        ("polisy*", [("polisy", "policy")]),
        ("サーパー", [("サーパー", "サーバー")]),  # shown with its long-vowel marks
    ],
)
def test_suggests(asked: Asked, query: str, instead: list[tuple[str, str]]) -> None:
    node = parse_query(query).node
    found = asked.suggest(node)
    assert [(each.word, each.instead[0]) for each in found] == instead
    for each in found:
        for text in each.instead:
            plan = asked.planner.plan(parse_query(text).node, MatchOptions(words_only=True))
            assert asked.engine.search(plan, Restriction(), "passage").total
        assert each.to_json() == {"word": each.word, "instead": list(each.instead)}


def test_suggests_what_fits_its_surroundings_among_many_near_words(tmp_path: Path) -> None:
    # Each of these words is as near to 人心 as 人身 is, and more of them than can be tried.
    near = "世中事件体倫力口名命員垣士夫妻家工形影徳性情手数文智望材格権波海災物生畜相知種脈足跡道"
    texts = [*(f"人{char}である。" for char in near), "人身取引を防ぐ。"]
    passages = [factories.passage(f"p{n}", text) for n, text in enumerate(texts)]
    factories.write_parsed(tmp_path, factories.document("a.html", passages))
    build_index(tmp_path)
    with Searcher(tmp_path) as opened:
        (found,) = Asked(opened).suggest(parse_query("人心取引").node)
    assert found.instead == ("人身取引",)
