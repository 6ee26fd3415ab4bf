"""Brings the index in line with parsed/: only documents whose bytes changed are indexed anew.

An unchanged run writes nothing under index/, reads nothing that is as it was, and does not even
load Whoosh. Whatever goes wrong before the swap, the last generation goes on answering. Run
`shisaku index` afterwards to repeat; nothing here reads raw/.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from index.generation import (
    KEPT,
    BrokenIndexError,
    Manifest,
    NoIndexError,
    current,
    read_manifest,
    rebuild,
)
from index.schema import index_version
from index.swap import damage, hashes, next_directory, sizes, start_from, swap_in, write_manifest
from index.terminal import one_line, to_type
from ingest.disk.failures import disk_error
from ingest.disk.files import is_utf8, walk
from ingest.disk.lock import locked
from ingest.disk.remembered import Remembered

PASSAGE_CHANGES = ("added", "changed", "removed")
Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""


@dataclass(frozen=True)
class IndexReport:
    """What a run did: documents by kind of change, what the index holds now, what it refused."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    documents: int = 0
    passages: int = 0
    written: bool = False
    """Whether there is a new generation."""
    rebuilt: bool = False
    generation: str = ""
    """Name of the generation that answers now."""
    damage: str = ""
    """What was wrong with the last generation, so that it had to be built anew; "" for nothing."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """Passages added, changed (the same id, another record) and removed."""
    problems: tuple[tuple[str, str], ...] = ()
    """File under parsed/ and the reason why it was not indexed, in this run or an earlier one."""
    data: Path = Path("data")
    """Its data directory, for remedies."""

    def to_json(self) -> dict[str, Any]:
        """Give the report as JSON would have it; no clock, so equal runs report equally."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "failed": len(self.problems),
            "documents": self.documents,
            "passages": self.passages,
            "written": self.written,
            "rebuilt": self.rebuilt,
            "damage": self.damage or None,
            "changes": {name: self.changes.get(name, 0) for name in PASSAGE_CHANGES},
            "problems": [{"file": file, "reason": reason} for file, reason in self.problems],
        }

    def counts(self) -> dict[str, int]:
        """Give what the record of the run counts by document."""
        counts = {"added": self.new, "changed": self.changed, "removed": self.gone}
        return counts | {"failed": len(self.problems)}

    def faults(self) -> list[tuple[str, str]]:
        """Give place and code of everything at which someone should look."""
        return [(file, "parsed") for file, _ in self.problems]

    def lines(self) -> list[str]:
        """Give the report in lines for people: what was done, then what is worth a look."""
        found = []
        if self.damage:
            found.append(f"index: {one_line(self.damage)}; built anew from parsed/")
        held = f"{self.documents} documents, {self.passages} passages"
        if self.written:
            found.append(
                f"index: {self.new} new, {self.changed} changed, {self.unchanged} unchanged, "
                f"{self.gone} gone; {held}"
            )
        else:
            found.append(f"index: nothing changed; {held}")
        for file, reason in self.problems:
            again = to_type("ingest --force", self.data)
            found.append(f"  {one_line(file)}: {one_line(reason)}\n  type: {again}")
        return found


def parsed_files(data: Path) -> dict[str, str]:
    """Give the paths of the parsed files by name, in order.

    The name is the path under parsed/ without .json: the document's id, unless no file could have
    that name.

    Raises:
        NoIndexError: there is no parsed/ at all.

    """
    root = data / "parsed"
    if not root.is_dir():
        raise NoIndexError(
            f"{root} does not exist: nothing has been parsed",
            f"put files under {data / 'raw'}, then type: {to_type('update', data)}",
        )
    found = [
        (name.removesuffix(".json"), path)
        for name, path in walk(root)
        # What begins with a dot is being written, or is not a document.
        if name.endswith(".json") and not name.startswith(".") and "/." not in name
        # Nor is one whose name is no text: someone else put it there.
        and is_utf8(name)
    ]
    return dict(sorted(found))


def build_index(
    data: Path,
    *,
    full: bool = False,
    progress: Progress | None = None,
    keep: int = KEPT,
    command: str = "index",
    jobs: int = 1,
) -> IndexReport:
    """Bring DIR/index in line with DIR/parsed; `full` indexes every document anew.

    So does a run that finds the last generation damaged: a file of it missing or cut short. `keep`
    is the number of generations that stay, this one among them; `command` what the user typed. Up
    to `jobs` processes share a first run, or one that indexes everything anew.

    Raises:
        NoIndexError: there is no parsed/.
        LockedError: another process writes to `data`.
        BrokenIndexError: the new generation does not hold what it should; the last one stays.
        DiskError: index/ cannot be written; the last generation stays.

    """
    try:
        with locked(data, command=command):
            return _build(data, full, progress, keep, jobs)
    except OSError as error:
        raise disk_error(error, data, command) from error


def _build(
    data: Path, full: bool, progress: Progress | None, keep: int, jobs: int
) -> IndexReport:
    files = parsed_files(data)
    last, old, harm = (None, None, "") if full else _usable(data)
    plan = _plan(data, files, old)
    if old is not None and not plan.todo and not plan.gone:
        return replace(_report(old, old, plan), data=data, generation=last.name if last else "")
    generation = next_directory(data)
    try:
        manifest, passages = _write(generation, last, old, plan, progress, jobs)
        _verify(data, generation, manifest, old, plan)
        swap_in(generation, keep)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    report = _report(manifest, old, plan)
    return replace(
        report, data=data, damage=harm, changes=passages, generation=generation.name
    )


@dataclass(frozen=True)
class _Plan:
    files: tuple[str, ...]
    """Names of all parsed files."""
    todo: dict[str, Path]
    gone: list[str]


def _plan(data: Path, files: Mapping[str, str], old: Manifest | None) -> _Plan:
    """Compare the bytes under parsed/ with what the last generation was made of."""
    if old is None:
        return _Plan(tuple(files), {name: Path(path) for name, path in files.items()}, [])
    seen = seen_files(old)
    found = digests(data, files)
    todo = {name: Path(files[name]) for name, digest in found.items() if seen.get(name) != digest}
    return _Plan(tuple(found), todo, [name for name in seen if name not in found])


def digests(data: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Give the SHA-256 of each parsed file; only what has changed since last time is read.

    A file that disappears meanwhile is left out.
    """
    memory: Remembered[str] = Remembered(data / "runs" / "parsed-digests.json", str, "sha256 1")
    found = {}
    for name, path in files.items():
        try:
            found[name] = memory.get(name, path, _digest)
        except FileNotFoundError:
            continue
    memory.save()
    return found


def _report(now: Manifest, old: Manifest | None, plan: _Plan) -> IndexReport:
    known = old.documents if old else {}
    added = [name for name in plan.todo if name in now.documents and name not in now.refused]
    return IndexReport(
        new=sum(1 for name in added if name not in known),
        changed=sum(1 for name in added if name in known),
        unchanged=len(now.documents) - len(added),
        gone=sum(1 for name in plan.gone if name in known),
        documents=len(now.documents),
        passages=now.passages,
        written=now is not old,
        rebuilt=old is None,
        problems=tuple((f"parsed/{name}.json", why) for name, (_, why) in now.refused.items()),
    )


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _usable(data: Path) -> tuple[Path | None, Manifest | None, str]:
    """Give the present generation and its manifest where it can be built upon, else what harms it.

    A generation of another version is none to build upon and has no harm either.
    """
    last = None
    try:
        last = current(data)
        manifest = read_manifest(last) if last else None
        harm = damage(last, manifest) if last and manifest else ""
    except BrokenIndexError as error:
        return None, None, str(error)
    except (FileNotFoundError, NotADirectoryError) as error:
        harm = f"{Path(error.filename or '').name} is missing"
    if last and harm:
        return None, None, f"{last} is damaged: {harm}"
    if manifest is None or manifest.version != index_version():
        return None, None, ""
    return last, manifest, ""


def _write(
    generation: Path,
    last: Path | None,
    old: Manifest | None,
    plan: _Plan,
    progress: Progress | None,
    jobs: int,
) -> tuple[Manifest, dict[str, int]]:
    """Write the segments and the manifest of `generation`; also gives what changed by passage."""
    from index.segments import list_contents, write_segments

    if last is None:
        generation.mkdir()
    else:
        start_from(last, generation)
    entries, refused, counts = write_segments(
        generation, old, plan.todo, plan.gone, progress, jobs
    )
    list_contents(generation, index_version(), entries)
    manifest = Manifest(
        index_version(),
        dict(sorted(entries.items())),
        dict(sorted(refused.items())),
        sizes(generation),
        hashes(generation, last, old),
    )
    write_manifest(generation, manifest)
    return manifest, vars(counts)


def _verify(
    data: Path, generation: Path, manifest: Manifest, old: Manifest | None, plan: _Plan
) -> None:
    """Try what was written before anybody can see it."""
    from index.segments import try_out

    changed = [name for name in plan.todo if name in manifest.documents]
    fault = _unaccounted(manifest, old, plan) or try_out(generation, manifest, changed)
    if fault:
        raise BrokenIndexError(
            f"the new index was not put in place: {fault}; the last one goes on answering",
            rebuild(data),
        )


def _unaccounted(manifest: Manifest, old: Manifest | None, plan: _Plan) -> str:
    """Give a parsed file that is not in `manifest` as it should be, "" where all are."""
    held, before = seen_files(manifest), seen_files(old) if old else {}
    for name in sorted(held.keys() ^ set(plan.files)):
        return f"parsed/{name}.json is {'gone' if name in held else 'not in it'}"
    for name in plan.todo:
        if held[name] == before.get(name):
            return f"parsed/{name}.json is in it as it was"
    return ""


def seen_files(manifest: Manifest) -> dict[str, str]:
    """Give the hash of each parsed file as it was when `manifest` was made."""
    seen = {name: entry.sha256 for name, entry in manifest.documents.items()}
    # A file that was refused stands in both: what it held before goes on being found.
    return seen | {name: digest for name, (digest, _) in manifest.refused.items()}
