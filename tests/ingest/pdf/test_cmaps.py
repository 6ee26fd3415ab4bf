"""CMaps: codes to CIDs, what builds on what, what is bounded; Adobe's files are as brought."""

import runpy
from typing import Any

import pytest
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import LIT

from shisaku.ingest.pdf.painting.cmaps import (
    BUNDLED,
    CodeMap,
    bundled,
    decode_tree,
    encoding_of,
    japan1_characters,
    shortest,
)
from tests.support.paths import ROOT


def embedded(body: str, **entries: Any) -> CodeMap:
    stream = PDFStream(entries, body.encode("ascii"))
    found = encoding_of({"Encoding": stream})
    assert found is not None
    return found


def test_the_files_of_third_parties_have_their_hashes() -> None:
    assert runpy.run_path(str(ROOT / "third_party" / "bring_adobe_cmaps.py"))["check"]()


@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_each_bundled_map_has_kanji_and_digits(name: str) -> None:
    cmap = bundled(name)
    cids = list(cmap.decode("進捗9".encode("utf-16-be")))
    characters = japan1_characters()
    assert [characters[cid] for cid in cids[:1]] == ["進"]
    assert characters[cids[2]] == "9"
    assert cmap.is_vertical() is name.endswith("V")


def test_a_stream_adds_to_the_map_that_it_uses() -> None:
    body = "/UniJIS-UTF16-H usecmap 1 begincidchar <E000> 2664 endcidchar"
    cmap = embedded(body)
    assert list(cmap.decode("\ue000人".encode("utf-16-be"))) == [
        2664,
        *bundled("UniJIS-UTF16-H").decode("人".encode("utf-16-be")),
    ]
    assert list(embedded(body.replace("usecmap", ""), UseCMap=LIT("UniJIS-UTF16-H")).decode(
        "人".encode("utf-16-be"))) == list(cmap.decode("人".encode("utf-16-be")))  # fmt: skip


def test_codes_of_one_and_two_bytes_by_their_ranges() -> None:
    cmap = embedded(
        "2 begincodespacerange <20> <7E> <8140> <9FFC> endcodespacerange "
        "1 begincidrange <20> <22> 1 endcidrange 1 begincidchar <8141> 700 endcidchar"
    )
    # A code of two bytes that is not mapped takes both; one that is cut off is none.
    assert list(cmap.decode(b"\x20\x21\x81\x41\x81\x42\x7d\x81")) == [1, 2, 700, 0, 0]


@pytest.mark.parametrize("mode", ["/WMode 1 def", ""])
def test_vertical_by_the_stream(mode: str) -> None:
    assert embedded(mode).is_vertical() is bool(mode)


def test_a_range_without_end_maps_nothing_more() -> None:
    cmap = embedded("1 begincidrange <00000000> <FFFFFFFF> 1 endcidrange")
    assert cmap.code2cid == {}


def test_controls_print_nothing_and_other_codes_are_counted() -> None:
    tree = {0x41: {0x42: 7}}
    assert shortest(tree) == 2
    assert list(decode_tree(tree, b"\x00\x0a\x41\x42\x41\x43", lambda data, at: 2)) == [7, 0]
