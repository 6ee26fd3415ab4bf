"""What the parser makes of the sample corpus, against what was put into it."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Document, Passage, Source
from shisaku.ingest.text.fold import fold

ROOT = Path(__file__).parents[2]
GOLD: dict[str, Any] = json.loads((ROOT / "tests/data/sample_gold.json").read_bytes())
KINDS = ("follow_up", "plan", "form", "brochure", "meetings")


@cache
def parsed(key: str) -> Document:
    path = ROOT / "data/raw/sample" / GOLD[key]["file"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = f"sample/{path.name}"
    return parse_file(path, name, (Source(f"raw/{name}"),), digest)


def folded(texts: list[str] | tuple[str, ...]) -> list[str]:
    return [fold(text) for text in texts]


def of_type(key: str, *types: str) -> list[Passage]:
    return [passage for passage in parsed(key).passages if passage.type in types]


@pytest.mark.parametrize("key", KINDS)
def test_heads(key: str) -> None:
    document, gold = parsed(key), GOLD[key]
    assert not document.problems
    assert document.kind == gold["kind"]
    titles = [gold["title"], gold["title"].split(" 20")[0]]
    if key == "form":
        # All sheets of a year have one title; what this one is about follows it.
        titles = [gold["title"] + gold["fields"][0]["text"]]
    assert fold(document.title) in map(fold, titles)
    for name in ("issued", "plan", "plan_series", "publisher", "fiscal_year"):
        if name in gold:
            assert getattr(document, name) == gold[name], name


def test_the_follow_up_has_its_measures_rows_and_items() -> None:
    document = parsed("follow_up")
    assert len(document.measures) == len(GOLD["follow_up"]["measures"])
    for measure, gold in zip(document.measures, GOLD["follow_up"]["measures"], strict=True):
        assert (measure.label, fold(measure.title)) == (gold["label"], fold(gold["title"]))
        assert folded(measure.path) == folded(gold["path"])
        found = [passage for passage in document.passages if passage.measure == measure.id]
        wanted = [(row, item) for row in gold["rows"] for item in row["items"]]
        assert folded([passage.text for passage in found]) == folded(
            [item["text"] for _, item in wanted]
        )
        for passage, (row, item) in zip(found, wanted, strict=True):
            assert list(passage.ministries) == row["ministries"]
            assert (passage.mark, passage.restated) == (item["mark"], item["restated"])
            assert passage.status == {"◎": "done", "○": "pending"}[item["mark"]]


def test_the_plan_has_its_measures_and_their_ministries() -> None:
    document = parsed("plan")
    assert len(document.measures) == len(GOLD["plan"]["measures"])
    for measure, gold in zip(document.measures, GOLD["plan"]["measures"], strict=True):
        assert (measure.label, fold(measure.title)) == (gold["label"], fold(gold["title"]))
        assert folded(measure.path) == folded(gold["path"])
        assert list(measure.ministries) == gold["ministries"]
        assert measure.and_others == gold["and_others"]
        found = [passage.text for passage in document.passages if passage.measure == measure.id]
        # The note that the document is a sample follows the last measure without a heading.
        assert folded([text for text in found if text != GOLD["note"]]) == folded(
            gold["paragraphs"]
        )


def test_the_plan_has_its_preface_and_its_contents_page_is_no_text() -> None:
    texts = folded([passage.text for passage in parsed("plan").passages])
    for paragraph in GOLD["plan"]["preface"]:
        assert texts.count(fold(paragraph)) == 1
    assert not [text for text in texts if "....." in text]
    pages = {
        fold(section.label + section.title): section.page for section in parsed("plan").sections
    }
    for heading in GOLD["plan"]["headings"]:
        if fold(heading["text"]) in pages:  # a measure's title is no section
            assert pages[fold(heading["text"])] == heading["page"]


def test_the_form_has_its_fields() -> None:
    found: dict[tuple[str, ...], str] = {}
    for passage in of_type("form", "field"):
        path = tuple(folded(passage.path))
        found[path] = found.get(path, "") + fold(passage.text)
    title = fold(GOLD["form"]["title"])
    found = {tuple(label for label in path if label != title): text for path, text in found.items()}
    for field in GOLD["form"]["fields"]:
        assert found.get(tuple(folded(field["path"]))) == fold(field["text"]), field["path"]
    assert len(found) == len(GOLD["form"]["fields"])


def test_the_brochure_has_its_headings_in_order_and_its_text_in_reading_order() -> None:
    headings = folded([section.title for section in parsed("brochure").sections])
    wanted = folded([heading["text"] for heading in GOLD["brochure"]["headings"]])
    assert [heading for heading in headings if heading in wanted] == wanted
    texts = folded([passage.text for passage in of_type("brochure", "paragraph")])
    places = [texts.index(fold(text)) for text in GOLD["brochure"]["paragraphs"]]
    assert places == sorted(places)


def test_the_brochure_has_the_rows_of_its_table() -> None:
    rows = [[cell.text for cell in p.cells or ()] for p in of_type("brochure", "row")]
    head, *body = GOLD["brochure"]["tables"][0]
    assert [row for row in rows if row != head] == body
    columns = [cell.column for cell in of_type("brochure", "row")[-1].cells or ()]
    assert columns == head


def test_the_meetings_are_found_with_their_dates_and_nothing_hidden() -> None:
    meetings = of_type("meetings", "meeting")
    wanted = GOLD["meetings"]["meetings"]
    assert [passage.date for passage in meetings] == [meeting["date"] for meeting in wanted]
    for passage, meeting in zip(meetings, wanted, strict=True):
        for part in (f"第{meeting['number']}回", meeting["attendees"], meeting["summary"]):
            assert fold(part) in fold(passage.text)
    everything = "".join(passage.text for passage in parsed("meetings").passages)
    assert not [hidden for hidden in GOLD["meetings"]["hidden"] if hidden in everything]
    assert "サイトマップ" not in everything
