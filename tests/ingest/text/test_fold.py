"""Folding and radical repair: tables of cases, and the invariants of the offset map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.text.fold import _FOLDING, _map_each, fold, fold_map
from shisaku.ingest.text.radicals import RADICALS, count_radicals, repair_radicals


@pytest.mark.parametrize(
    ("printed", "repaired"),
    [
        ("⼈⾝取引", "人身取引"),  # Kangxi radicals, as Chrome prints them
        ("⻑官 ⺠間 ⻄部", "長官 民間 西部"),  # the supplement, which NFKC leaves alone
        ("⼾⿈", "戸黄"),  # NFKC would give 戶 and 黃
        ("①㈱1½", "①㈱1½"),  # stored text keeps everything else
    ],
)
def test_radicals_are_repaired(printed: str, repaired: str) -> None:
    assert repair_radicals(printed) == repaired


def test_every_radical_stands_for_one_character_that_is_no_radical() -> None:
    for point, ideograph in RADICALS.items():
        assert len(ideograph) == 1, hex(point)
        assert ord(ideograph) not in RADICALS, hex(point)


def test_radicals_are_counted() -> None:
    assert count_radicals("⼈⾝取引") == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("⼈⾝取引", "人身取引"),  # radicals
        ("１，９３８件", "1,938件"),  # full-width digits
        ("ＩＣＴ", "ict"),  # width and case
        ("㈱", "(株)"),  # compatibility forms
        ("ｶﾞｲﾄﾞﾗｲﾝ", "ガイドライン"),  # half-width kana with voicing marks
        ("か\u3099ん", "がん"),  # decomposed, as some file systems write it
        ("2020〜2024", "2020～2024"),  # two code points for one sign
        ("平 成 28 年", "平成28年"),  # letter spacing
        ("A‐1", "A−1"),  # hyphen and minus
        ("予防‧保護", "予防・保護"),  # hyphenation point: fonts share its glyph with ・
        ("予防･保護", "予防‧保護"),  # and with the half-width one
    ],
)
def test_spellings_that_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_offsets_point_into_the_text_and_never_go_back(text: str) -> None:
    key, offsets = fold_map(text)
    assert len(key) == len(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    assert list(offsets) == sorted(offsets)


@given(st.text(alphabet=st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF)))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# Marks that join what stands before them, characters that fold to none or to several, U+FFFE.
_ODD = st.one_of(
    st.sampled_from("ｶﾞﾟか\u3099\u309aA\u0301ß㈱½İ \u3000\n\ufffe⼈〜ﷺ"), st.characters()
)


@given(st.text(_ODD))
def test_folding_at_once_is_folding_one_character_after_the_other(text: str) -> None:
    key, offsets = fold_map(text)
    assert (key, list(offsets)) == _map_each(text)
    assert fold(text) == key


def test_what_is_passed_over_folds_to_itself() -> None:
    codes = [code for code in range(0x110000) if not _FOLDING.match(chr(code))]
    assert len(codes) > 20_000
    assert not [chr(code) for code in codes if _map_each(chr(code))[0] != chr(code)]


@given(st.text(st.one_of(st.sampled_from("漢かカa１A（ 　ｶﾞﾟ\u3099か㈱⼈〜ー"), st.characters())))
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    assert fold(text) == _map_each(text)[0]
    key, offsets = fold_map(text)
    assert (key, list(offsets)) == _map_each(text)
