"""Ids that a document no longer has, and the passages and measures that now hold their words.

When a document is parsed again and a passage is divided, joined with others or moved, its id is
gone, while somebody may have cited it. `record` compares the parsed file of before with the new
one and writes DIR/history/ids/<document id>.json: {"moved": {old: [new, …]}}, with the parts of ids
after "#" and in the order of the new document. `lookup` reads it. The file is history: it depends
on which versions of a document were parsed here, so it is kept apart from parsed/ (where equal
documents give equal bytes) and cannot be made again. An id stays in it for good, and what it points
to is brought up to date, so that an id of three versions ago is found in one step.

Words are compared folded, and nearly all must be found: a passage whose words changed has no
successor.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from shisaku.ingest.disk.files import UNDECODABLE, read_regular
from shisaku.ingest.parsed.store import Store, write_atomically
from shisaku.ingest.text.fold import fold

_RUN, _STEP = 12, 6
"""Characters of the runs by which words are looked for, and from the start of one to the next."""
_PLACES = 50
"""Passages with a run in common that are looked at: a form can repeat one row a thousand times."""
_HELD = 0.7
"""Share of the runs of a passage that its successors must hold. A run is lost where a passage was
divided, or a label taken off its front; where words changed, many are."""
_SHARE = 0.1
"""Share of the runs that a further successor must add."""
_MOVED = 20_000
"""Greatest number of old ids kept for a document."""


class _Measured(msgspec.Struct, frozen=True):
    id: str


class _Passage(msgspec.Struct, frozen=True):
    id: str
    text: str
    measure: str | None = None


class _Parsed(msgspec.Struct, frozen=True):
    """What is read of a parsed document, of this version or an older one."""

    passages: tuple[_Passage, ...] = ()
    measures: tuple[_Measured, ...] = ()


class _History(msgspec.Struct, frozen=True):
    moved: dict[str, tuple[str, ...]] = {}


def record(data: Path, document_id: str, old: bytes, new: bytes) -> None:
    """Note the ids that `old`, the JSON of a parsed document, has and `new` has not.

    Nothing is written where no id is gone or none has a successor. Call it before `new` is written:
    where the process dies between the two, the same is noted again.

    Raises:
        OSError: the file cannot be written.

    """
    try:
        before = msgspec.json.decode(old, type=_Parsed)
        after = msgspec.json.decode(new, type=_Parsed)
    except UNDECODABLE:
        return
    found = successors(before, after)
    living = {_local(one.id) for one in after.passages}
    living.update(_local(one.id) for one in after.measures)
    known = _read(data, document_id)
    moved = dict(_brought_up_to_date(known, found, living)) | found
    moved = dict(list(moved.items())[-_MOVED:])
    if moved != known:
        raw = msgspec.json.format(msgspec.json.encode(_History(moved), order="sorted"), indent=1)
        write_atomically(_path(data, document_id), raw + b"\n")


def lookup(data: Path, key: str) -> list[str]:
    """Return the ids that hold the words of the id `key` now, [] where none is known."""
    document_id, _, local = key.partition("#")
    return [f"{document_id}#{new}" for new in _read(data, document_id).get(local, ())]


def successors(before: _Parsed, after: _Parsed) -> dict[str, tuple[str, ...]]:
    """Return for the ids that only `before` has the ids of `after` that hold their words."""
    kept = {passage.id for passage in after.passages}
    gone = [passage for passage in before.passages if passage.id not in kept]
    had = {passage.id for passage in before.passages}
    places = _Places([passage for passage in after.passages if passage.id not in had], gone)
    moved: dict[str, tuple[str, ...]] = {}
    holders: dict[str, list[_Passage]] = {}
    """Per measure of `before`: the passages that hold its words in `after`."""
    standing = {passage.id: passage for passage in after.passages}
    for passage in before.passages:
        if passage.id in kept:
            found: Sequence[_Passage] = (standing[passage.id],)
        else:
            found = places.of(fold(passage.text))
            if found:
                moved[_local(passage.id)] = tuple(_local(one.id) for one in found)
        if passage.measure is not None:
            holders.setdefault(passage.measure, []).extend(found)
    measures = {measure.id for measure in after.measures}
    for measure in before.measures:
        if measure.id not in measures:
            now = dict.fromkeys(
                one.measure for one in holders.get(measure.id, ()) if one.measure is not None
            )
            if now:
                moved[_local(measure.id)] = tuple(map(_local, now))
    return moved


class _Places:
    """Which of some passages hold the words of others that are sought."""

    def __init__(self, passages: Sequence[_Passage], sought: Iterable[_Passage]) -> None:
        self._passages = passages
        self._whole: dict[str, list[int]] = {}
        self._holding: dict[str, list[int]] = {
            run: [] for passage in sought for run in _runs(fold(passage.text))
        }
        """Per run of characters: the numbers of the passages that hold it."""
        self._taken: Counter[str] = Counter()
        for number, passage in enumerate(passages):
            text = fold(passage.text)
            self._whole.setdefault(text, []).append(number)
            for at in range(len(text) - _RUN + 1):
                found = self._holding.get(text[at : at + _RUN])
                if found is not None and len(found) < _PLACES and found[-1:] != [number]:
                    found.append(number)

    def of(self, text: str) -> Sequence[_Passage]:
        """Return the fewest passages, in order, that hold nearly all of the folded `text`."""
        # Equal texts of before take the equal texts of after in turn.
        turn = self._taken[text]
        self._taken[text] += 1
        if equal := self._whole.get(text):
            return [self._passages[equal[min(turn, len(equal) - 1)]]]
        runs = _runs(text)
        rest = {run: self._holding[run] for run in runs if self._holding.get(run)}
        found: list[int] = []
        while rest:
            support = Counter(number for numbers in rest.values() for number in numbers)
            most = max(support.values())
            if found and most < _SHARE * len(runs):
                break
            best = [number for number in support if support[number] == most]
            one = best[min(turn, len(best) - 1)]
            found.append(one)
            rest = {run: numbers for run, numbers in rest.items() if one not in numbers}
        held = sum(not set(self._holding.get(run, ())).isdisjoint(found) for run in runs)
        if held < _HELD * len(runs):
            return ()
        return [self._passages[number] for number in sorted(found)]


def _runs(text: str) -> list[str]:
    """Return runs of characters that begin every few characters, and the last; [] if too short."""
    starts = range(0, len(text) - _RUN + 1, _STEP)
    return list(
        dict.fromkeys([*(text[at : at + _RUN] for at in starts), text[-_RUN:]] if starts else [])
    )


def _brought_up_to_date(
    known: Mapping[str, tuple[str, ...]], found: Mapping[str, tuple[str, ...]], living: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the known ids with what now stands for them; those that live again are left out."""
    for old, new in known.items():
        if old not in living:
            now = dict.fromkeys(
                then
                for one in new
                for then in ((one,) if one in living else found.get(one, (one,)))
            )
            yield old, tuple(now)


def _local(key: str) -> str:
    return key.rpartition("#")[2]


def _path(data: Path, document_id: str) -> Path:
    return Store(data / "history" / "ids").path(document_id)


def _read(data: Path, document_id: str) -> dict[str, tuple[str, ...]]:
    try:
        return msgspec.json.decode(read_regular(_path(data, document_id)), type=_History).moved
    except (OSError, *UNDECODABLE):
        return {}
