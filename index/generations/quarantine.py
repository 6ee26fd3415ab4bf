"""Has worker processes write a generation, and leaves out documents at which they fail.

`Building.write` takes paths of parsed files and gives `Built`. A worker writes many documents into
one segment. Where it fails at a document (time, memory, a crash), that document and those after it
are tried in a new process. A document is quarantined (left out, with the reason) only where it
fails as the first of a process: elsewhere earlier documents may be the cause. Then the work is
repeated without it. It is not tried again while its bytes are unchanged.

Where no document fails alone, the documents together need too much, and the part is divided in two.
Where many documents fail, the program or the machine is the cause, and the run ends before anything
is swapped in.
"""

import heapq
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from shisaku.index.engine.whoosh.codec.segment_map import Held
from shisaku.index.errors import BrokenIndexError, BuildError, UnreadableIndexError, rebuild
from shisaku.index.generations.manifest import Manifest, Refused
from shisaku.index.generations.messages import Close, Failed, Limits, Write, Written
from shisaku.index.generations.swap import start_from
from shisaku.index.generations.workers import Unfinished, Workers
from shisaku.index.records.entries import Entry
from shisaku.ingest.errors import to_type

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""

_LEAST = 4_000_000
"""Least size in bytes of the files of a process, which takes half a second to start."""
_MOST_FAILING = 20
_FAILING_PART = 10
_SEVERAL = 4
"""More than `_MOST_FAILING` failing documents, if more than one in `_FAILING_PART` of those tried,
are taken for a fault of the program; so are more than `_SEVERAL` where all of a run fail."""


class Built(NamedTuple):
    """The result: entries and refused files for the manifest, and what the report needs."""

    entries: dict[str, Entry]
    refused: dict[str, Refused]
    unread: dict[str, str]
    """Reasons of files that could not be opened, by name; their earlier passages stay."""
    changes: dict[str, int]
    """Numbers of passages added, changed and removed."""
    quarantined: frozenset[str] = frozenset()
    """Names of the files at which indexing failed in this run."""


@dataclass
class _Part:
    """Files that one worker writes into one folder."""

    folder: Path
    todo: dict[str, bytes]
    gone: tuple[str, ...] = ()
    last: Path | None = None
    old: Manifest | None = None
    written: Written | None = None

    def order(self) -> Write:
        """Return the order for a worker, and make its folder anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.last is None:
            self.folder.mkdir()
        else:
            start_from(self.last, self.folder)
        if self.last is None or self.old is None:
            return Write(os.fsencode(self.folder), self.todo)
        names = [*self.todo, *self.gone]
        documents, refused = self.old.documents, self.old.refused
        return Write(
            os.fsencode(self.folder),
            self.todo,
            self.gone,
            os.fsencode(self.last),
            {name: documents[name] for name in names if name in documents},
            {name: refused[name] for name in names if name in refused},
            {entry.id: name for name, entry in documents.items() if entry.id},
        )


@dataclass
class Building:
    """Writes the generation in the directory `generation`, which does not exist yet.

    `digest(name)` is the SHA-256 of a parsed file; `data` is the data directory, for remedies.
    """

    data: Path
    generation: Path
    workers: Workers
    limits: Limits
    digest: Callable[[str], str]
    progress: Progress | None = None
    quarantined: dict[str, Refused] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()
    """Folders of segments that are to be moved into the generation."""

    def write(
        self,
        todo: Mapping[str, Path],
        gone: Sequence[str] = (),
        last: Path | None = None,
        old: Manifest | None = None,
        jobs: int = 1,
    ) -> Built:
        """Write the files `todo` (paths by name) and take out the documents `gone`.

        With `last` the generation begins with the segments of that one, whose manifest is `old`;
        without it up to `jobs` processes share the work.

        Raises:
            UnreadableIndexError: the last generation cannot be read.
            BuildError: it cannot be written.
            OSError: the disk is full, or fails otherwise.

        """
        files = {name: os.fsencode(path) for name, path in todo.items()}
        parts: list[_Part] = []
        if old is None and len(split := shares(todo, jobs)) > 1:
            self.generation.mkdir()
            for at, share in enumerate(split):
                parts.append(_Part(self.generation / f".part-{at}", share))
            self._carry_out(parts)
            if _hold_the_same(parts):  # one process must see both
                parts = []
        if not parts:
            files = {name: path for name, path in files.items() if name not in self.quarantined}
            whole = _Part(self.generation, files, tuple(gone), last, old)
            parts = [whole]
            self._carry_out(parts)
            if _hold_the_same(parts):
                raise BuildError(*self._too_much(Unfinished("", Failed("memory", ""))))
        some = len(self.quarantined) > _SEVERAL
        if old is None and some and not any(part.todo for part in parts):
            reasons = [each.reason for each in self.quarantined.values()]
            raise self._no_fault_of_theirs(len(reasons), len(todo), reasons[-1])
        self.folders = tuple(part.folder for part in parts if part.folder != self.generation)
        if self.progress:
            self.progress(len(todo), len(todo), "")
        return self._built(parts, old)

    def _built(self, parts: Sequence[_Part], old: Manifest | None) -> Built:
        entries = dict(old.documents) if old else {}
        refused = dict(old.refused) if old else {}
        unread: dict[str, str] = {}
        changes = dict.fromkeys(("added", "changed", "removed"), 0)
        for part in parts:
            assert part.written is not None
            for name in part.written.dropped:
                if name not in part.written.entries:
                    entries.pop(name, None)
                refused.pop(name, None)
            entries |= part.written.entries
            refused |= part.written.refused
            unread |= part.written.unread
            for name in changes:
                changes[name] += getattr(part.written, name)
        refused |= self.quarantined
        return Built(entries, refused, unread, changes, frozenset(self.quarantined))

    def close(self, passages: int, counts: Mapping[str, int], known: Sequence[Held]) -> list[Held]:
        """Return the segments of the generation after checking them (`messages.Close`).

        `known` are the segments of the last generation.

        Raises:
            BrokenIndexError: the generation does not hold what it should.
            BuildError: the worker failed.

        """
        sums = {held.file: held.sums for held in known}
        folders = tuple(map(os.fsencode, self.folders))
        order = Close(os.fsencode(self.generation), folders, passages, dict(counts), sums)
        [said] = self.workers.work([order])
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(said, Unfinished):
            self._raise(said)
            raise BuildError(*self._too_much(said))
        assert not isinstance(said, Written)
        if said.fault:
            raise BrokenIndexError(
                f"the new index was not put in place: {said.fault}; the last one goes on answering",
                rebuild(self.data),
            )
        return list(said.segments)

    # --- documents at which a worker fails -----------------------------------------------------

    def _carry_out(self, parts: list[_Part]) -> None:
        """Have workers write the parts; a part that needs too much as a whole is divided in two."""
        total = sum(len(part.todo) for part in parts)
        waiting = list(parts)
        while waiting:
            done = 0

            def begun(name: str) -> None:
                nonlocal done
                if name and self.progress:
                    self.progress(min(done, total - 1), total, name)
                    done += 1

            found = self.workers.work([part.order() for part in waiting], begun)
            stopped = []
            for part, said in zip(waiting, found, strict=True):
                if isinstance(said, Unfinished):
                    self._raise(said)
                    if self._quarantine(part, said):
                        stopped.append(part)
                    else:
                        stopped += self._in_halves(parts, part, said)
                else:
                    assert isinstance(said, Written)
                    part.written = said
            waiting = stopped

    def _raise(self, stopped: Unfinished) -> None:
        """Raise the error of the disk or of the last generation, which no document causes."""
        why = stopped.why
        if why.kind == "disk":
            raise OSError(why.errno, why.what, os.fsdecode(why.detail) or None)
        if why.kind == "broken":
            raise UnreadableIndexError(why.what, rebuild(self.data))

    def _quarantine(self, part: _Part, stopped: Unfinished) -> bool:
        """Try the document at which a worker stopped, and the rest; leave out those that fail.

        Returns whether any was left out.
        """
        rest = list(part.todo)
        rest = rest[rest.index(stopped.name) :] if stopped.name else []
        guilty, tried = 0, 0
        while rest:
            todo = {name: part.todo[name] for name in rest}
            with tempfile.TemporaryDirectory(prefix=".part-", dir=self.generation) as folder:
                order = Write(os.fsencode(folder), todo, trial=True)
                [said] = self.workers.work([order], fresh=True)
            if not isinstance(said, Unfinished):
                break
            self._raise(said)
            if not said.name:
                break  # all were indexed; whether they need too much together shows in the real run
            done = rest.index(said.name)
            tried += max(done, 1)
            if done == 0:
                self.quarantined[said.name] = self._reason(said)
                part.todo = {name: path for name, path in part.todo.items() if name != said.name}
                guilty += 1
                self._judge(guilty, tried, said)
            rest = rest[max(done, 1) :]
        return guilty > 0

    def _judge(self, guilty: int, tried: int, said: Unfinished) -> None:
        """Raise `BuildError` where so many documents fail that the program is the cause."""
        if guilty > _MOST_FAILING and guilty * _FAILING_PART > tried:
            raise self._no_fault_of_theirs(guilty, tried, self._reason(said).reason)

    def _no_fault_of_theirs(self, guilty: int, tried: int, last: str) -> BuildError:
        return BuildError(
            f"{guilty} of {tried} documents cannot be indexed, which is no fault of theirs; the "
            f"last index goes on answering. The last of them: {last}",
            "see runs/index.log in the data directory; reinstall shisaku if it stays so, then "
            f"type: {to_type('index', self.data)}",
        )

    def _in_halves(self, parts: list[_Part], part: _Part, stopped: Unfinished) -> list[_Part]:
        """Replace a part that needs too much, although no document of it does, by two halves."""
        names = list(part.todo)
        if part.last is not None or len(names) < 2:
            raise BuildError(*self._too_much(stopped))
        if part.folder == self.generation:
            shutil.rmtree(self.generation, ignore_errors=True)
            self.generation.mkdir()
        base = self.generation / f".part-{len(list(self.generation.glob('.part-*')))}-{len(parts)}"
        halves = []
        for at, some in enumerate((names[: len(names) // 2], names[len(names) // 2 :])):
            folder = base.with_name(f"{base.name}-{at}")
            halves.append(_Part(folder, {name: part.todo[name] for name in some}))
        parts.remove(part)
        parts += halves
        return halves

    def _reason(self, stopped: Unfinished) -> Refused:
        seconds, memory, what = self.limits.seconds, self.limits.memory_mb, stopped.why.what
        reasons = {
            "timeout": f"Indexing it took longer than {seconds:g} seconds (時間切れです)",
            "memory": f"Indexing it needs more than {memory} MB of memory (メモリ不足です)",
            "crash": f"The process that indexed it died ({what}; 異常終了しました)",
            "internal": f"Indexing it failed unforeseen ({what}; 内部エラーです)",
        }
        kind = stopped.why.kind
        digest = self.digest(stopped.name)
        if what == "SIGKILL":  # the system was short of memory; the next run may not be
            digest = f"again {digest}"
        return Refused(digest, reasons[kind], kind)

    def _too_much(self, stopped: Unfinished) -> tuple[str, str]:
        """Return message and remedy for a failure that no document causes."""
        seconds, memory, why = self.limits.seconds, self.limits.memory_mb, stopped.why
        again = f"{rebuild(self.data)} --jobs 1"
        what, remedy = {
            "timeout": ("a step took too long", f"--timeout {seconds * 4:g}"),
            "memory": (f"it needs more than {memory} MB of memory", f"--memory {memory * 2}"),
        }.get(why.kind, (f"the process that wrote it failed ({why.what})", ""))
        log = "" if remedy else "see runs/index.log in the data directory, then "
        return (
            f"the index could not be written: {what}; the last one goes on answering",
            f"{log}{again} {remedy}".rstrip(),
        )


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 on an error, which opening the file reports."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def shares(todo: Mapping[str, Path], jobs: int) -> list[dict[str, bytes]]:
    """Return the files for each process, of about equal size; [] where one process is enough."""
    sizes = {name: size_of(path) for name, path in todo.items()}
    jobs = min(jobs, sum(sizes.values()) // _LEAST)
    if jobs < 2:
        return []
    found: list[dict[str, bytes]] = [{} for _ in range(jobs)]
    loads = [(0, at) for at in range(jobs)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        load, at = heapq.heappop(loads)
        found[at][name] = os.fsencode(todo[name])
        heapq.heappush(loads, (load + sizes[name], at))
    return [dict(sorted(share.items())) for share in found]


def _hold_the_same(parts: Sequence[_Part]) -> bool:
    """Return whether two parts hold the same document."""
    held = [
        entry.id or name
        for part in parts
        if part.written
        for name, entry in part.written.entries.items()
    ]
    return len(set(held)) < len(held)
