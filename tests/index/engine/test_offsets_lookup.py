"""The marks of a hit are read off the index, and are those that an analysis of its text gives."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.engine.planning import Planner
from shisaku.index.generations.build import build_index
from shisaku.index.query.highlight import _word_spans
from shisaku.index.query.plan import EVERYTHING, Restriction
from shisaku.index.query.syntax import Prefix, Term
from shisaku.index.search.searcher import Searcher
from tests.support import factories

TEXTS = [
    "人身取引の被害者を保護し、人身取引を防ぐ。",
    "一人も二人も、十数人の子どもを見守り、洗出しを進めた。",
    "保護 | 3件 | 保護施設",
    "㍿と株式会社、ﾊﾞｽとバス、No.5とVol.3。",
    "policy making と policies、第３次・第三次の計画。",
    "佐々木委員は民主々義を語り、霞ヶ関と霞が関を回った。",
    "被害者の保護" * 30,
    "、。",
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("data")
    first, second = TEXTS[:4], TEXTS[4:]
    for name, texts in (("a.html", first), ("b.html", second)):
        passages = [factories.passage(f"{name}.{n}", text) for n, text in enumerate(texts)]
        factories.write_parsed(data, factories.document(name, passages))
        build_index(data)  # so that there are two segments
    with Searcher(data) as searcher:
        yield searcher


@st.composite
def parts(draw: st.DrawFn) -> str:
    """Draw a part of a text, so that something is found."""
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, len(text) - 1))
    return text[start : start + draw(st.integers(1, 12))]


@given(part=parts(), begins=st.booleans())
def test_marks_are_those_of_an_analysis(opened: Searcher, part: str, begins: bool) -> None:
    leaf = Prefix(part) if begins else Term(part)
    engine = opened.session.engine
    for sought in Planner(engine).patterns(leaf):
        for (stored,) in engine.scan(EVERYTHING, Restriction(), "passage"):
            text = opened.session.record(stored)["text"]
            spans = engine.offsets(stored.number, sought)
            assert spans is not None
            assert set(spans) == set(_word_spans(sought, text))


def test_hits_need_no_analysis(opened: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [hit["highlights"] for hit in opened.search("被害者の保護").hits]
    monkeypatch.setattr("shisaku.index.query.highlight.words", None)
    assert [hit["highlights"] for hit in opened.search("被害者の保護").hits] == asked
    assert [0, 6] in asked[0] or [0, 180] in asked[0]
