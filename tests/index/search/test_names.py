"""What people call things → the names of filters, from options and from fields of a query."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from shisaku.index.errors import FilterError
from shisaku.index.generations.build import build_index
from shisaku.index.records.fields import Frame
from shisaku.index.records.filters import Filters
from shisaku.index.search.names import NOBODY, Registry, resolve_field, resolve_filters
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.terms import Kind, Status
from shisaku.ingest.text.fold import fold
from tests.support import factories

LABELS = tomllib.loads(
    (Path(__file__).parents[3] / "index" / "search" / "labels.toml").read_text(encoding="utf-8")
)
REGISTRY = Registry({"NPA": "警察庁"}.get, {"児ポ": "児童ポルノ排除総合対策"}.get, fold)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("data")
    factories.write_parsed(data, *factories.corpus())
    build_index(data)
    with Searcher(data) as index:
        yield index


@pytest.mark.parametrize(
    ("name", "value", "filters"),
    [
        ("ministry", "NPA", {"ministry": ("警察庁",)}),
        ("ministry", "⽂部科学省", {"ministry": ("文部科学省",)}),  # the index knows it from print
        ("plan", "児ポ", {"plan": ("児童ポルノ排除総合対策",)}),
        ("plan", "人身取引対策行動計画２００９", {"plan": ("人身取引対策行動計画2009",)}),
        ("document", "sub/copy.html", {"document": ("kaisai.html",)}),
        ("year", "平成23", {"year": ((2011, 2011),)}),
        ("year", "2009..2014", {"year": ((2009, 2014),)}),
        ("fiscal_year", "Ｈ２８", {"fiscal_year": ((2016, 2016),)}),
        ("kind", "フォローアップ", {"kind": ("follow_up",)}),
        ("kind", "ﾊﾟﾝﾌﾚｯﾄ", {"kind": ("brochure",)}),
        ("kind", "Report", {"kind": ("report",)}),
        ("status", "○", {"status": ("pending",)}),
        ("status", "実施済み", {"status": ("done",)}),
    ],
)
def test_a_field_resolves(opened: Searcher, name: str, value: str, filters: dict[str, Any]) -> None:
    assert resolve_field(opened, REGISTRY, name, value) == Filters(**filters)


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("ministry", "文部化学省", "文部科学省"),
        ("plan", "第三次こどもの安全対策", "第三次子供の安全対策"),
        ("document", "kaisai.htm", "kaisai.html"),
        ("year", "昨年", "2009..2014"),
        ("kind", "パンフ", "パンフレット"),
        ("status", "donee", "done"),
    ],
)
def test_what_nobody_knows_is_an_error_that_suggests(
    opened: Searcher, name: str, value: str, near: str
) -> None:
    with pytest.raises(FilterError) as raised:
        resolve_field(opened, NOBODY, name, value)
    assert raised.value.exit_code == 2
    assert value in str(raised.value)
    assert near in raised.value.remedy


def test_a_name_twice_counts_once(opened: Searcher) -> None:
    filters = resolve_filters(opened, REGISTRY, ministry=["NPA", "警察庁"], kind=("plan",))
    assert filters == Filters(ministry=("警察庁",), kind=("plan",))


def test_labels_name_every_kind_and_state_and_none_twice() -> None:
    assert set(LABELS["kind"]) == set(get_args(Kind))
    assert set(LABELS["status"]) == set(get_args(Status))
    for names in LABELS.values():
        labels = [fold(label) for name in names for label in (name, *names[name])]
        assert len(labels) == len(set(labels))


FRAME = Frame("a.pdf", "2011-11", "plan", "甲2009", "甲", 2011, None, "done")


@pytest.mark.parametrize(
    ("filters", "barred"),
    [
        ({}, ()),
        ({"plan": ("甲",), "status": ("done",), "restated": ("no",)}, ()),
        ({"plan": ("甲2009",), "year": ((2000, 2010), (2011, 2011))}, ()),
        ({"restated": ("yes",)}, ("restated",)),
        ({"fiscal_year": ((2000, 2020),)}, ("fiscal_year",)),  # none is stated
        ({"kind": ("law",), "document": ("b.pdf",)}, ("kind", "document")),
        ({"plan": ("乙",), "year": ((2012, 2020),), "status": ("pending",)},
         ("plan", "year", "status")),
    ],
)  # fmt: skip
def test_filters_say_which_of_them_bar(filters: dict[str, Any], barred: tuple[str, ...]) -> None:
    assert Filters(**filters).barred_by(FRAME) == barred


@pytest.mark.parametrize(
    ("filters", "typed"),
    [
        ({"ministry": ("警察庁", "法務省")}, "--ministry 警察庁 --ministry 法務省"),
        ({"fiscal_year": ((2009, 2014),)}, "--fiscal-year 2009..2014"),
        ({"document": ("my data/甲(1).pdf",)}, "--document 'my data/甲(1).pdf'"),
        ({"document": ("it's.pdf",)}, "--document 'it'\"'\"'s.pdf'"),
    ],
)
def test_a_filter_can_be_typed_again(filters: dict[str, Any], typed: str) -> None:
    (name,) = filters
    assert Filters(**filters).as_typed(name) == typed
