"""The query language: what it reads, and that what it cannot read is an error with a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.query.parser import (
    And,
    Field,
    Fuzzy,
    Node,
    Not,
    Or,
    Prefix,
    QueryError,
    Term,
    parse_query,
    terms,
)
from shisaku.index.query.pasted import unmarked

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
        ("甲*", Prefix("甲")),
        ("甲＊ 乙～", And((Prefix("甲"), Fuzzy("乙")))),
        ("-甲*", Not(Prefix("甲"))),
        ("~", Term("~")),
        ('"甲"*', Term("甲", True)),  # whatever begins with the characters holds them
        ('"甲"~', Fuzzy("甲")),
        ("「甲」～「乙」", And((Term("甲", True), Term("～"), Term("乙", True)))),
        ("2009～2014", Term("2009～2014")),
        ("「甲」-乙", And((Term("甲", True), Term("-乙")))),  # NOT stands at a word's beginning
        ("甲 （-3）", And((A, Term("-3")))),
        ("--甲", Term("--甲")),
        ("省庁:警察庁", Field("ministry", "警察庁", 0)),
        ("甲 年：平成23", And((A, Field("year", "平成23", 2)))),
        ("年:2009..2014", Field("year", "2009..2014", 0)),
        ("ＹＥＡＲ：2011", Field("year", "2011", 0)),
        ("Fiscal_Year:2011", Field("fiscal_year", "2011", 0)),
        ("-省庁:警察庁", Not(Field("ministry", "警察庁", 1))),
        ("計画:国際移住機関（IOM）*", Field("plan", "国際移住機関（IOM）*", 0)),
        ('文書:"a b.pdf"', Field("document", "a b.pdf", 0)),
        (
            "種別:(plan OR law)",
            Or((Field("kind", "plan", 0), Field("kind", "law", 0))),
        ),
        ("施策:甲", Term("甲", scope="measure")),
        ('title:"甲"', Term("甲", True, "title")),
        ("見出し:甲*", Prefix("甲", "heading")),
        ("本文:（甲 -乙）", And((Term("甲", scope="text"), Not(Term("乙", scope="text"))))),
        ("text:(年:2011 甲)", And((Field("year", "2011", 6), Term("甲", scope="text")))),
        ("見出し:(甲 OR 本文:乙)",  # the inner field is the nearer one
         Or((Term("甲", scope="heading"), Term("乙", scope="text")))),
        ("種別:(plan 本文:甲)", And((Field("kind", "plan", 0), Term("甲", scope="text")))),
        ("NOT NOT 甲", Not(Not(A))),
        ("注:甲", Term("注:甲")),  # no field's name
        ("甲年:2011", Term("甲年:2011")),  # no word's beginning
    ],
)  # fmt: skip
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
        ("甲 AND OR 乙", "missing after AND, at character 3"),
        ("甲 AND AND 乙", "missing after AND, at character 3"),
        ("NOT OR 甲", "missing after NOT, at character 1"),
        ("甲 NOT AND 乙", "missing after NOT, at character 3"),
        ("(人身", "( is not closed, at character 1"),
        ('"人身', '" is not closed, at character 1'),
        ("(a OR", "missing"),
        ("（甲 OR 乙", "（ is not closed, at character 1"),  # an operator was typed
        ("((((", "( is not closed"),
        ('"', "is not closed"),
        (")", "missing, at character 1"),
        ("AND", "missing before AND"),
        ("年:", "a value is missing after 年:, at character 2"),
        ("\u200b", "nothing to search for, at character 1"),
        ("(" * 100 + "甲" + ")" * 100, "levels of parentheses"),
        ("甲 " * 500, "more than 200 words"),
        ("年:2011 " * 201, "more than 200 words"),  # each looks through all passages
    ],
)
def test_refuses_and_names_the_place(query: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert says in str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


@pytest.mark.parametrize(
    "query",
    [
        "（平成23", "」という。", "－15件", "−5.2%", "-15件", "人身）及び", "甲」", "「甲", "『",
        "（）", "題名:」", "(平成2", "(IP電話・海外",
        "甲（乙", "甲(乙", "甲)", ")等", "リ版)", "(5年", "社会復帰支援(", "5\"型", "年：", "－丙",
        "（（（", "“甲",
    ],
)  # fmt: skip
def test_what_was_copied_out_of_a_text_is_searched_literally(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.node == Term(query, literal=True)
    assert len(parsed.notices) == 1
    assert f"{query} is searched literally" in parsed.notices[0]


@pytest.mark.parametrize(
    ("query", "literal"),
    [("甲 (乙", "(乙"), (") 甲", ")"), ("甲 (", "("), ("甲 リ版)", "リ版)"), ("甲 」と", "」と")],
)
def test_an_odd_bracket_beside_other_words_is_literal(query: str, literal: str) -> None:
    parsed = parse_query(query)
    assert Term(literal, literal=True) in terms(parsed.node)
    assert A in terms(parsed.node)
    assert f"{literal} is searched literally" in parsed.notices[0]


def test_only_the_copied_word_is_literal() -> None:
    parsed = parse_query("甲 平成23年）に -乙")
    assert parsed.node == And((A, Term("平成23年）に", literal=True), Not(B)))
    assert len(parsed.notices) == 1


def test_a_wide_colon_makes_a_field_of_what_is_known() -> None:
    known = parse_query("計画：甲", lambda field: field == Field("plan", "甲", 0))
    assert (known.node, known.notices) == (Field("plan", "甲", 0), ())
    unknown = parse_query("計画：人身", lambda field: False)
    assert unknown.node == Term("計画：人身", literal=True)
    assert "計画：人身 is searched literally" in unknown.notices[0]
    # An ASCII colon was typed: whoever resolves the name says that it is unknown.
    assert parse_query("計画:人身", lambda field: False).node == Field("plan", "人身", 0)
    part = parse_query("施策：甲")
    assert part.node == Or((Term("甲", scope="measure"), Term("施策：甲", literal=True)))
    assert "literally too" in part.notices[0]


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("◎警察では", "警察では"),
        ("◎ 警察では", "警察では"),  # as a hit is shown
        ("◎(再掲)外務省では", "外務省では"),
        ("（再掲）◎外務省では", "外務省では"),
        ("保護 【再掲】外務省では", "保護 外務省では"),
        ('"○（再掲）外務省では"', '" 外務省では"'),
        ("◎", "◎"),
        ("◎ OR 保護", "◎ OR 保護"),
        ("○ ＡＮＤ 保護", "○ ＡＮＤ 保護"),
        ('保護 " ◎"', '保護 " ◎"'),
        ("○○警察署", "○○警察署"),  # stands for a name
        ("（再掲）", "（再掲）"),
        ("施策(再掲)", "施策(再掲)"),  # after a text it is a part of it
    ],
)
def test_marks_that_stand_beside_a_text_are_left_out(query: str, plain: str) -> None:
    blanked, notices = unmarked(query)
    assert len(blanked) == len(query)
    assert " ".join(blanked.split()) == plain.lstrip()
    assert bool(notices) == ("再掲" in query and "再掲" not in plain)
    assert parse_query(query).node == parse_query(blanked).node
    assert parse_query(query).notices[: len(notices)] == notices


def test_an_asterisk_within_a_word_says_what_it_does_not_do() -> None:
    assert "* means a beginning only at the end" in parse_query("人*引").notices[0]
    assert parse_query("人身*").notices == ()


def test_what_is_no_character_is_replaced() -> None:
    assert parse_query("甲\udc80").node == Term("甲\ufffd")


@given(st.text(max_size=40))
def test_nothing_but_query_errors(query: str) -> None:
    try:
        parsed = parse_query(query, lambda field: False)
    except QueryError as error:
        assert error.exit_code == 2
        assert error.remedy
        return
    assert all(term.text for term in terms(parsed.node))


@given(st.text(alphabet='甲乙 ()（）"「」-－ORANDNOT*~:年：』＊～1\x00\udc80', max_size=30))
def test_anything_is_read_or_refused(query: str) -> None:
    try:
        tree = parse_query(query).node
    except QueryError:
        return
    assert all(term.text for term in terms(tree))
