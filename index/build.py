"""Brings the index in line with parsed/: only documents whose bytes changed are indexed anew.

An unchanged run writes nothing under index/. Whatever goes wrong before the swap, the last
generation goes on answering. Run `shisaku index` afterwards to repeat; nothing here reads raw/.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from whoosh import index as whoosh_index

from index.aliases import alias_fields
from index.analyzer import FIELD_BREAK, count_grams, readable, words
from index.generation import (
    BrokenIndexError,
    Entry,
    Manifest,
    NoIndexError,
    current,
    damage,
    next_directory,
    read_manifest,
    rebuild,
    sizes,
    start_from,
    swap_in,
    write_manifest,
    writing,
)
from index.records import (
    UnreadableDocumentError,
    decode_document,
    measure_heading,
    measures_by_id,
    passage_record,
    place_of,
)
from index.schema import index_version, passage_schema
from index.terminal import to_type
from ingest.model import Document

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""

_WRITER_MEMORY = 256  # MB that Whoosh may hold before it writes a run of postings to disk


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
    damage: str = ""
    """What was wrong with the last generation, so that it had to be built anew; "" for nothing."""
    problems: tuple[tuple[str, str], ...] = ()
    """File under parsed/ and the reason why it was not indexed, in this run or an earlier one."""

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
            "problems": [{"file": file, "reason": reason} for file, reason in self.problems],
        }


def parsed_files(data: Path) -> dict[str, Path]:
    """Give the parsed files by name: their path under parsed/ without .json, in order.

    The name is the document's id unless no file could have that name.

    Raises:
        NoIndexError: there is no parsed/ at all.

    """
    root = data / "parsed"
    if not root.is_dir():
        raise NoIndexError(
            f"{root} does not exist: nothing has been parsed",
            f"put files under {data / 'raw'}, then type: {to_type('update', data)}",
        )
    found: dict[str, Path] = {}
    for path in root.rglob("*.json"):
        inside = path.relative_to(root)
        # What begins with a dot is being written, or is not a document.
        if not any(part.startswith(".") for part in inside.parts) and path.is_file():
            found[inside.as_posix().removesuffix(".json")] = path
    return dict(sorted(found.items()))


def build_index(data: Path, *, full: bool = False, progress: Progress | None = None) -> IndexReport:
    """Bring DIR/index in line with DIR/parsed; `full` indexes every document anew.

    So does a run that finds the last generation damaged: a file of it missing or cut short.

    Raises:
        NoIndexError: there is no parsed/.
        LockedError: another process is at it.
        BrokenIndexError: the new generation does not hold what it should; the last one stays.

    """
    files = parsed_files(data)
    with writing(data):
        last, old, harm = (None, None, "") if full else _usable(data)
        plan = _plan(files, old)
        if old is not None and not plan.todo and not plan.gone:
            return _report(old, old, plan)
        generation = next_directory(data)
        try:
            manifest = _write(generation, last, old, plan, progress)
            _verify(data, generation, manifest)
            swap_in(generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
    return replace(_report(manifest, old, plan), damage=harm)


@dataclass(frozen=True)
class _Plan:
    todo: dict[str, Path]
    gone: list[str]


def _plan(files: Mapping[str, Path], old: Manifest | None) -> _Plan:
    """Compare the bytes under parsed/ with what the last generation was made of."""
    if old is None:
        return _Plan(dict(files), [])
    seen = {name: entry.sha256 for name, entry in old.documents.items()}
    # A file that was refused stands in both: what it held before goes on being found.
    seen |= {name: digest for name, (digest, _) in old.refused.items()}
    todo = {name: path for name, path in files.items() if seen.get(name) != _digest(path)}
    return _Plan(todo, [name for name in seen if name not in files])


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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
) -> Manifest:
    """Write the segments and the manifest of `generation`."""
    if last is None or old is None:
        generation.mkdir()
        store = whoosh_index.create_in(str(generation), passage_schema())
        entries, refused = {}, {}
    else:
        start_from(last, generation)
        store = whoosh_index.open_dir(str(generation))
        entries, refused = dict(old.documents), dict(old.refused)
    reader = store.reader()
    writer = store.writer(limitmb=_WRITER_MEMORY)
    try:
        for name in plan.gone:
            refused.pop(name, None)
            if entry := entries.pop(name, None):
                _remove(reader, writer, entry.id or name)
        held_by = {entry.id or name: name for name, entry in entries.items()}
        for done, (name, path) in enumerate(plan.todo.items()):
            if progress:
                progress(done, len(plan.todo), name)
            raw = path.read_bytes()
            digest = hashlib.sha256(raw).hexdigest()
            try:
                document = decode_document(raw, f"parsed/{name}.json")
                _check(document, name, held_by)
            except UnreadableDocumentError as error:
                refused[name] = (digest, str(error))
                continue
            refused.pop(name, None)
            if (old_entry := entries.get(name)) and (old_entry.id or name) != document.id:
                _remove(reader, writer, old_entry.id or name)
                del held_by[old_entry.id or name]
            _remove(reader, writer, document.id)
            if (other := held_by.get(document.id, name)) != name:
                # A file under another name gives way to the one that is named for the document.
                refused[other] = (entries.pop(other).sha256, f"parsed/{name}.json holds it too")
            held_by[document.id] = name
            entries[name] = _add(writer, document, digest, name)
    except BaseException:
        writer.cancel()
        raise
    finally:
        reader.close()
    writer.commit()
    store.close()
    if progress:
        progress(len(plan.todo), len(plan.todo), "")
    manifest = Manifest(
        index_version(),
        dict(sorted(entries.items())),
        dict(sorted(refused.items())),
        sizes(generation),
    )
    write_manifest(generation, manifest)
    return manifest


def _remove(reader: Any, writer: Any, name: str) -> None:
    if ("document", name) in reader:
        for number in list(reader.postings("document", name).all_ids()):
            writer.delete_document(number)


def _check(document: Document, name: str, held_by: Mapping[str, str]) -> None:
    """Refuse what would make two passages answer to one id.

    Raises:
        UnreadableDocumentError: another file holds the document, or a passage's id is repeated.

    """
    other = held_by.get(document.id, name)
    if other != name and document.id != name:
        raise UnreadableDocumentError(
            f"parsed/{name}.json holds the document {document.id} of parsed/{other}.json"
        )
    repeated = [key for key, n in Counter(p.id for p in document.passages).items() if n > 1]
    if repeated:
        raise UnreadableDocumentError(f"parsed/{name}.json holds {repeated[0]} more than once")


def _add(writer: Any, document: Document, digest: str, name: str) -> Entry:
    """Add the passages in their order, which Whoosh keeps and document order rests on."""
    measures = measures_by_id(document)
    lengths: Counter[str] = Counter()
    ministries: set[str] = set()
    for passage in document.passages:
        record = passage_record(document, passage, measures)
        place = place_of(record)
        ministries.update(place.ministries)
        text, head = readable(record["text"]), head_text(record)
        title = readable(document.title)
        for field, value in (("text", text), ("head", head), ("title", title)):
            lengths[f"{field}_words"] += sum(len(word.terms) for word in words(value))
        lengths["text_grams"] += count_grams(text)
        lengths["head_grams"] += count_grams(head)
        writer.add_document(
            id=passage.id,
            document=document.id,
            measure=passage.measure or None,
            text_words=text,
            text_grams=text,
            head_words=head,
            head_grams=head,
            title_words=title,
            place=msgspec.json.encode(place),
            record=msgspec.json.encode(record),
            **alias_fields(text),
        )
    return Entry(
        sha256=digest,
        passages=len(document.passages),
        lengths=dict(sorted(lengths.items())),
        ministries=tuple(sorted(ministries)),
        plans=tuple(sorted({plan for plan in (document.plan, document.plan_series) if plan})),
        id="" if document.id == name else document.id,
        aliases=tuple(
            source.path for source in document.sources if source.path != f"raw/{document.id}"
        ),
    )


def head_text(record: Mapping[str, Any]) -> str:
    """Give the headings and the measure's title as they are indexed, parted by a break."""
    return FIELD_BREAK.join(map(readable, [*record["path"], measure_heading(record)]))


def _verify(data: Path, generation: Path, manifest: Manifest) -> None:
    """Compare what Whoosh holds with what was counted, before anybody can see it."""
    store = whoosh_index.open_dir(str(generation))
    held = store.doc_count()
    store.close()
    if held != manifest.passages:
        raise BrokenIndexError(
            f"the new index holds {held} passages instead of {manifest.passages}; "
            "the last one goes on answering",
            rebuild(data),
        )
