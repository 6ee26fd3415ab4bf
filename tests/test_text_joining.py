"""Which characters are set wide: the count of a text is the sum over its characters."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.text.joining import count_wide, is_wide


def test_each_character_is_counted_as_it_is_set() -> None:
    odd = [code for code in range(0x3100) if count_wide(chr(code)) != is_wide(chr(code))]
    assert not odd


@given(st.text("漢カ①。（aA1- \U0002000b\ue000\ud800"))
def test_wide_characters_are_counted(text: str) -> None:
    assert count_wide(text) == sum(map(is_wide, text))
