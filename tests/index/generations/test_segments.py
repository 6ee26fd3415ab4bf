"""How many segments an index has after many nights: each night's are folded into those before."""

from pathlib import Path

import pytest

from shisaku.index.generations.build import build_index
from shisaku.index.generations.manifest import current
from shisaku.index.search.searcher import Searcher
from tests.support import factories


def segments(data: Path) -> int:
    """Return how many segments the generation that answers has."""
    generation = current(data)
    assert generation
    return len(list(generation.glob("*.seg")))


@pytest.mark.parametrize("nights", [12])
def test_small_segments_are_folded_into_one(tmp_path: Path, nights: int) -> None:
    counts = []
    for night in range(nights):
        passages = [factories.passage(f"{night}.{n}", f"第{night}回の会議{n}") for n in range(3)]
        factories.write_parsed(tmp_path, factories.document(f"{night}.pdf", passages))
        build_index(tmp_path)
        counts.append(segments(tmp_path))
    assert max(counts) <= 4 < nights
    with Searcher(tmp_path) as searcher:
        found = searcher.search("会議", limit=100)
        assert found.total == 3 * nights
        assert {hit["id"] for hit in found.hits} == {
            f"{i}.{n}" for i in range(nights) for n in range(3)
        }


def test_a_small_segment_leaves_a_large_one_alone(tmp_path: Path) -> None:
    # What a night costs must not grow with what there is.
    passages = [factories.passage(f"p.{n}", f"会議{n}") for n in range(200)]
    factories.write_parsed(tmp_path, factories.document("large.pdf", passages))
    build_index(tmp_path)
    factories.write_parsed(tmp_path, factories.document("s.pdf", [factories.passage("s", "会議")]))
    build_index(tmp_path)
    assert segments(tmp_path) == 2
