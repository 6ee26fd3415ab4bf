"""Which terms a passage defines, and which words of a query ask for that."""

import pytest

from shisaku.index.analysis.defined_terms import defined_terms
from shisaku.index.query.definitions import asked_term


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("「犯罪被害者等」とは、犯罪等により害を被った者をいう。", ["犯罪被害者等"]),
        ("人身取引とは、搾取することなどを目的とする行為です。", ["人身取引"]),
        ("第二条において後見とは、次に掲げるものをいう。", ["後見"]),
        ("前段。後段とは何か。", ["後段"]),
        ("二　社会的障壁　障害がある者にとつて障壁となるような事物をいう。", ["社会的障壁"]),
        ("（３） 検視 変死者の死体を調べることをいう。", ["検視"]),
        ("害を被った者（以下「被害者」という。）を支援する。", ["被害者"]),
        # comparing and admitting define nothing
        ("これとは別に、研修を行う。", []),
        ("違法とはいえ、罰則がない。", []),
        ("「計画」とは別に定める。", []),
        ("必要な措置を講ずることをいう者がいる", []),
        ("法務省は「はい」と答えた。", []),
        ("", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert list(defined_terms(text)) == terms


@pytest.mark.parametrize(
    ("columns", "terms"),
    [
        (("分類項目", "説明"), ["後背低地"]),
        (("用語", "意味"), ["後背低地"]),
        (("年", "人員"), []),
        (("説明", "人員"), []),  # the first column is what is explained, not what explains
    ],
)
def test_rows_of_glossaries(columns: tuple[str, str], terms: list[str]) -> None:
    cells = [
        {"column": columns[0], "text": "後背低地"},
        {"column": columns[1], "text": "背後にある低い箇所"},
    ]
    assert list(defined_terms("後背低地 | 背後にある低い箇所", cells)) == terms
    assert list(defined_terms("後背低地", cells[:1])) == []


def test_time_grows_with_the_text_alone() -> None:
    """Signs of a definition without an end, many times: no more than a pass each."""
    text = "「甲" * 20_000 + "とは、" * 20_000 + "一　" * 20_000
    assert len(list(defined_terms(text))) < 5


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("人身取引とは", "人身取引"),
        ("人身取引とは？", "人身取引"),
        ("人身取引とは何か", "人身取引"),
        ("犯罪被害者等の定義", "犯罪被害者等"),
        ("社会的障壁の意味は", "社会的障壁"),
        ("とは", None),
        ("定義", None),
        ("人身取引", None),
    ],
)
def test_words_that_ask(word: str, term: str | None) -> None:
    assert asked_term(word) == term
