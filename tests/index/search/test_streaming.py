"""An export holds numbers, not records: memory grows neither with their size nor fast with them."""

import random
import tracemalloc
from pathlib import Path

import pytest

from shisaku.index.engine.base import UnitName
from shisaku.index.export.formats import FORMATS, Layout
from shisaku.index.generations.build import build_index
from shisaku.index.records.fields import FIELDS
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request
from shisaku.index.search.units import MEASURE_FIELDS
from shisaku.ingest.model import ColumnText, Measure
from tests.support import factories

PASSAGES = 1500
SIZES = (10, 8000)
"""Characters in the cells of a row: they are stored, not indexed, and zlib finds no pattern."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Make two indexes of as many passages, one with large records."""
    found = {}
    for size in SIZES:
        data = tmp_path_factory.mktemp("data")
        chance = random.Random(1)
        for number in range(PASSAGES // 100):
            name = f"d{number:02}.pdf"
            measures = [Measure(f"{name}#m-{n}", "", f"施策{n}", ()) for n in range(50)]
            passages = [
                factories.passage(
                    f"{name}#p-{n}",
                    "旅券",
                    type="row",
                    measure=measures[n // 2].id,
                    cells=(ColumnText("甲", chance.randbytes(size // 2).hex()),),
                )
                for n in range(100)
            ]
            document = factories.document(name, passages, measures=tuple(measures))
            factories.write_parsed(data, document)
        build_index(data)
        found[size] = data
    return found


def peak(data: Path, form: str, unit: UnitName) -> int:
    """Give the most bytes that an export held at a time."""
    fields = FIELDS if unit == "passage" else MEASURE_FIELDS
    with Searcher(data) as searcher:
        tracemalloc.start()
        try:
            found = searcher.select(Request(unit=unit))
            for _ in FORMATS[form](
                found.records(), {"documents": found.documents()}, Layout(fields)
            ):
                pass
            assert found.total == (PASSAGES if unit == "passage" else PASSAGES // 2)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("unit", ["passage", "measure"])
@pytest.mark.parametrize("form", ["json", "csv", "bibtex"])
def test_memory_does_not_grow_with_the_size_of_records(
    made: dict[int, Path], form: str, unit: UnitName
) -> None:
    small, large = (peak(made[size], form, unit) for size in SIZES)
    # All records together hold 12 MB more; one at a time, with its JSON and its CSV, 0.1 MB.
    assert large - small < 300_000, (small, large)
