"""Aliases and synonyms over an index: where a short name holds, and what a word is expanded to."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.defined_names import alias_fields
from shisaku.index.analysis.folding import search_key
from shisaku.index.analysis.synonyms import read_table, synonyms
from shisaku.index.engine.aliases import AliasEntry, entries_of, list_aliases
from shisaku.index.engine.base import Engine, Stored
from shisaku.index.engine.expansion import Expander, Expansion
from shisaku.index.engine.tokens import TokenDoc
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.codec.segment_writer import PassageWriter, held_segments
from shisaku.index.records.fields import Bodies, Frame

TEXTS = {
    "a": [
        "国際移住機関（IOM）と協力する。",
        "自殺総合対策会議（以下「会議」という。）",
        "会議は、国連安全保障理事会（以下「安保理」という。）を見る。",
        "欧州連合（EU）",
    ],
    "b": [
        "IOM（国際移住機関）",
        "男女共同参画会議（以下「会議」という。）",
        "プロトロンビン時間（PT）と理学療法部門（PT）",
        "独立行政法人情報処理推進機構（IPA）",
    ],
    "c": [
        "国連国際移住機関（IOM）",
        "情報処理推進機構（IPA）",
        "IOM（International Organization for Migration）",
    ],
}


def add(writer: PassageWriter, document: str, key: str, text: str) -> None:
    """Add what there is to know of a passage that defines something."""
    defines, pairs = alias_fields(text)
    record = f'{{"id": "{key}", "document": "{document}"}}'.encode()
    keys = {"id": (key,), "document": (document,), "defines": defines}
    frame = Frame(document, "", "", None, None, None, None, None)
    writer.add(TokenDoc(keys, {}, frame, Bodies(), record, aliases=pairs.get("aliases", b"")))


def segments_of(texts: dict[str, list[str]], folder: Path) -> Segments:
    """Give the segments that hold passages of these texts by document."""
    writer = PassageWriter(folder)
    for document, passages in texts.items():
        for number, text in enumerate(passages):
            add(writer, document, f"{document}#p-{number}", text)
    writer.commit()
    return Segments(folder, held_segments(folder))


class Defining:
    """What aliases ask of an engine, over segments whose passages have no frames."""

    def __init__(self, rows: Segments) -> None:
        self.rows = rows

    def get(self, field: str, value: str) -> list[Stored]:
        return [
            Stored(number, self.rows.record(number), 0, self.rows.value("aliases", number))
            for number in self.rows.numbers(field, value)
        ]

    def numbers(self, field: str, value: str) -> list[int]:
        return self.rows.numbers(field, value)

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        return (term for term in self.rows.terms(field) if term.startswith(prefix))


def engine_over(rows: Segments) -> Engine:
    return cast(Engine, Defining(rows))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = segments_of(TEXTS, tmp_path_factory.mktemp("index"))
    yield engine_over(opened)
    opened.close()


def test_what_all_documents_define_alike_holds_everywhere(engine: Engine) -> None:
    assert entries_of(engine, "iom") == [
        AliasEntry(
            "IOM", "国際移住機関", ("a#p-0", "b#p-0", "c#p-0"), ("a", "b", "c"), "everywhere"
        ),
        # the name in another language is no contradiction
        AliasEntry(
            "IOM", "International Organization for Migration", ("c#p-2",), ("c",), "everywhere"
        ),
    ]


def test_a_name_with_its_legal_form_is_the_same_name(engine: Engine) -> None:
    (entry,) = entries_of(engine, "ipa")
    assert (entry.long, entry.documents) == ("情報処理推進機構", ("b", "c"))


def test_a_common_noun_holds_in_its_documents(engine: Engine) -> None:
    entries = entries_of(engine, "会議")
    assert [(e.long, e.documents, e.holds) for e in entries] == [
        ("男女共同参画会議", ("b",), "in its documents"),
        ("自殺総合対策会議", ("a",), "in its documents"),
    ]


def test_a_contraction_holds_everywhere(engine: Engine) -> None:
    assert [entry.holds for entry in entries_of(engine, "安保理")] == ["everywhere"]


def test_two_letters_of_one_document_hold_there(engine: Engine) -> None:
    assert [entry.holds for entry in entries_of(engine, "eu")] == ["in its documents"]


def test_what_one_document_defines_twice_is_listed_but_not_expanded(engine: Engine) -> None:
    assert {entry.holds for entry in entries_of(engine, "pt")} == {"ambiguous"}
    assert Expander(engine).expansions("PT") == ()
    assert Expander(engine).expansions("プロトロンビン時間") == ()


def test_all_short_names_are_listed_once_for_each_thing(engine: Engine) -> None:
    listed = [(search_key(entry.short), entry.long) for entry in list_aliases(engine)]
    assert len(set(listed)) == len(listed)
    assert [key for key, _ in itertools.groupby(listed, lambda pair: pair[0])] == [
        *["eu", "iom", "ipa", "pt", "会議", "安保理"]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # an alias that bears out a synonym is shown with its passage
        (
            "ｉｏｍ",
            [
                Expansion("国際移住機関", "alias", None, "a#p-0"),
                Expansion("International Organization for Migration", "alias", None, "c#p-2"),
            ],
        ),
        ("国際移住機関", [Expansion("IOM", "alias", None, "a#p-0")]),
        ("安保理", [Expansion("国連安全保障理事会", "alias", None, "a#p-2")]),
        ("自殺総合対策会議", [Expansion("会議", "alias", frozenset("a"), "a#p-1")]),
        ("会議", []),  # whoever asks for 会議 has found 自殺総合対策会議
        ("欧州連合", [Expansion("EU", "synonym", None, None)]),
        ("人身売買", [Expansion("人身取引", "synonym", None, None)]),
        ("人身取引", []),  # an arrow
        ("取引", []),
        ("", []),
    ],
)
def test_expansions(engine: Engine, text: str, expected: list[Expansion]) -> None:
    assert list(Expander(engine).expansions(text)) == expected


def test_a_deleted_passage_defines_nothing(tmp_path: Path) -> None:
    writer = PassageWriter(tmp_path)
    for document in "ab":
        add(writer, document, f"{document}#p", "国際移住機関（IOM）")
    writer.commit()
    writer = PassageWriter(tmp_path, held_segments(tmp_path))
    writer.delete("a")
    writer.commit()
    rows = Segments(tmp_path, held_segments(tmp_path))
    assert [entry.documents for entry in list_aliases(engine_over(rows))] == [("b",)]
    rows.close()


# --- the table ---------------------------------------------------------------------------------


def test_every_entry_has_its_shape() -> None:
    table = read_table()
    assert set(table) == {"group", "arrow"}
    for group in table["group"]:
        assert set(group) == {"words"}
        assert len({search_key(word) for word in group["words"]}) == len(group["words"]) > 1
    for arrow in table["arrow"]:
        assert set(arrow) == {"of", "to"}
        assert arrow["to"]
        assert search_key(arrow["of"]) not in map(search_key, arrow["to"])


def test_no_word_has_two_entries() -> None:
    table = read_table()
    keys = [search_key(word) for group in table["group"] for word in group["words"]]
    keys += [search_key(arrow["of"]) for arrow in table["arrow"]]
    assert [key for key in set(keys) if keys.count(key) > 1] == []


def test_no_arrow_leads_to_an_arrow() -> None:
    arrows = {search_key(arrow["of"]): arrow["to"] for arrow in read_table()["arrow"]}
    assert [to for targets in arrows.values() for to in targets if search_key(to) in arrows] == []


def test_no_entry_says_what_the_analysis_knows() -> None:
    """サーバ and サーバー are one word; an entry for them would only cost."""

    def terms(word: str) -> list[set[str]]:
        return [set(found.terms) for found in words(word)]

    # In a group of more the spelling leads to the others: ユニセフ to 国連児童基金.
    pairs = [group["words"] for group in read_table()["group"] if len(group["words"]) == 2]
    for one, other in pairs:
        alike = len(terms(one)) == len(terms(other)) and all(
            a & b for a, b in zip(terms(one), terms(other), strict=True)
        )
        assert not alike, f"{one} and {other}"


def test_groups_hold_both_ways_and_arrows_one() -> None:
    assert "厚生労働省" in synonyms("厚労省")
    assert "厚労省" in synonyms("厚生労働省")
    assert synonyms("児ポ") == ("児童ポルノ",)
    assert synonyms("児童ポルノ") == ()
    assert synonyms("ｄｖ") == synonyms("DV") != ()
