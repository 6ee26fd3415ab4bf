"""Citations: Japanese style, BibTeX that any reader can take apart, CSL-JSON by its schema."""

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shisaku.index.export.citations import (
    bibtex,
    by_document,
    citation,
    cite_key,
    csl_json,
    japanese,
    pages_of,
    printed_page,
    tex,
    tex_url,
)
from shisaku.index.records.passages import bodies_of, measures_by_id, passage_record
from shisaku.index.search.units import measure_record
from shisaku.ingest.model import Document
from tests.support import factories

Record = dict[str, Any]


def records(*documents: Document) -> list[Record]:
    return [
        record | {"ministries_rolled": list(bodies_of(record).named)}
        for document in documents
        for passage in document.passages
        for record in [passage_record(document, passage, measures_by_id(document))]
    ]


def record(key: str, **fields: Any) -> Record:
    (found,) = [each for each in records(*factories.corpus()) if each["id"] == key]
    return found | fields


# --- Japanese style ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "fields", "cited"),
    [
        (
            "fu.1",
            {},
            "内閣官房『「人身取引対策行動計画2009」フォローアップ』（2011年11月）"
            "「① 空港での見張りの強化」PDF 2頁、https://example.go.jp/jinshin/followup.pdf",
        ),
        # the page as printed, and by position where the two differ
        ("fu.1", {"page_label": "- 2 -"}, "（2011年11月）「① 空港での見張りの強化」2頁、"),
        ("fu.1", {"page_label": "iii"}, "」iii頁（PDF 2頁）、"),
        ("fu.1", {"page_label": "2", "page_end": 4}, "」2–4頁、"),
        ("fu.1", {"page_label": "ii", "page_end": 4}, "」ii頁以下（PDF 2–4頁）、"),
        ("plan.2", {}, "こども家庭庁『第三次子供の安全対策』（2016年7月26日）「第2章 今後の課題」"),
        # a web page has no pages; a stated year stands where there is no date
        ("kai.3", {}, "内閣官房『連絡会議の開催状況』（2014年）"),
        ("kai.3", {"publisher": None, "year": None}, "『連絡会議の開催状況』"),
        # brackets nest by turns
        ("plan.2", {"title": "『白書』の「要約」"}, "『「白書」の「要約」』"),
        ("plan.2", {"path": ["「自立」の支援"]}, "「『自立』の支援」"),
        ("plan.2", {"title": "題\n名\x1b[1m"}, "『題 名\\x1b[1m』"),
    ],
)
def test_japanese_style(key: str, fields: Record, cited: str) -> None:
    assert cited in japanese(record(key, **fields))


def test_the_year_is_the_documents() -> None:
    assert japanese(record("kai.3")) == "内閣官房『連絡会議の開催状況』（2014年）"
    # 2011 is the meeting's
    assert japanese(record("kai.1", text="大阪")) == "内閣官房『連絡会議の開催状況』「大阪」"


def test_a_meeting_is_told_from_the_others_of_its_record() -> None:
    fields = {"text": "●第2回会合\n開催日：平成26年12月1日", "path": []}
    assert japanese(record("kai.2", **fields)).endswith("『連絡会議の開催状況』「第2回会合」")
    assert ", 第2回会合, " in citation(record("kai.2", **fields))
    assert "第2回会合" not in citation(record("kai.2", **fields | {"path": ["平成26年"]}))


def test_the_plain_citation_has_the_same_year_and_pages_as_the_japanese_one() -> None:
    assert citation(record("kai.3")).startswith("『連絡会議の開催状況』（内閣官房、2014）, ")
    assert ", p. " not in citation(record("kai.3"))  # a web page has none
    assert ", p. 2, " in citation(record("fu.1"))
    assert ", pp. 2–3, " in citation(record("fu.1", page_end=3))


def test_the_page_label_of_a_measure_is_that_of_its_first_page() -> None:
    # A cell that runs over the page can stand before one at the top of it.
    later = record("fu.1") | {"page": 4, "page_end": 5, "page_label": "iv"}
    made = measure_record([later, record("fu.2") | {"page": 2, "page_label": "ii"}])
    assert (made["page"], made["page_end"], made["page_label"]) == (2, 5, "ii")


def test_a_measure_is_cited_by_its_own_title() -> None:
    made = measure_record([record("fu.1"), record("fu.2")])
    assert japanese(made) == japanese(record("fu.1"))


@pytest.mark.parametrize(
    ("label", "page"),
    [("- 3 -", "3"), ("－３－", "3"), ("iii", "iii"), ("3頁", "3"), ("A-1", "A-1"), (None, ""),
     ("", ""), ("―", "")],
)  # fmt: skip
def test_printed_pages(label: str | None, page: str) -> None:
    assert printed_page(label) == page


@pytest.mark.parametrize(
    ("spans", "pages"),
    [
        ([(1, 1)], "1"),
        ([(3, 3), (1, 1)], "1, 3"),
        ([(1, 1), (2, 2)], "1–2"),
        ([(1, 4), (2, 3), (6, 7)], "1–4, 6–7"),
        ([], ""),
    ],
)
def test_pages_are_joined(spans: list[tuple[int, int]], pages: str) -> None:
    assert pages_of(spans) == pages


# --- one entry per document --------------------------------------------------------------------


def test_documents_are_cited_once_with_all_pages() -> None:
    found = list(by_document(records(factories.follow_up(), factories.meetings())))
    assert [(first["document"], pages, len(ids)) for first, pages, ids in found] == [
        ("jinshin/followup.pdf", "2–3", 5),
        ("kaisai.html", "", 3),
    ]


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ("sample/jinshin-2024.pdf", r"jinshin-2024-[0-9a-f]{8}"),
        ("施策.pdf", r"document-[0-9a-f]{8}"),
        ("a/{b}\\%.html", r"b-[0-9a-f]{8}"),
        (f"{'x' * 300}.pdf", r"x{40}-[0-9a-f]{8}"),
    ],
)
def test_keys_are_plain(document: str, key: str) -> None:
    assert re.fullmatch(key, cite_key(document))


def test_keys_tell_documents_apart() -> None:
    assert cite_key("a/x.pdf") != cite_key("b/x.pdf")


# --- BibTeX ------------------------------------------------------------------------------------


def entries(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Take BibTeX apart as its own reader does: by braces alone, whatever stands before them."""
    found = []
    at = 0
    while (match := re.compile(r"\s*@(\w+)\{([^,\s]+),").match(text, at)) is not None:
        at = match.end()
        fields: dict[str, str] = {}
        while (name := re.compile(r"\s*(\w+) = \{").match(text, at)) is not None:
            depth, start = 1, name.end()
            at = start
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            assert name[1] not in fields
            fields[name[1]] = text[start : at - 1]
            at += text[at] == ","
        assert text[at:].lstrip().startswith("}")
        at = text.index("}", at) + 1
        found.append((match[1], match[2], fields))
    assert not text[at:].strip()
    return found


def test_bibtex_has_an_entry_for_each_document() -> None:
    (first, second) = entries("".join(bibtex(records(factories.follow_up(), factories.meetings()))))
    assert first[0] == "techreport"
    assert first[1] == cite_key("jinshin/followup.pdf")
    assert {name: first[2][name] for name in ("title", "author", "year", "month", "note")} == {
        "title": "{「人身取引対策行動計画2009」フォローアップ}",
        "author": "{内閣官房}",
        "year": "2011",
        "month": "11",
        "note": "pp. 2–3",
    }
    assert first[2]["url"] == "https://example.go.jp/jinshin/followup.pdf"
    assert factories.follow_up().sha256 in first[2]["annote"]
    assert first[2]["institution"] == "内閣官房"
    assert second[0] == "misc"
    (nobody,) = entries("".join(bibtex(records(replace(factories.follow_up(), publisher=None)))))
    assert nobody[0] == "misc"
    assert "note" not in second[2]


NASTY = "50% & $x_1 #2 {甲 \\ 乙^~} @misc{x,\n\x1b[1m\u202e"


def test_nothing_in_a_document_breaks_the_entry() -> None:
    document = replace(factories.follow_up(), id="a{b.pdf", title=NASTY, publisher="}{", plan=NASTY)
    made = [r | {"url": "https://x.jp/a b}{\\?q=1%20&r_1#f\n\x1b"} for r in records(document)]
    text = "".join(bibtex(made))
    ((_, _, fields),) = entries(text)
    assert fields["title"].startswith(r"{50\% \& \$x\_1 \#2 \textbraceleft{}甲 ")
    assert fields["url"] == "https://x.jp/a%20b%7D%7B%5C?q=1%20&r_1#f%0A%1B"
    assert not set(text) & set("\x1b\u202e")


UNTEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
} | {f"\\{char}": char for char in "&%$#_"}  # fmt: skip


@given(st.text(alphabet="甲a{}\\~^&%$#_@\"' ", max_size=30))
def test_tex_can_be_read_back(text: str) -> None:
    escaped = tex(text)
    assert escaped.count("{") == escaped.count("}")
    found = re.sub("|".join(map(re.escape, UNTEX)), lambda m: UNTEX[m[0]], escaped)
    assert found == " ".join(text.split())


@given(st.text(max_size=30))
def test_addresses_stay_in_their_braces(text: str) -> None:
    assert not set(tex_url(text)) & set("{}\\ \n\t\x1b\u202e")


# --- CSL-JSON ----------------------------------------------------------------------------------

# The part of CSL 1.0.2's schema for input data that these items can touch.
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": {"type": ["string", "number"]},
            "type": {"enum": ["report", "webpage", "pamphlet", "legislation", "document"]},
            "title": {"type": "string"},
            "author": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"literal": {"type": "string"}},
                    "additionalProperties": False,
                },
            },
            "publisher": {"type": "string"},
            "issued": {
                "type": "object",
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {
                            "type": "array",
                            "items": {"type": ["string", "number"]},
                            "minItems": 1,
                            "maxItems": 3,
                        },
                        "minItems": 1,
                        "maxItems": 2,
                    }
                },
                "additionalProperties": False,
            },
            "URL": {"type": "string"},
            "locator": {"type": ["string", "number"]},
            "language": {"type": "string"},
            "custom": {"type": "object"},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}


def test_csl_json_is_valid() -> None:
    nasty = replace(factories.follow_up(), id="nasty.pdf", title=NASTY, publisher=None)
    found = records(*factories.corpus(), nasty, factories.shared_measure())
    text = "".join(csl_json(found))
    items = json.loads(text)
    jsonschema.validate(items, CSL)
    assert len({item["id"] for item in items}) == len(items) == 5
    first = items[0]
    assert first["type"] == "report"
    assert first["author"] == [{"literal": "内閣官房"}]
    assert first["issued"] == {"date-parts": [[2011, 11]]}
    assert first["locator"] == "2–3"
    assert first["custom"]["ids"] == ["fu.1", "fu.2", "fu.3", "fu.4", "fu.5"]
    assert "locator" not in items[2]
    assert items[2]["issued"] == {"date-parts": [[2014]]}
    assert not set(text) & set("\x1b\u202e")


def test_csl_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads("".join(csl_json([]))) == []
    assert "".join(bibtex([])) == ""
