"""When an act was promulgated: by the line under its title, not by its last amendment."""

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Document, Page, RawDocument, TextBlock
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.acts import is_amendment, promulgated
from tests.support.setting import block

# (line, the date it gives)
LINES = [
    ("（平成十六年十二月八日法律第百六十一号）", "2004-12-08"),
    ("(平成16年12月8日　法律第161号)", "2004-12-08"),
    ("平成十六年法律第百六十一号", "2004"),
    ("（昭和二十九年六月三十日政令第百八十号）", "1954-06-30"),
    ("（平成二十年三月三十一日厚生労働省令第七号）", "2008-03-31"),
    ("（平成二十年三月三十一日国家公安委員会規則第七号）", "2008-03-31"),
    ("最終改正：平成二五年一一月二七日法律第八四号", None),
    ("改正　平成二五年一一月二七日法律第八四号", None),
    ("被害者支援法（平成十六年法律第百六十一号）", None),  # names another act
    ("（平成十六年十二月八日）", None),
    ("平成28年7月29日　保医発0729第４号", None),  # a notice
]


@pytest.mark.parametrize(("line", "date"), LINES)
def test_the_date_of_promulgation(line: str, date: str | None) -> None:
    assert promulgated(["支援法", line]) == date


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("最終改正：平成二五年一一月二七日法律第八四号", True),
        ("改正　平成25年11月27日政令第84号", True),
        ("平成25年11月27日改正", False),  # the issue of a plan
        ("（平成十六年十二月八日法律第百六十一号）", False),
    ],
)
def test_a_line_of_the_last_amendment(text: str, is_one: bool) -> None:
    assert is_amendment(text) is is_one


HEAD = "被害者等の支援に関する法律\n（平成十六年十二月八日法律第百六十一号）"
AMENDED = "最終改正：平成二五年一一月二七日法律第八四号"
ARTICLES = [block(f"第{n}条　国は、被害者の支援のために必要な施策を講ずる。") for n in "一二三四五"]


def page(*blocks: TextBlock) -> Document:
    """Give the document of a web page."""
    raw = RawDocument((Page(1, 0, 0, blocks),))
    return build_document(raw, document_id="x.html", sources=(), sha256="0" * 64)


def test_the_number_of_a_law_is_found_and_dates_it() -> None:
    made = page(block(HEAD, role="heading", level=1), block(AMENDED), *ARTICLES)
    assert made.title == "被害者等の支援に関する法律"
    assert (made.issued, made.year) == ("2004-12-08", 2004)
    assert made.passages[0].text == "（平成十六年十二月八日法律第百六十一号）"
    assert made.sections[0].title == "被害者等の支援に関する法律"
    assert (made.ledger["lost"], made.ledger["invented"]) == (0, 0)


def test_a_law_is_not_dated_by_its_last_amendment() -> None:
    head = replace(block(HEAD, role="heading", level=1), text="被害者等の支援に関する法律")
    assert page(head, block(AMENDED), *ARTICLES).issued is None
