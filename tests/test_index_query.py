"""The query language: what it reads, and that what it cannot read is an error with a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import And, Node, Not, Or, QueryError, Term, parse_query, terms

A, B, C = Term("甲"), Term("乙"), Term("丙")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("甲", A),
        ("  甲\u3000乙 ", And((A, B))),  # full-width space
        ("甲 AND 乙", And((A, B))),
        ("甲 OR 乙 丙", Or((A, And((B, C))))),  # AND binds closer
        ("甲 ＯＲ 乙", Or((A, B))),
        ("(甲 OR 乙) 丙", And((Or((A, B)), C))),
        ("（甲 OR 乙）丙", And((Or((A, B)), C))),
        ("甲 乙 甲", And((A, B))),  # what is said twice counts once
        ("甲 OR 甲", A),
        ("甲 -乙", And((A, Not(B)))),
        ("甲 －乙", And((A, Not(B)))),
        ("甲 NOT 乙", And((A, Not(B)))),
        ("NOT (甲 乙)", Not(And((A, B)))),
        ("-甲", Not(A)),
        ('"甲 乙"', Term("甲 乙", True)),
        ("「甲」乙", And((Term("甲", True), B))),
        ("“甲”", Term("甲", True)),
        ("『甲』", Term("甲", True)),
        ('-"甲"', Not(Term("甲", True))),
        ('"OR"', Term("OR", True)),
        ("or", Term("or")),  # operators are written in capitals
        ("ORANGE", Term("ORANGE")),
        ("-", Term("-")),  # nothing to negate
        ("A-B", Term("A-B")),
        ("国際移住機関（IOM）", Term("国際移住機関（IOM）")),  # pasted from a document
        ("*", Term("*")),
        ("ー", Term("ー")),  # a long-vowel mark is no minus
    ],
)
def test_reads(query: str, tree: Node) -> None:
    assert parse_query(query).node == tree


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        ("\u3000", "empty"),
        ("(甲", "( is not closed, at character 1"),
        ("()", "missing, at character 2"),
        ('甲 "乙', '" is not closed, at character 3'),
        ('""', "nothing to search for, at character 1"),
        ("甲 OR", "missing"),
        ("OR 甲", "missing before OR, at character 1"),
        ("AND 甲", "missing before AND"),
        ("甲 AND", "missing after AND"),
        ("甲 NOT", "missing after NOT, at character 3"),
        ("(" * 100 + "甲" + ")" * 100, "levels of parentheses"),
        ("甲 " * 500, "more than 200 words"),
    ],
)
def test_refuses_and_names_the_place(query: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert says in str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


@given(st.text(alphabet='甲乙 ()（）"「」-－ORANDNOT*~:\x00\udc80', max_size=30))
def test_anything_is_read_or_refused(query: str) -> None:
    try:
        tree = parse_query(query).node
    except QueryError:
        return
    assert all(term.text for term in terms(tree))
