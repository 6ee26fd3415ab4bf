"""Each limit of a query and of what is suggested instead, with a case on either side."""

from typing import Any

import pytest

from shisaku.index.query.parser import (
    And,
    Field,
    Node,
    Not,
    Or,
    Prefix,
    QueryError,
    Term,
    parse_query,
)
from shisaku.index.query.pasted import short
from shisaku.index.query.rewrites import rewrites
from shisaku.index.query.syntax import Fuzzy, fields, terms

SIZES = [
    # what, a query that is just read, one that is just refused
    ("words", " ".join(f"甲{n}" for n in range(200)), " ".join(f"甲{n}" for n in range(201))),
    ("words of a copied text", "」" + " 甲" * 199, "」" + " 甲" * 200),
    ("brackets", "(" * 39 + "甲" + ")" * 39, "(" * 40 + "甲" + ")" * 40),
    ("negations", "NOT " * 39 + "甲", "NOT " * 40 + "甲"),
]


@pytest.mark.parametrize(("good", "bad"), [row[1:] for row in SIZES], ids=[r[0] for r in SIZES])
def test_how_large_a_query_may_be(good: str, bad: str) -> None:
    parse_query(good)
    with pytest.raises(QueryError):
        parse_query(bad)


def test_brackets_side_by_side_are_no_levels() -> None:
    assert isinstance(parse_query(" ".join(f"(甲 -乙{n})" for n in range(60))).node, And)


@pytest.mark.parametrize("length", [60, 61])
def test_a_long_query_is_shown_around_the_place(length: int) -> None:
    query = "x" * 30 + ' "' + "y" * (length - 32)
    with pytest.raises(QueryError) as error:
        parse_query(query)
    shown = str(error.value).split(": ")[1]
    whole = length == 60
    assert shown == (query if whole else "x" * 19 + ' "' + "y" * 29 + "…")
    assert "at character 32 " in str(error.value)


@pytest.mark.parametrize(("length", "whole"), [(40, True), (41, False)])
def test_a_notice_shows_the_beginning_of_a_long_text(length: int, whole: bool) -> None:
    text = "甲" * length
    assert short(text) == (text if whole else "甲" * 40 + "…")


OPERATORS = [
    ("甲 OR乙", And((Term("甲"), Term("OR乙")))),
    ("甲 ORA 乙", And((Term("甲"), Term("ORA"), Term("乙")))),
    ("甲 ANDY 乙", And((Term("甲"), Term("ANDY"), Term("乙")))),
    ("甲 NOTE", And((Term("甲"), Term("NOTE")))),
    ("甲 AND 乙 OR 丙 NOT 丁", Or((And((Term("甲"), Term("乙"))),
                                And((Term("丙"), Not(Term("丁"))))))),
    ("甲 AND(乙 OR 丙)", And((Term("甲"), Or((Term("乙"), Term("丙")))))),
]  # fmt: skip


@pytest.mark.parametrize(("query", "tree"), OPERATORS)
def test_which_words_are_operators(query: str, tree: Node) -> None:
    assert parse_query(query).node == tree


@pytest.mark.parametrize(
    ("query", "known", "node", "notices"),
    [
        ("計画：人身", True, Field("plan", "人身", 0), 0),
        ("計画：人身", False, Term("計画：人身", literal=True), 1),
        ("計画:人身", False, Field("plan", "人身", 0), 0),  # typed in ASCII: surely a field
        ("本文：甲", True, Or((Term("甲", scope="text"), Term("本文：甲", literal=True))), 1),
        ("本文:甲", True, Term("甲", scope="text"), 0),
    ],
)
def test_whether_a_wide_colon_means_a_field(
    query: str, known: bool, node: Node, notices: int
) -> None:
    parsed = parse_query(query, lambda field: known)
    assert (parsed.node, len(parsed.notices)) == (node, notices)


def test_what_of_a_tree_is_shown_and_what_narrows_it() -> None:
    node = parse_query("甲 -乙 (丙* OR 甲) 年:2011 -(丁~ 省庁:x)").node
    assert terms(node) == (Term("甲"), Prefix("丙"))
    assert [field.name for field in fields(node)] == ["year", "ministry"]
    assert terms(parse_query("丁~").node) == (Fuzzy("丁"),)


# --- what is suggested where nothing is found ----------------------------------------------------


def suggested(query: str, *, total: int = 1, years: str = "") -> list[dict[str, Any]]:
    """Return what is suggested where any query of fewer parts, or with a field, finds something."""
    node = parse_query(query).node
    parts = len(node.parts) if isinstance(node, And) else 1

    def count(asked: Node) -> int:
        inner = asked.parts if isinstance(asked, And) else (asked,)
        return total if len(inner) < parts or any(isinstance(one, Field) for one in inner) else 0

    return rewrites(node, count, lambda field: field.name == "year" and field.value in years)


@pytest.mark.parametrize(("words", "count"), [(1, 0), (2, 2), (3, 3), (4, 3), (8, 3), (9, 0)])
def test_three_words_to_leave_out_are_suggested_of_eight(words: int, count: int) -> None:
    query = " ".join(f'"{chr(0x4E00 + number)}"' for number in range(words))  # meant as they stand
    found = suggested(query)
    assert [entry["without"] for entry in found] == query.split()[:count]


@pytest.mark.parametrize(("words", "count"), [(1, 1), (3, 3), (4, 3), (8, 3), (9, 0)])
def test_three_words_with_another_meaning_are_suggested_of_eight(words: int, count: int) -> None:
    years = [str(2000 + number) for number in range(words)]
    found = suggested(" ".join(years), years=" ".join(years))
    assert found == [{"word": year, "instead": [f"年:{year}"]} for year in years[:count]]


def test_nothing_is_suggested_that_finds_nothing() -> None:
    assert suggested("2001 2002", total=0, years="2001 2002") == []


def test_what_is_excluded_is_not_left_out() -> None:
    assert [entry["without"] for entry in suggested('"甲" "乙" -丙')] == ['"甲"', '"乙"']
    assert suggested('"甲" -丙') == []  # there is no word without which anything is left
