"""Has a generation written by worker processes, and quarantines documents at which they fail.

A worker writes many documents into one segment; that costs no more than writing them here. Where
it fails at a document (too much time or memory, a crash), the document is tried in a process of its
own, and so are those after it, as nothing is known of them. What fails there is left out with the
reason, and the work is done anew without it. So each document costs at most three times its own
time, and what fails costs it once: as long as its bytes are the same it is not tried again.
"""

import heapq
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.contents import Held
from index.generation import BrokenIndexError, Entry, Manifest, Refused, rebuild
from index.swap import start_from
from index.work import Close, Limits, Write, Written
from index.workers import Stopped, Workers
from ingest.errors import ShisakuError

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""

_LEAST = 4_000_000
"""Bytes of parsed files that are worth a process: it starts in half a second."""


class BuildError(ShisakuError):
    """The index could not be written, for a reason that lies in no single document."""


class UnreadableIndexError(BrokenIndexError):
    """The generation that was to be built upon cannot be read, though its hashes are right."""


class Built(NamedTuple):
    """What was written: entries and refused files, as the manifest has them, and what else."""

    entries: dict[str, Entry]
    refused: dict[str, Refused]
    unread: dict[str, str]
    """Files that could not be opened, and why; what they held before stays."""
    changes: dict[str, int]
    """Passages added, changed and removed."""


@dataclass
class _Part:
    """Files that one worker writes into one folder."""

    folder: Path
    todo: dict[str, str]
    gone: tuple[str, ...] = ()
    last: Path | None = None
    old: Manifest | None = None
    written: Written | None = None
    again: int = 0

    def order(self) -> Write:
        """Return what to tell a worker; the folder is made anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.last is None:
            self.folder.mkdir()
        else:
            start_from(self.last, self.folder)
        if self.last is None or self.old is None:
            return Write(str(self.folder), self.todo)
        names = [*self.todo, *self.gone]
        documents, refused = self.old.documents, self.old.refused
        return Write(
            str(self.folder),
            self.todo,
            self.gone,
            str(self.last),
            {name: documents[name] for name in names if name in documents},
            {name: refused[name] for name in names if name in refused},
            {entry.id: name for name, entry in documents.items() if entry.id},
        )


@dataclass
class Building:
    """The writing of the generation in the directory `generation`, which is not there yet.

    `digest` gives the SHA-256 of a parsed file by name, `data` is the data directory, for remedies.
    """

    data: Path
    generation: Path
    workers: Workers
    limits: Limits
    digest: Callable[[str], str]
    progress: Progress | None = None
    quarantined: dict[str, Refused] = field(default_factory=dict)

    def write(
        self,
        todo: Mapping[str, Path],
        gone: Sequence[str] = (),
        last: Path | None = None,
        old: Manifest | None = None,
        jobs: int = 1,
    ) -> Built:
        """Write `todo` (paths by name), in as many processes as there are `jobs` where all is new.

        Where `last` is given the generation begins as that one, of the manifest `old`.

        Raises:
            UnreadableIndexError: the last generation cannot be read.
            BuildError: it cannot be written.
            OSError: the disk is full, …

        """
        files = {name: str(path) for name, path in todo.items()}
        parts: list[_Part] = []
        if old is None and len(split := shares(todo, jobs)) > 1:
            self.generation.mkdir()
            for at, share in enumerate(split):
                parts.append(_Part(self.generation / f".part-{at}", share))
            self._carry_out(parts)
            if _in_two(parts):  # one process must see both
                parts = []
        if not parts:
            parts = [_Part(self.generation, files, tuple(gone), last, old)]
            self._carry_out(parts)
        self.folders = tuple(str(p.folder) for p in parts if p.folder != self.generation)
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
        return Built(entries, refused | self.quarantined, unread, changes)

    def close(self, passages: int, counts: Mapping[str, int], known: Sequence[Held]) -> list[Held]:
        """List the segments of what was written, once they have been tried; see `Close`.

        `known` are the segments of the last generation.

        Raises:
            BuildError: what was written does not hold what it should.

        """
        sums = {held.file: held.sums for held in known}
        order = Close(str(self.generation), self.folders, passages, dict(counts), sums)
        [said] = self.workers.work([order])
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(said, Stopped):
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

    def _carry_out(self, parts: Sequence[_Part]) -> None:
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
                if isinstance(said, Stopped):
                    self._raise(said)
                    self._quarantine(part, said)
                    stopped.append(part)
                else:
                    assert isinstance(said, Written)
                    part.written = said
            waiting = stopped

    def _raise(self, stopped: Stopped) -> None:
        """Raise what is no document's fault."""
        why = stopped.why
        if why.kind == "disk":
            raise OSError(why.errno, why.what, why.detail)
        if why.kind == "broken":
            raise UnreadableIndexError(why.what, rebuild(self.data))

    def _quarantine(self, part: _Part, stopped: Stopped) -> None:
        """Try the document at which a worker stopped, and those after it; leave out what fails."""
        names = list(part.todo)
        rest = names[names.index(stopped.name) :] if stopped.name else []
        guilty = 0
        while rest:
            todo = {name: part.todo[name] for name in rest}
            with tempfile.TemporaryDirectory(prefix=".part-", dir=self.generation) as folder:
                [said] = self.workers.work([Write(folder, todo, trial=True)])
            if not isinstance(said, Stopped):
                break
            self._raise(said)
            if not said.name:
                raise BuildError(*self._too_much(said))
            self.quarantined[said.name] = self._reason(said)
            part.todo = {name: path for name, path in part.todo.items() if name != said.name}
            guilty += 1
            rest = rest[rest.index(said.name) + 1 :]
        if not guilty:
            part.again += 1
            if part.again > 1:
                raise BuildError(*self._too_much(stopped))

    def _reason(self, stopped: Stopped) -> Refused:
        seconds, memory, what = self.limits.seconds, self.limits.memory_mb, stopped.why.what
        reasons = {
            "timeout": f"Indexing it took longer than {seconds:g} seconds (時間切れです)",
            "memory": f"Indexing it needs more than {memory} MB of memory (メモリ不足です)",
            "crash": f"The process that indexed it died ({what}; 異常終了しました)",
            "internal": f"Indexing it failed unforeseen ({what}; 内部エラーです)",
        }
        kind = stopped.why.kind
        return Refused(self.digest(stopped.name), reasons[kind], kind)

    def _too_much(self, stopped: Stopped) -> tuple[str, str]:
        more = self.limits.memory_mb * 2
        what = {
            "timeout": "it took too long",
            "memory": f"it needs more than {self.limits.memory_mb} MB of memory",
        }.get(stopped.why.kind, f"the process that wrote it died ({stopped.why.what})")
        return (
            f"the index could not be written: {what}; the last one goes on answering",
            f"{rebuild(self.data)} --jobs 1 --memory {more}",
        )


def shares(todo: Mapping[str, Path], jobs: int) -> list[dict[str, str]]:
    """Return the files of each process, of about as many bytes; none where one is enough."""
    sizes = {name: path.stat().st_size for name, path in todo.items()}
    jobs = min(jobs, sum(sizes.values()) // _LEAST)
    if jobs < 2:
        return []
    found: list[dict[str, str]] = [{} for _ in range(jobs)]
    loads = [(0, at) for at in range(jobs)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        load, at = heapq.heappop(loads)
        found[at][name] = str(todo[name])
        heapq.heappush(loads, (load + sizes[name], at))
    return [dict(sorted(share.items())) for share in found]


def _in_two(parts: Sequence[_Part]) -> bool:
    """Tell whether two parts hold the same document."""
    held = [
        entry.id or name
        for part in parts
        if part.written
        for name, entry in part.written.entries.items()
    ]
    return len(set(held)) < len(held)
