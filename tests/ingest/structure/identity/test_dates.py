"""Which dates near the beginning are the document's own, and not those of what it speaks of."""

import pytest

from shisaku.ingest.structure.identity.dates import issued

DATE = "平成28年4月1日"  # nine characters
SPEAKS = "に開かれた会議について述べる文章がここに続くのである"

LINES = [
    # a line under the title, whether it dates the document
    (DATE, True),
    (DATE + SPEAKS[:13], True),  # 9 of 22 characters: two fifths of the line
    (DATE + SPEAKS[:14], False),  # 9 of 23
    ("内閣府　" + DATE + SPEAKS[:9], True),
    # Longer lines date it where they say so behind the date: 90 characters at most.
    (("この計画は" + "あ" * 90)[: 90 - 11] + DATE + "決定", True),
    (("この計画は" + "あ" * 90)[: 91 - 11] + DATE + "決定", False),
]


@pytest.mark.parametrize(("line", "own"), LINES)
def test_whether_a_line_dates_the_document(line: str, own: bool) -> None:
    found = issued("計画", [line], [])
    assert (found.value if found else None) == ("2016-04-01" if own else None)
