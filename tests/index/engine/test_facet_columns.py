"""Places are read in parts, one by one or many at once, and are what was written."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.engine.whoosh.facet_columns import Places
from shisaku.index.records.fields import Frame, Place

NAMES = st.sampled_from(["警察庁", "入国管理局", "法務省"])
PLACES = st.builds(
    Place,
    document=NAMES,
    date=st.sampled_from(["", "2011-05-01"]),
    kind=st.sampled_from(["plan", "report"]),
    plan=st.none() | NAMES,
    plan_series=st.none(),
    year=st.none() | st.just(2011),
    fiscal_year=st.none(),
    status=st.none() | st.just("done"),
    ministries=st.lists(NAMES, max_size=3, unique=True).map(tuple),
)


def segment(places: list[Place]) -> Rows:
    with TemporaryDirectory() as folder:
        gathered, path = Gatherer(Path(folder)), Path(folder) / "rows"
        for number, place in enumerate(places):
            frame = Frame(*(getattr(place, name) for name in Frame.__struct_fields__))
            gathered.add_place(number, *map(msgspec.json.encode, (frame, place.ministries)))
        with path.open("wb") as file:
            gathered.write(file, len(places))
        return Rows(memoryview(path.read_bytes()), frozenset(), path.parent)


def counted_as(name: str) -> tuple[str, ...]:
    return (name, "法務省") if name == "入国管理局" else (name,)


def rolled(place: Place) -> Place:
    names = dict.fromkeys(above for name in place.ministries for above in counted_as(name))
    return msgspec.structs.replace(place, ministries=tuple(names))


@given(st.lists(st.lists(PLACES, min_size=1, max_size=6), min_size=1, max_size=3), st.data())
@settings(deadline=None)
def test_places_are_what_was_written(segments: list[list[Place]], data: st.DataObject) -> None:
    each, base = [], 0
    for written in segments:
        each.append((segment(written), base))
        base += len(written)
    places, stands = Places(each, counted_as), [place for part in segments for place in part]
    passages = sorted(data.draw(st.sets(st.sampled_from(range(base)))))
    numbers = places.numbers(passages)
    assert [places.plain(number) for number in numbers] == [stands[at] for at in passages]
    assert [places[number] for number in numbers] == [rolled(stands[at]) for at in passages]
    frames, ministries = places.parts(numbers)
    for at, frame, names in zip(passages, frames, ministries, strict=True):
        assert Place.of(places.frames[frame], places.ministries[names]) == rolled(stands[at])
