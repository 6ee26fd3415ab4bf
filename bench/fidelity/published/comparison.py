"""The table of the comparison: checks that hold, by kind, of this project and of the others."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench.corpus import ROOT
from bench.fidelity.published.environment import PeerError, prepare, read_pages, read_pdfs
from bench.fidelity.published.gold_rows import GROUPS, PAGES, Checked, Published, held_against
from bench.fidelity.published.outputs import of_json, of_markdown
from shisaku.ingest.html.decode import decode

_APART = ("meta", "measure", "type", "problem", "no_problem")
"""Kinds of check that ask for what the others do not give."""

_NAMES = ("shisaku", "opendataloader-pdf + html-to-markdown")


def compare(found: Published) -> list[Sequence[str]]:
    """Give the lines of the table; one line that says why where the others cannot be shown."""
    head = ("structure of real pages", *_NAMES)
    if not (PAGES / "check.py").exists():
        return [head, (f"skipped: no {PAGES.name}/ beside the corpus", "-", "-")]
    ours = [each for group in GROUPS for each in _structural(found.pages(group))]
    try:
        theirs = _structural(_theirs(found.place / "peers"))
    except PeerError as error:
        return [head, (f"skipped: {error}", "-", "-")]
    kinds = sorted({each.kind for each in ours})
    lines = [(kind, _share(ours, kind), _share(theirs, kind)) for kind in kinds]
    return [head, *lines, ("all", _share(ours, ""), _share(theirs, ""))]


def _structural(checks: Sequence[Checked]) -> list[Checked]:
    return [each for each in checks if each.kind not in _APART]


def _share(checks: Sequence[Checked], kind: str) -> str:
    chosen = [each.ok for each in checks if kind in ("", each.kind)]
    return f"{sum(chosen)} of {len(chosen)} = {sum(chosen) / max(len(chosen), 1):.3f}"


def _theirs(place: Path) -> list[Checked]:
    """Give the checks of all groups against what the others make of the same documents."""
    programs = prepare()
    gold = [PAGES / name for names in GROUPS.values() for name in names]
    documents = sorted(
        {entry["document"] for file in gold for entry in json.loads(file.read_bytes())}
    )
    place.mkdir(parents=True, exist_ok=True)
    sources, out = place / "sources", place / "out"
    for folder in (sources, out):
        folder.mkdir(exist_ok=True)
    named: dict[str, Path] = {}
    for number, document in enumerate(documents):
        origin = _origin(document)
        if origin is None:
            continue
        # A number for a name: two documents may have one, and some names are no ASCII.
        copy = sources / f"{number:04}{origin.suffix.lower()}"
        if copy.suffix == ".pdf":
            shutil.copyfile(origin, copy)
        else:
            copy.write_text(decode(origin.read_bytes()).text, encoding="utf-8")
        named[document] = copy
    pdfs = [path for path in named.values() if path.suffix == ".pdf"]
    pages = [path for path in named.values() if path.suffix != ".pdf"]
    read_pdfs(programs, pdfs, out)
    read_pages(programs, pages, out)
    with (place / "all.jsonl").open("w", encoding="utf-8") as stream:
        for document, copy in named.items():
            for passage in _passages(document, out / copy.stem):
                stream.write(json.dumps(passage, ensure_ascii=False) + "\n")
    (place / "docs.json").write_text('{"documents": []}', encoding="utf-8")
    return held_against(gold, place, place)


def _origin(document: str) -> Path | None:
    """Give the file of a document of the gold, by its id under raw/."""
    for folder in (PAGES / "raw", ROOT):
        if (folder / document).is_file():
            return folder / document
    return None


def _passages(document: str, output: Path) -> list[dict[str, object]]:
    """Give the passages of one output; none of a file that the other parser could not read."""
    written = output.with_suffix(".json")
    if written.exists():
        return of_json(document, json.loads(written.read_bytes()))
    page = output.with_suffix(".md")
    return of_markdown(document, page.read_text(encoding="utf-8")) if page.exists() else []
