"""What is copied into every passage is bounded where it is made, and nothing is lost by that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.html import read_html
from shisaku.ingest.model import Document, Line, TextBlock
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.outline.bounds import (
    MAX_COLUMN,
    MAX_DEPTH,
    MAX_HEADING,
    MAX_NAMES,
    bounded_path,
    cut,
    shortened,
)


def read(body: str, title: str = "試験") -> Document:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return build_document(read_html(page.encode()), document_id="a.html", sources=(), sha256="")


def kept(document: Document) -> bool:
    return document.ledger["lost"] == 0 and document.ledger["invented"] == 0


@pytest.mark.parametrize("length", [MAX_HEADING - 1, MAX_HEADING, MAX_HEADING + 1, 5000])
def test_a_heading_beyond_the_bound_goes_on_as_text(length: int) -> None:
    document = read(f"<h1>計画</h1><h2>{'題' * length}</h2><p>本文である。</p>")
    assert kept(document)
    texts = [passage.text for passage in document.passages]
    rest = "題" * max(0, length - MAX_HEADING)
    assert texts == [*([rest] if rest else []), "本文である。"]
    assert {passage.path[-1] for passage in document.passages} == {"題" * min(length, MAX_HEADING)}


def test_a_heading_is_cut_where_its_words_end() -> None:
    document = read(f"<h1>計画</h1><h2>{'題' * 200}、{'目' * 100}</h2><p>本文である。</p>")
    assert document.passages[0].text == "目" * 100
    assert document.passages[0].path[-1] == "題" * 200 + "、"


@given(st.text(alphabet="題、 \u3000\n目", max_size=40), st.integers(1, 12))
def test_a_cut_keeps_the_bound_and_all_words(text: str, most: int) -> None:
    at = cut(text, most)
    assert min(1, len(text)) <= at <= max(most, 0) or text == ""
    assert text[:at] + text[at:] == text
    assert text.startswith(shortened(text, most))


@pytest.mark.parametrize(("depth", "shown"), [(MAX_DEPTH, MAX_DEPTH), (MAX_DEPTH + 9, MAX_DEPTH)])
def test_paths_have_a_greatest_depth(depth: int, shown: int) -> None:
    body = "".join(
        f"<div role=heading aria-level={at + 1}>見出し{at}</div><p>本文その{at}である。</p>"
        for at in range(depth)
    )
    document = read(body)
    assert kept(document)
    last = document.passages[-1]
    assert last.path[-1] == f"見出し{depth - 1}"
    assert max(len(passage.path) for passage in document.passages) <= shown


def test_a_path_within_the_bounds_is_itself() -> None:
    path = ("上",) * MAX_DEPTH
    assert bounded_path(path) is path
    assert len(bounded_path((*path, "下"))) == MAX_DEPTH
    assert bounded_path(("題" * (MAX_HEADING + 1),)) == ("題" * MAX_HEADING,)


@pytest.mark.parametrize("length", [MAX_HEADING, MAX_HEADING + 1])
def test_the_title_of_a_page_is_bounded(length: int) -> None:
    assert read("<p>本文である。</p>", "題" * length).title == "題" * MAX_HEADING


@pytest.mark.parametrize("length", [MAX_COLUMN, MAX_COLUMN + 1, 3000])
def test_the_name_of_a_column_is_bounded_and_stands_in_full_in_the_head(length: int) -> None:
    document = read(
        f"<table><tr><th>{'名' * length}<th>乙</tr>" + "<tr><td>値<td>値</tr>" * 2 + "</table>"
    )
    assert kept(document)
    head, *rows = document.passages
    assert "名" * length in head.text
    assert [row.cells[0].column for row in rows if row.cells] == ["名" * MAX_COLUMN] * 2


HEADS = "<table><tr><th>施策名<th>省庁名<th>実施状況</tr>"


@pytest.mark.parametrize("length", [MAX_HEADING, MAX_HEADING + 1])
def test_the_title_of_a_measure_is_bounded_and_the_rest_is_its_text(length: int) -> None:
    document = read(f"{HEADS}<tr><td>{'研' * length}<td>警察庁<td>◎行った。</tr></table>")
    assert kept(document)
    (measure,) = document.measures
    assert measure.title == "研" * MAX_HEADING
    rest = [p.text for p in document.passages if p.measure == measure.id and p.type == "field"]
    assert rest == ["研"] * (length - MAX_HEADING)


@pytest.mark.parametrize("count", [MAX_NAMES, MAX_NAMES + 1])
def test_a_passage_bears_so_many_names_and_the_cell_stands_as_text(count: int) -> None:
    names = "、".join(f"何某{at}庁" for at in range(count))
    row = "<tr><td>研修<td>警察庁<td>◎行った。</tr>"
    document = read(f"{HEADS}{row}<tr><td>対策<td>{names}<td>◎行った。</tr></table>")
    assert kept(document)
    most = max(document.passages, key=lambda passage: len(passage.ministries))
    assert len(most.ministries) == MAX_NAMES
    assert most.and_others == (count > MAX_NAMES)
    assert any(p.text == names for p in document.passages) == (count > MAX_NAMES)


def test_the_parts_of_a_long_heading_keep_their_lines_and_readings() -> None:
    from shisaku.ingest.html.inline import NOWHERE
    from shisaku.ingest.structure.outline.bounds import _parts

    lines = (
        Line("題" * 200, NOWHERE, ruby=((0, 1, "だい"),)),
        Line("目" * 100, NOWHERE, ruby=((10, 11, "もく"), (60, 61, "もく"))),
    )
    block = TextBlock("題" * 200 + "\n" + "目" * 100, lines, role="heading", level=1)
    first, second = _parts(block)
    assert isinstance(first, TextBlock)
    assert isinstance(second, TextBlock)
    assert (first.text, second.text) == ("題" * 200, "目" * 100)
    assert (first.lines, second.lines) == (lines[:1], lines[1:])
    whole = TextBlock(
        "目" * 300, (Line("目" * 300, NOWHERE, ruby=((250, 251, "もく"),)),), "heading"
    )
    first, second = _parts(whole)
    assert isinstance(second, TextBlock)
    assert second.lines[0].ruby == ((250 - MAX_HEADING, 251 - MAX_HEADING, "もく"),)
    assert second.role == ""
