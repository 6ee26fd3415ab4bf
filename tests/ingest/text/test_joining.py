"""Which characters are set wide, where a sentence ends: quick ways give what the plain ones do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.text.joining import count_wide, ends_sentence, is_wide, join_text, join_texts


def test_each_character_is_counted_as_it_is_set() -> None:
    odd = [code for code in range(0x3100) if count_wide(chr(code)) != is_wide(chr(code))]
    assert not odd


@given(st.text("漢カ①。（aA1- \U0002000b\ue000\ud800"))
def test_wide_characters_are_counted(text: str) -> None:
    assert count_wide(text) == sum(map(is_wide, text))


# A full stop with nothing but closing marks after it, or with one remark in brackets.
SENTENCE_END = re.compile(
    r"[。．！？!?][」』）)】〕\]]*$|。[（(【〔][^（(【〔）)】〕。]*[）)】〕]$"
)


@given(st.text("あ。．？」』）(（【】]\n", max_size=12))
def test_a_sentence_ends_with_its_stop_or_a_remark_after_it(text: str) -> None:
    assert ends_sentence(text) == bool(SENTENCE_END.search(text))


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the govern-", "ment of Japan", "the government of Japan"),
        ("窓口 https://mc-", "kita.example.jp/", "窓口 https://mc-kita.example.jp/"),
        ("www.waka-", "yama.example.jp", "www.waka-yama.example.jp"),
        ("see https://example.jp and govern-", "ment", "see https://example.jp and government"),
    ],
)
def test_a_hyphen_in_a_url_divides_no_word(first: str, second: str, joined: str) -> None:
    assert join_text(first, second) == join_texts([first, second]) == joined
