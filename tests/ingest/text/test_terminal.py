"""What may reach a terminal, and that one thing stays on one line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.text.terminal import clean, escape, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r", "a\\nb\\tc\\r"),  # a file name may hold all of these
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b\x7f", "\\x9b\\x7f"),
        ("\u202egpj.pdf", "\\u202egpj.pdf"),
        ("a\u2028b", "a\\u2028b"),
        ("a\u200fb\u061c", "a\\u200fb\\u061c"),  # marks of direction, without an override
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("bad\udcff", "bad\\udcff"),  # a path with a byte that is no UTF-8
        ("計画（案）.pdf", "計画（案）.pdf"),
    ],
)
def test_controls_are_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text(st.characters(), max_size=40))
def test_one_line_is_one_line_for_every_program(text: str) -> None:
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert clean(shown) == shown


@given(st.text(st.characters(), max_size=40))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for shown in (clean(text), escape(text), one_line(text)):
        assert not set(shown) & set(OBEYED)
    assert len(clean(text)) == len(text)  # spans stay where they are


OBEYED = [chr(n) for n in range(0x20) if n not in (9, 10)] + [
    chr(n)
    for n in (0x061C, 0x200E, 0x200F, *range(0x7F, 0xA0), *range(0x202A, 0x202F),
              *range(0x2066, 0x206A))
]  # fmt: skip


@pytest.mark.parametrize("char", OBEYED, ids=ascii)
def test_each_control_is_shown_instead(char: str) -> None:
    assert clean(char) == "\ufffd"
    assert one_line(char) != char
    assert json.loads(escape(f'"{char}"')) == char
    assert char not in escape(char)
