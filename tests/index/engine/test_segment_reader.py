"""What a reader maps: columns and segments as Whoosh itself reads them, and the bounds of words."""

import gc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import columns
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import RamStorage

from shisaku.index.analysis.analyzer import words
from shisaku.index.engine.whoosh.codec.segment_map import Held, check, read_contents, stretches
from shisaku.index.engine.whoosh.codec.segment_reader import PACKED, Segments
from shisaku.index.engine.whoosh.codec.whoosh_columns import Column
from shisaku.index.engine.whoosh.token_offsets import decode_bounds, encode_bounds
from shisaku.index.errors import BrokenIndexError
from shisaku.index.garbage import uncollected
from shisaku.index.generations.build import build_index
from shisaku.index.generations.indexing import word_offsets
from shisaku.index.generations.manifest import current
from shisaku.index.search.searcher import Searcher
from tests.support import factories


def written(values: list[bytes], *, packed: bool) -> bytes:
    """Give a column as Whoosh writes it."""
    storage = RamStorage()
    kind = columns.CompressedBytesColumn() if packed else columns.VarBytesColumn()
    file = storage.create_file("column")
    writer = kind.writer(file)
    for number, value in enumerate(values):
        writer.add(number, value)
    writer.finish(len(values))
    file.close()
    raw: bytes = storage.files["column"]
    return raw


@given(st.lists(st.binary(max_size=400), max_size=30), st.booleans())
def test_a_column_reads_as_it_was_written(values: list[bytes], packed: bool) -> None:
    column = Column(memoryview(written(values, packed=packed)), len(values), packed=packed)
    assert [column[number] for number in range(len(values))] == values


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("width", [3, 300, 70_000])
def test_a_long_column_has_its_offsets_beside_it(packed: bool, width: int) -> None:
    values = [b"%d" % number for number in range(40_000)]
    values[7] = bytes(range(256)) * (width // 256 + 1)
    values[-1] = b""
    column = Column(memoryview(written(values, packed=packed)), len(values), packed=packed)
    for number in (0, 6, 7, 8, 32_768, 39_998, 39_999):
        assert column[number] == values[number]


TEXT = st.text(alphabet="人身取引被害者の保護をする。一人A5㍿ﾊﾞ が\x1e", max_size=60)


@given(TEXT)
def test_bounds_are_those_of_the_words(text: str) -> None:
    found = words(text)
    bounds = decode_bounds(encode_bounds(word_offsets(found)))
    assert len(bounds) == 2 * (found[-1].position + 1 if found else 0)
    for word in found:
        assert tuple(bounds[2 * word.position : 2 * word.position + 2]) == (word.start, word.end)


def bounds_of(text: str) -> list[int]:
    return list(decode_bounds(encode_bounds(word_offsets(words(text)))))


@pytest.mark.parametrize("gap", [0, 127, 128, 32_767, 32_768, 100_000])
def test_bounds_hold_any_distance(gap: int) -> None:
    text = "保護" + " " * gap + "保護"
    assert bounds_of(text) == [0, 2, gap + 2, gap + 4]


def test_one_byte_is_enough_for_a_sentence() -> None:
    text = "人身取引の被害者を一人も出さない。" * 5
    found = words(text)
    assert len(encode_bounds(word_offsets(found))) == 1 + 2 * (found[-1].position + 1)


@given(st.frozensets(st.integers(0, 60)))
def test_stretches_are_the_numbers(numbers: frozenset[int]) -> None:
    found = stretches(numbers)
    assert [number for part in found for number in range(*part)] == sorted(numbers)
    assert all(end < start for (_, end), (start, _) in pairwise(found))


def test_segments_are_what_whoosh_reads(tmp_path: Path) -> None:
    many = [factories.passage(f"many.{n}", f"第{n}回の会議を開いた。") for n in range(40)]
    factories.write_parsed(tmp_path, factories.document("many.html", many), *factories.corpus())
    build_index(tmp_path)
    factories.write_parsed(tmp_path, factories.with_text(factories.plan(), "plan.1", "変更"))
    (tmp_path / "parsed/kaisai.html.json").unlink()
    build_index(tmp_path)
    generation = current(tmp_path)
    assert generation
    contents = read_contents(generation)
    segments = Segments(generation, contents.segments)
    store = whoosh_index.open_dir(str(generation), readonly=True)
    reader = store.reader()
    living = list(reader.all_doc_ids())
    assert any(held.deleted for held in contents.segments)
    assert list(segments.everything()) == living
    assert segments.size == reader.doc_count_all()
    assert contents.passages == len(living) > 0
    for name in PACKED:
        column = reader.column_reader(name)
        assert [segments.value(name, number) for number in living] == [
            column[number] for number in living
        ]
    for number in living:
        record = msgspec.json.decode(segments.record(number))
        found = words(record["text"])
        assert segments.bounds(number)[::2] == [word.start for word in found]
        rows, local = segments.within(number)
        assert local in rows.numbers("id", record["id"])
    reader.close()
    store.close()
    segments.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    return tmp_path


def test_what_is_closed_answers_nothing(data: Path) -> None:
    searcher = Searcher(data)
    searcher.close()
    for ask in (searcher.search, searcher.passage, searcher.document):
        with pytest.raises(ValueError, match="released"):
            ask("被害者")


def _change(data: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change a part of the first segment, but not its length."""
    generation = current(data)
    assert generation
    held = read_contents(generation).segments[0]
    start, end = held.parts[part]
    path = generation / held.file
    raw = path.read_bytes()
    changed = change(raw[start:end])
    assert len(changed) == end - start
    path.unlink()
    path.write_bytes(raw[:start] + changed + raw[end:])


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_damaged_record_says_how_to_go_on(data: Path) -> None:
    _change(data, "record", lambda raw: bytes(20) + raw[20:])
    with pytest.raises(BrokenIndexError) as caught, Searcher(data) as searcher:
        list(searcher.export()[1])
    assert f"index --rebuild --data {data}" in caught.value.remedy


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("word", [b"jinshin/followup.pdf", "法務省".encode()])
def test_a_damaged_place_says_how_to_go_on(data: Path, word: bytes) -> None:
    _change(data, "rows", lambda raw: raw.replace(b'"' + word, b"!" + word))
    with pytest.raises(BrokenIndexError, match="damaged"), Searcher(data) as searcher:
        searcher.facets("人身取引")


@pytest.mark.parametrize(
    ("parts", "deleted"),
    [
        ({"rows": (0, 8)}, ()),
        ({"rows": (0, 11)}, ()),
        ({"rows": (-1, 8)}, ()),
        ({"rows": (8, 4)}, ()),
        ({"rows": (0, 8)}, ((0, 4),)),
        ({"rows": (0, 8)}, ((2, 2),)),
        ({"rows": (0, 8)}, ((0, 10**12),)),
    ],
)
def test_what_cannot_be_is_not_believed(
    parts: dict[str, tuple[int, int]], deleted: tuple[tuple[int, int], ...]
) -> None:
    held = Held("a.seg", 3, parts, deleted)
    if parts == {"rows": (0, 8)} and not deleted:
        check(held, 10)
    else:
        with pytest.raises(ValueError, match=r"a\.seg"):
            check(held, 10)


def test_the_collector_stays_out_until_the_last_has_left() -> None:
    assert gc.isenabled()
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_two_may_read_the_manifest_at_once(data: Path) -> None:
    with Searcher(data) as searcher:
        first = searcher.manifest
        del searcher.session.__dict__["manifest"]
        assert searcher.manifest == first
