"""A searcher that lives on: new generations, threads, files, bounded caches."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shisaku.index.engine.base import UnitName
from shisaku.index.engine.cache import Cache
from shisaku.index.errors import BrokenIndexError, NoIndexError
from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import Searcher
from tests.index.search.test_facets import MINISTRIES, QUERIES, UNITS, counted_as, made
from tests.support import factories


def opened_under(folder: Path) -> list[str]:
    """Give the files below `folder` that this process has open or mapped."""
    links = (each for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    files = []
    for link in links:
        try:
            files.append(str(link.readlink()))
        except FileNotFoundError:
            continue  # that of the listing itself
    maps = [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
    return [name for name in {*files, *maps} if name.startswith(str(folder))]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    factories.write_parsed(tmp_path, *map(made, range(4)))
    build_index(tmp_path)
    return tmp_path


def test_it_keeps_to_its_generation_until_it_is_refreshed(data: Path) -> None:
    with Searcher(data) as searcher:
        before = searcher.search().total
        assert not searcher.refresh()
        factories.write_parsed(data, made(9))
        build_index(data)
        assert searcher.search().total == before
        assert searcher.refresh()
        assert searcher.search().total == before + len(made(9).passages)
        assert not searcher.refresh()


def test_an_answer_is_read_to_its_end_from_the_generation_it_was_made_over(data: Path) -> None:
    with Searcher(data) as searcher:
        total, records = searcher.export()
        first = next(records)
        for number in range(4):
            (data / "parsed" / f"{made(number).id}.json").unlink()
        factories.write_parsed(data, made(9))
        build_index(data)
        assert searcher.refresh()
        assert len([first, *records]) == total


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_nothing_of_old_generations_stays_open(data: Path) -> None:
    gc.collect()
    gc.disable()  # references alone must close them
    try:
        with Searcher(data, counted_as) as searcher:
            for number in range(10, 22):
                factories.write_parsed(data, made(number))
                build_index(data)
                assert searcher.refresh()
                for unit in UNITS:
                    searcher.search("保護", Filters(ministry=("法務省",)), unit=unit)
                list(searcher.export("省庁:警察庁 OR 旅券~")[1])
                here = str(searcher.session.folder)
                assert {str(Path(name).parent) for name in opened_under(data)} == {here}
        assert opened_under(data) == []
    finally:
        gc.enable()


def test_where_the_new_one_cannot_be_read_the_old_one_answers_on(data: Path) -> None:
    with Searcher(data) as searcher:
        total = searcher.search().total
        (data / "index" / "current").write_text("gen-99\n", encoding="utf-8")
        with pytest.raises((BrokenIndexError, NoIndexError)):
            searcher.refresh()
        assert searcher.search().total == total


@pytest.fixture
def hurried() -> Iterator[None]:
    """Let threads take turns far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_share_one(data: Path, hurried: None) -> None:
    """Two threads that met a new list of ministries at once both took it in: counts shifted."""
    asked: list[tuple[str | None, Filters, UnitName]] = [
        (query, Filters(ministry=(name,)) if name else Filters(), unit)
        for query in QUERIES
        for name in ("", *MINISTRIES)
        for unit in UNITS
    ]
    with Searcher(data, counted_as) as alone:
        wanted = [alone.facets(query, filters, unit=unit) for query, filters, unit in asked]
    for turn in range(3):
        with Searcher(data, counted_as) as shared, ThreadPoolExecutor(4) as pool:

            def ask(first: int, shared: Searcher = shared) -> list[object]:
                some = [*asked[first:], *asked[:first]]
                found = [shared.facets(query, filters, unit=unit) for query, filters, unit in some]
                return [*found[len(asked) - first :], *found[: len(asked) - first]]

            for found in pool.map(ask, [turn, turn + 9, turn + 21, turn + 40]):
                assert found == wanted


def test_a_cache_holds_at_most_its_cost() -> None:
    cache: Cache[str, int] = Cache(10)
    for number, key in enumerate("abc"):
        assert cache.put(key, number, 4) == number
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, 1, 2)
    assert cache.cost == 8
    cache.get("b")
    cache.put("d", 3, 4)  # c was used longest ago
    assert (cache.get("b"), cache.get("c"), cache.get("d")) == (1, None, 3)
    cache.put("b", 5, 1)
    assert (cache.get("b"), cache.cost, len(cache)) == (5, 5, 2)
    cache.put("e", 9, 11)  # costs more than all
    assert cache.get("e") is None
    assert cache.cost == 5
    cache.put("f", 9, 10)
    assert (cache.get("f"), len(cache), cache.cost) == (9, 1, 10)
