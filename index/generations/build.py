"""Brings the index in line with parsed/: only documents whose bytes changed are indexed anew.

`build_index` takes a data directory and gives an `IndexReport`; raw/ is not read. A run without
changes writes nothing under index/ and does not load Whoosh; it compares the files of the index
with their checksums. On any error before the swap the last generation stays current.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import IO, NamedTuple

from shisaku.index.engine.whoosh.codec.segment_map import contents_of, read_contents, write_contents
from shisaku.index.errors import (
    BrokenIndexError,
    BuildError,
    UnreadableIndexError,
    rebuild,
)
from shisaku.index.generations.build_report import IndexReport, Refusal
from shisaku.index.generations.manifest import KEPT, Manifest, current, read_manifest
from shisaku.index.generations.messages import Limits
from shisaku.index.generations.parsed_files import parsed_files
from shisaku.index.generations.quarantine import Building, Built, size_of
from shisaku.index.generations.swap import (
    damage,
    hashes,
    next_directory,
    sizes,
    swap_in,
    write_manifest,
)
from shisaku.index.generations.version import index_version
from shisaku.index.generations.workers import Workers
from shisaku.index.records.entries import Entry
from shisaku.ingest.children import log_of
from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.files import read_regular
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.disk.remembered import Remembered
from shisaku.ingest.disk.removals import check_parsed
from shisaku.ingest.errors import to_type

DEFAULT = Limits()
_SUFFIX = ".json"
WORKER = "shisaku.index.generations.worker:spawn_main"
Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""


class Guard(NamedTuple):
    """The limit on documents that a run may remove (`ingest.disk.removals`)."""

    command: str
    """What the user can type to run the same once more."""
    allowed: int | None = None
    """How many may be removed, as the user said; None where the user did not."""


def build_index(
    data: Path,
    *,
    full: bool = False,
    progress: Progress | None = None,
    keep: int = KEPT,
    command: str = "index",
    jobs: int = 1,
    limits: Limits = DEFAULT,
    guard: Guard | None = None,
    worker: str = WORKER,
) -> IndexReport:
    """Bring DIR/index in line with DIR/parsed; with `full` every document is indexed anew.

    So it is where the last generation is damaged. `keep` is the number of generations that stay,
    the new one included; `command` is what the user typed. Up to `jobs` processes share a run that
    indexes everything; `limits` hold for each document. With a `guard` the run stops where too many
    documents would be removed. `worker` ("module:function") replaces `index.generations.worker` in
    tests.

    Raises:
        NoIndexError: there is no parsed/.
        RemovalError: too many documents would be removed; nothing was written.
        LockedError: another process writes to `data`.
        BuildError: the new generation could not be written; the last one stays.
        WorkerError: no process could be started.
        BrokenIndexError: the new generation does not hold what it should; the last one stays.
        DiskError: index/ cannot be written; the last generation stays.

    """
    try:
        with locked(data, command=command), log_of(data / "runs" / "index.log") as log:
            return _Build(data, progress, keep, jobs, limits, guard, worker, log).run(full=full)
    except OSError as error:
        raise disk_error(error, data, command) from error


@dataclass
class _Build:
    data: Path
    progress: Progress | None
    keep: int
    jobs: int
    limits: Limits
    guard: Guard | None
    worker: str
    log: IO[bytes] | int

    def run(self, *, full: bool) -> IndexReport:
        """Plan, write, check and swap in; return the report."""
        odd: dict[str, str] = {}
        files = parsed_files(self.data, odd)
        last, old, harm, before = _usable(self.data)
        if full:
            last, old, harm = None, None, ""
        plan = _plan(self.data, files, old, odd, before)
        if old is not None and not plan.todo and not plan.gone:
            report = _report(old, old, plan, {})
            return replace(report, data=self.data, generation=last.name if last else "")
        if self.guard is not None and before:
            new = sum(name not in before for name in plan.files)
            gone = [name for name in before if name not in plan.files]
            check_parsed(gone, new, len(before), str(self.data / "parsed"), *self.guard)
        generation = next_directory(self.data, self.keep)
        try:
            try:
                manifest, built = self._write(generation, last, old, plan)
            except UnreadableIndexError as error:
                if last is None:
                    raise
                harm, last, old = str(error), None, None
                shutil.rmtree(generation, ignore_errors=True)
                plan = _plan(self.data, files, None, odd, before)
                manifest, built = self._write(generation, None, None, plan)
            swap_in(generation, self.keep)
        except BaseException:
            self._undo(generation)
            raise
        report = _report(manifest, old, plan, built.unread)
        return replace(
            report, data=self.data, damage=harm, changes=built.changes, generation=generation.name
        )

    def _undo(self, generation: Path) -> None:
        """Remove `generation` unless it is current.

        The pointer is read again: an error or a signal can come after it has moved.
        """
        try:
            answers = current(self.data) == generation
        except BrokenIndexError:
            answers = False  # it names no generation, so not this one
        except OSError:
            return
        if not answers:
            shutil.rmtree(generation, ignore_errors=True)

    def _write(
        self, generation: Path, last: Path | None, old: Manifest | None, plan: "_Plan"
    ) -> tuple[Manifest, Built]:
        """Write segments, contents and manifest of `generation`, and check them."""
        known = read_contents(last).segments if last else ()
        megabytes = sum(map(size_of, plan.todo.values())) / 1e6
        megabytes += sum(old.files.values()) / 1e6 if old else 0
        with Workers(self.limits, megabytes, self.log, self.worker) as workers:
            building = Building(
                self.data, generation, workers, self.limits, plan.digest, self.progress
            )
            built = building.write(plan.todo, plan.gone, last, old, self.jobs)
            entries = dict(sorted(built.entries.items()))
            refused = dict(sorted(built.refused.items()))
            manifest = Manifest(index_version(), entries, refused)
            self._account(manifest, old, plan, built)
            self._keep_unread(plan, built)
            changed = {name: entries[name] for name in plan.todo if name in entries}
            counts = {each.id or name: each.passages for name, each in changed.items()}
            segments = building.close(manifest.passages, counts, known)
        write_contents(generation, contents_of(index_version(), entries, segments))
        manifest = Manifest(
            index_version(), entries, refused, sizes(generation), hashes(generation, last, old)
        )
        write_manifest(generation, manifest)
        return manifest, built

    def _keep_unread(self, plan: "_Plan", built: Built) -> None:
        """Refuse to rebuild without files that cannot be opened now and were indexed before."""
        names = {*built.unread, *(place.removesuffix(_SUFFIX) for place in plan.unread)}
        lost = sorted(name for name in names & plan.before.keys() if name not in built.entries)
        if lost:
            place = self.data / "parsed" / f"{lost[0]}{_SUFFIX}"
            raise BuildError(
                f"{len(lost)} files under parsed/ cannot be opened, {place} among them, and an "
                "index that is built anew would lose what they held; the last one stays",
                f"to see who may read it: ls -ld {quote(str(place))}; then type: "
                f"{to_type('index', self.data)}",
            )

    def _account(
        self, manifest: Manifest, old: Manifest | None, plan: "_Plan", built: Built
    ) -> None:
        """Refuse a manifest that lacks a parsed file, or has it in its old version."""
        if fault := _unaccounted(manifest, old, plan, built.unread, built.quarantined):
            raise BrokenIndexError(
                f"the new index was not put in place: {fault}; the last one goes on answering",
                rebuild(self.data),
            )


@dataclass(frozen=True)
class _Plan:
    files: frozenset[str]
    """Names that must be in the manifest, indexed or refused."""
    todo: dict[str, Path]
    gone: list[str]
    unread: dict[str, str]
    """Reasons of files that could not be opened, by path under parsed/; their passages stay."""
    before: Mapping[str, Entry]
    """Entries of the last generation, whether or not it can be reused."""

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file of `todo`."""
        return _digest(os.fspath(self.todo[name]))


def _plan(
    data: Path,
    files: Mapping[str, str],
    old: Manifest | None,
    odd: Mapping[str, str],
    before: Mapping[str, Entry],
) -> _Plan:
    """Compare the hashes of files under parsed/ with those in the last manifest."""
    unread = dict(odd)
    if old is None:
        todo = {name: Path(path) for name, path in files.items()}
        for name in before:
            if name not in files:
                _is_out_of_reach(data, name, unread)
        return _Plan(frozenset(files), todo, [], unread, before)
    seen = seen_files(old)
    found = digests(data, files, unread)
    todo = {name: Path(files[name]) for name, digest in found.items() if seen.get(name) != digest}
    missing = [name for name in seen if name not in found]
    stays = {name for name in missing if _is_out_of_reach(data, name, unread)}
    gone = [name for name in missing if name not in stays]
    for name, each in old.refused.items() if gone else ():
        if each.code == "copy" and name in found:  # its original may be gone
            todo.setdefault(name, Path(files[name]))
    return _Plan(frozenset(found) | stays, todo, gone, unread, before)


def _is_out_of_reach(data: Path, name: str, unread: dict[str, str]) -> bool:
    """Return whether a parsed file that was not found may exist without being readable.

    That is one in `unread`, one below a link that is not followed, and one in whose place something
    else stands, which is then added to `unread`.
    """
    place = f"{name}{_SUFFIX}"
    if place in unread or any(place.startswith(f"{above}/") for above in unread):
        return True
    if not os.path.lexists(data / "parsed" / place):
        return False
    unread[place] = "It is no file"
    return True


def digests(
    data: Path, files: Mapping[str, str], unread: dict[str, str] | None = None
) -> dict[str, str]:
    """Return the SHA-256 of each parsed file; only what has changed since last time is read.

    A file that disappears meanwhile is left out. One that cannot be opened is left out and added to
    `unread`, by path under parsed/, with the reason: it is not gone.
    """
    memory: Remembered[str] = Remembered(data / "runs" / "parsed-digests.json", str, "sha256 1")
    found = {}
    for name, path in files.items():
        try:
            found[name] = memory.get(name, path, _digest)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
                continue
            if unread is not None:
                unread[f"{name}{_SUFFIX}"] = error.strerror or str(error)
    memory.save()
    return found


def _report(
    now: Manifest, old: Manifest | None, plan: _Plan, unread: Mapping[str, str]
) -> IndexReport:
    known = old.documents if old else {}
    added = [name for name in plan.todo if name in now.documents and name not in now.refused]
    added = [name for name in added if name not in unread]
    refused = now.refused.items()
    problems = [Refusal(f"parsed/{n}.json", each.reason, each.code) for n, each in refused]
    places = plan.unread | {f"{name}{_SUFFIX}": why for name, why in unread.items()}
    for place, why in sorted(places.items()):
        reason = f"{why}; what it held before stays"
        problems.append(Refusal(f"parsed/{place}", reason, "unreadable"))
    return IndexReport(
        new=sum(1 for name in added if name not in known),
        changed=sum(1 for name in added if name in known),
        unchanged=len(now.documents) - len(added),
        gone=sum(1 for name in plan.gone if name in known),
        documents=len(now.documents),
        passages=now.passages,
        written=now is not old,
        rebuilt=old is None,
        problems=tuple(problems),
    )


def _digest(path: str) -> str:
    return hashlib.sha256(read_regular(path)).hexdigest()


class _Last(NamedTuple):
    """The current generation as far as it can be reused, and its entries in any case."""

    generation: Path | None = None
    manifest: Manifest | None = None
    harm: str = ""
    """Its damage; "" for none, and for one of another version."""
    before: Mapping[str, Entry] = MappingProxyType({})


def _usable(data: Path) -> _Last:
    """Return the current generation and its manifest, where it can be reused.

    All its files are read: damage must not be copied into the next one. A generation of another
    version cannot be reused, and is not damaged.
    """
    last, before = None, _Last().before
    try:
        last = current(data)
        manifest = read_manifest(last) if last else None
        if last is None or manifest is None:
            return _Last()
        before = manifest.documents
        if manifest.version != index_version():
            return _Last(before=before)
        harm = damage(last, manifest)
    except BrokenIndexError as error:
        return _Last(harm=str(error), before=before)
    except (FileNotFoundError, NotADirectoryError) as error:
        harm = f"{Path(error.filename or '').name} is missing"
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        harm = f"{error.filename or last}: {error.strerror}"  # a sector that cannot be read
    if harm:
        return _Last(harm=f"{last} is damaged: {harm}", before=before)
    return _Last(last, manifest, "", before)


def _unaccounted(
    manifest: Manifest,
    old: Manifest | None,
    plan: _Plan,
    unread: Mapping[str, str],
    quarantined: Collection[str],
) -> str:
    """Return a sentence on a parsed file that `manifest` lacks or has as it was, "" for none."""
    held, before = seen_files(manifest), seen_files(old) if old else {}
    expected = {name for name in plan.files if name not in unread or name in before}
    for name in sorted(held.keys() ^ expected):
        return f"parsed/{name}.json is {'gone' if name in held else 'not in it'}"
    for name in plan.todo:
        tried_again = name in manifest.refused or (old is not None and name in old.refused)
        if name in unread or name in quarantined or tried_again:
            continue
        if held[name] == before.get(name):
            return f"parsed/{name}.json is in it as it was"
    return ""


def seen_files(manifest: Manifest) -> dict[str, str]:
    """Return the SHA-256 of each parsed file when `manifest` was made, by name."""
    seen = {name: entry.sha256 for name, entry in manifest.documents.items()}
    # A refused file may be in both: its earlier passages stay indexed.
    return seen | {name: each.sha256 for name, each in manifest.refused.items()}
