import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shisaku.ingest.model import (
    Box,
    ColumnText,
    Document,
    Measure,
    Passage,
    Problem,
    Section,
    Source,
)
from shisaku.ingest.parsed.store import Store, decode, encode


def _document(document_id: str = "a.pdf", title: str = "計画") -> Document:
    return Document(
        id=document_id,
        sha256="0" * 64,
        sources=(Source(f"raw/{document_id}", "https://example.jp/"),),
        title=title,
        sections=(Section("第1章", "総則", 1, 2, ("上",)),),
        measures=(Measure("a.pdf#m-1", "①", "防止", ("第1章 総則",), ("警察庁",), True, 1, 2),),
        passages=(
            Passage(
                id="a.pdf#p-1", type="row", text="甲 | 乙", cells=(ColumnText("列", "甲"),),
                mark="◎", status="done", boxes=(Box(1, 0.5, 1.0, 2.0, 3.0),),
            ),
        ),
        problems=(Problem("charset", "r", "m", failed=False),),
        parser={"shisaku": "1", "data": "abc"},
        counts={"radicals": 3, "contents": 1},
    )  # fmt: skip


def test_a_document_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.write("a.pdf", encode(_document()))
    assert store.read("a.pdf") == _document()
    assert store.read("b.pdf") is None


def test_equal_documents_give_equal_bytes_and_are_written_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    one = _document()
    other = decode(encode(one))
    assert encode(one) == encode(other)
    store.write("a.pdf", encode(one))
    before = store.path("a.pdf").stat()
    assert not store.write("a.pdf", encode(other))
    assert store.path("a.pdf").stat().st_mtime_ns == before.st_mtime_ns
    assert store.path("a.pdf").stat().st_ino == before.st_ino


def test_keys_are_sorted_and_lines_compare() -> None:
    lines = encode(_document()).decode().splitlines()
    keys = [line.split('"')[1] for line in lines if line.startswith(' "')]
    assert keys == sorted(keys)
    assert "計画" in "".join(lines)


LONG = "長い名前" * 30 + ".pdf"  # 364 bytes


@pytest.mark.parametrize(
    ("document_id", "place"),
    [
        ("a.pdf", "a.pdf.json"),
        ("省/計画.pdf", "省/計画.pdf.json"),
        ("a.pdf/b.pdf", "a.pdf/b.pdf.json"),  # raw/ may hold a directory of that name
        ("a.pdf.json/b.pdf", "a.pdf.json_/b.pdf.json"),  # it would stand where a.pdf is kept
        ("a.pdf.json_/b.pdf", "a.pdf.json__/b.pdf.json"),
        ("a.JSON/b.pdf", "a.JSON_/b.pdf.json"),
    ],
)
def test_places(document_id: str, place: str) -> None:
    assert Store(Path("p")).path(document_id) == Path("p") / place


def test_names_too_long_for_the_file_system_are_cut_apart_from_each_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    ids = [LONG, "x" + LONG, LONG.removesuffix(".pdf") + ".html", f"{LONG}/{LONG}"]
    for document_id in ids:
        store.write(document_id, encode(_document(document_id)))
    found = {header.id for _, header in store.headers() if header}
    assert found == set(ids)
    assert all(len(store.path(document_id).name.encode()) <= 255 for document_id in ids)


_NAMES = st.sampled_from(["a", "a.json", "a.json_", "A.json", "a.json.json", "長" * 90, "長" * 91])


@given(st.sets(st.lists(_NAMES, min_size=1, max_size=3).map("/".join), max_size=8))
def test_no_two_documents_share_a_place_or_stand_in_each_others_way(ids: set[str]) -> None:
    store = Store(Path("p"))
    places = [store.path(document_id) for document_id in ids]
    assert len(set(places)) == len(ids)
    parents = {parent for place in places for parent in place.parents}
    assert not parents & set(places)


def test_headers_name_damaged_and_foreign_files(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("a.pdf", encode(_document()))
    (tmp_path / "broken.pdf.json").write_bytes(encode(_document())[:100])
    (tmp_path / "copy of a.pdf.json").write_bytes(encode(_document()))
    (tmp_path / "notes.txt").write_text("x")
    headers = {path.name: header for path, header in store.headers()}
    assert {name: header and header.id for name, header in headers.items()} == {
        "a.pdf.json": "a.pdf",
        "broken.pdf.json": None,
        "copy of a.pdf.json": None,
    }
    assert headers["a.pdf.json"] is not None
    assert headers["a.pdf.json"].parser == {"shisaku": "1", "data": "abc"}


def test_deleting_takes_empty_directories_along(tmp_path: Path) -> None:
    store = Store(tmp_path / "parsed")
    for document_id in ("x/y/a.pdf", "x/b.pdf"):
        store.write(document_id, encode(_document(document_id)))
    store.delete(store.path("x/y/a.pdf"))
    assert not (tmp_path / "parsed/x/y").exists()
    store.delete(store.path("x/b.pdf"))
    assert (tmp_path / "parsed").is_dir()
    assert not (tmp_path / "parsed/x").exists()


def test_what_killed_runs_left_is_cleaned_up(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("x/a.pdf", encode(_document("x/a.pdf")))
    (tmp_path / "x/.tmp-123-abc").write_bytes(b"half")
    store.clean()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.pdf.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write("a.pdf", encode(_document()))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write("a.pdf", encode(_document(title="新しい")))
    assert store.read("a.pdf") == _document()
    assert len(list(tmp_path.iterdir())) == 1


def test_each_path_stands_in_the_file_once() -> None:
    path = ("第1章 総則", "第1節 目的")
    passages = tuple(
        Passage(id=f"a.pdf#p-{at}", type="paragraph", text=f"文{at}", path=path) for at in range(9)
    )
    document = replace(_document(), passages=passages)
    data = encode(document)
    assert data.count("第1節 目的".encode()) == 1
    again = decode(data)
    assert again == document
    assert len({id(passage.path) for passage in again.passages}) == 1


def test_what_earlier_versions_wrote_is_read() -> None:
    # With its path in each passage: it may be all that is left of a file that is damaged since.
    document = _document()
    assert decode(msgspec.json.encode(document)) == document


@pytest.mark.parametrize("number", [-1, 3, 10**30, "上", None])
def test_a_path_that_is_none_is_no_document(number: object) -> None:
    raw = msgspec.json.decode(encode(_document()))
    assert len(raw["paths"]) == 3
    raw["passages"][0]["path"] = number
    with pytest.raises(msgspec.MsgspecError):
        decode(msgspec.json.encode(raw) if number != 10**30 else _with_huge_number(raw))


def _with_huge_number(raw: dict[str, Any]) -> bytes:
    raw["passages"][0]["path"] = 777_777
    return msgspec.json.encode(raw).replace(b"777777", b"1" + b"0" * 30)
