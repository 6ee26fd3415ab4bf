"""Brackets with money: amounts in yen, the fiscal year, 内数, whose budget it is."""

import pytest

from shisaku.ingest.structure.measures.budget import read_budget, without_budget


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("〔平成26年度予算15,805千円の内数〕", [(15_805_000, 2014, True, None)]),
        ("［予算19,615千円］", [(19_615_000, None, False, None)]),
        (
            "〔平成26年度予算71,527千円：文部科学省、7,537千円：厚生労働省〕",
            [(71_527_000, 2014, False, "文部科学省"), (7_537_000, 2014, False, "厚生労働省")],
        ),
        # the body stands before its amount
        (
            "〔平成26年度予算：法務省215,848千円：厚生労働省256,548千円の内数〕",
            [(215_848_000, 2014, False, "法務省"), (256_548_000, 2014, True, "厚生労働省")],
        ),
        ("（令和３年度予算額　2億300万円の内数）", [(203_000_000, 2021, True, None)]),
        ("【令和5年度補正予算12.5億円（厚労省）】", [(1_250_000_000, 2023, False, "厚生労働省")]),
        ("（警察庁、法務省）", []),
        ("（参加費は500円）", []),  # money, but no budget
        ("（予算の範囲内で実施）", []),  # budget, but no money
        ("予算19,615千円", []),  # no bracket
    ],
)
def test_the_amounts_of_a_bracket(
    text: str, amounts: list[tuple[int, int | None, bool, str | None]]
) -> None:
    found = read_budget(text)
    assert [(b.amount, b.fiscal_year, b.partial, b.ministry) for b in found] == amounts
    assert all(b.text == text for b in found)


@pytest.mark.parametrize(
    ("text", "rest", "printed"),
    [
        ("研修を行った。〔予算10千円〕", "研修を行った。", "〔予算10千円〕"),
        ("研修を行った。〔予算10千円〕（警察庁）", "研修を行った。（警察庁）", "〔予算10千円〕"),
        # within a sentence it is part of the words
        ("（予算10千円）を用いて行った。", "（予算10千円）を用いて行った。", ""),
        ("研修を行った。", "研修を行った。", ""),
    ],
)
def test_money_at_the_end_of_an_item_is_no_part_of_its_words(
    text: str, rest: str, printed: str
) -> None:
    words, budgets, brackets = without_budget(text)
    assert (words, brackets) == (rest, printed)
    assert bool(budgets) == bool(printed)
