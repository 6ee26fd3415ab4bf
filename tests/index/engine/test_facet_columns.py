"""Places are read in parts, one by one or many at once, and are what was written."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.engine.whoosh.facet_columns import Places
from shisaku.index.records.fields import Bodies, Frame

NAMES = st.sampled_from(["警察庁", "入国管理局", "法務省"])
Place = tuple[Frame, Bodies]
PLACES = st.tuples(
    st.builds(
        Frame,
        document=NAMES,
        date=st.sampled_from(["", "2011-05-01"]),
        kind=st.sampled_from(["plan", "report"]),
        plan=st.none() | NAMES,
        plan_series=st.none(),
        year=st.none() | st.just(2011),
        fiscal_year=st.none(),
        status=st.none() | st.just("done"),
        restated=st.sampled_from(["yes", "no"]),
    ),
    st.builds(
        Bodies,
        ministries=st.lists(NAMES, max_size=3, unique=True).map(tuple),
        publisher=st.none() | NAMES,
    ),
)


def segment(places: list[Place]) -> Rows:
    with TemporaryDirectory() as folder:
        gathered, path = Gatherer(Path(folder)), Path(folder) / "rows"
        for number, place in enumerate(places):
            gathered.add_place(number, *map(msgspec.json.encode, place))
        with path.open("wb") as file:
            gathered.write(file, len(places))
        return Rows(memoryview(path.read_bytes()), frozenset(), path.parent)


@given(st.lists(st.lists(PLACES, min_size=1, max_size=6), min_size=1, max_size=3), st.data())
@settings(deadline=None)
def test_places_are_what_was_written(segments: list[list[Place]], data: st.DataObject) -> None:
    each, base = [], 0
    for written in segments:
        each.append((segment(written), base))
        base += len(written)
    places, stands = Places(each), [place for part in segments for place in part]
    passages = sorted(data.draw(st.sets(st.sampled_from(range(base)))))
    numbers = places.numbers(passages)
    for at in passages:
        frame, names = places.pair(at)
        assert (frame, places.known_sets[names]) == stands[at]
    frames, sets = places.parts(numbers)
    for at, number, names in zip(passages, frames, sets, strict=True):
        assert (places.frames[number], places.sets[names]) == stands[at]
    assert len(places.sets) == len(set(places.sets))
    assert set(places.sets) == {bodies for _, bodies in stands}


def test_threads_that_ask_at_once_get_the_same_numbers() -> None:
    """Two threads that intern different values must not give both the same number."""
    written = [
        (Frame(f"d{n}", "", "plan", None, None, None, None, None), Bodies((f"m{n}",)))
        for n in range(400)
    ]
    rows, switched = segment(written), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for turn in range(20):
            places = Places([(rows, 0)])

            def ask(first: int, places: Places = places) -> list[str]:
                order = [(first + step) % 400 for step in range(400)]
                found = []
                for at in order:
                    _, [number] = places.parts(places.numbers([at]))
                    found.append(places.known_sets[number].ministries[0])
                return sorted(found)

            with ThreadPoolExecutor(4) as pool:
                for found in pool.map(ask, [turn, turn + 100, turn + 200, turn + 300]):
                    assert found == sorted(f"m{n}" for n in range(400))
    finally:
        sys.setswitchinterval(switched)
