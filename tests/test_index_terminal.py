"""What may reach a terminal, and that one thing stays on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terminal import clean, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r", "a\\nb\\tc\\r"),  # a file name may hold all of these
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b\x7f", "\\x9b\\x7f"),
        ("\u202egpj.pdf", "\\u202egpj.pdf"),
        ("a\u2028b", "a\\u2028b"),
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
