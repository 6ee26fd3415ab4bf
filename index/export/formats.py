"""Writes records as JSON, JSON lines, CSV, BibTeX or CSL-JSON, streamed one by one.

UTF-8 without escapes, fields in the order of the schema, no times and no machine names: equal input
gives equal bytes. CSV has one line per record; lists are joined by ` | `, structures (measure,
cells) are JSON. Formats that cannot hold the header of the query get it in a file of its own.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shisaku.index.engine.base import UnitName
from shisaku.index.export.citations import bibtex, csl_json, japanese
from shisaku.index.records.fields import FIELDS
from shisaku.index.search.session import Record
from shisaku.index.search.units import MEASURE_FIELDS
from shisaku.ingest.disk.output import descriptor, is_regular, replacing, standard_output
from shisaku.ingest.text.terminal import clean, dumps

BOM = "\ufeff"
HEADER_SUFFIX = ".header.json"


@dataclass(frozen=True)
class Layout:
    """How records are written: field names in order, and the name of the list in JSON.

    `guard` puts an apostrophe before CSV cells that a spreadsheet would run as formulas.
    """

    fields: Sequence[str]
    name: str = "passages"
    guard: bool = False
    bom: bool = False


def layout_of(unit: UnitName, *, cite: bool, bom: bool, guard: bool) -> Layout:
    """Return the layout of records of a unit; with `cite` each has a citation."""
    fields = MEASURE_FIELDS if unit == "measure" else FIELDS
    return Layout((*fields, "citation") if cite else fields, f"{unit}s", guard, bom)


def with_citations(records: Iterable[Record]) -> Iterator[Record]:
    """Yield each record with its Japanese citation added."""
    return (record | {"citation": japanese(record)} for record in records)


def to_json(records: Iterable[Record], header: dict[str, Any], layout: Layout) -> Iterator[str]:
    """Yield the lines of one JSON object: the header, then one record a line."""
    yield f'{{"header": {dumps(header)},\n"{layout.name}": ['
    first = True
    for record in records:
        yield ("\n" if first else ",\n") + dumps(record)
        first = False
    yield "\n]}\n"


def to_jsonl(records: Iterable[Record], header: dict[str, Any], layout: Layout) -> Iterator[str]:
    """Yield one JSON record a line; the header is not written."""
    for record in records:
        yield dumps(record) + "\n"


def to_csv(records: Iterable[Record], header: dict[str, Any], layout: Layout) -> Iterator[str]:
    """Yield a line of column names, then one line per record."""
    yield (BOM if layout.bom else "") + csv_line(layout.fields)
    for record in records:
        cells = [csv_value(record[name]) for name in layout.fields]
        yield csv_line(map(guarded, cells) if layout.guard else cells)


def csv_line(cells: Iterable[str]) -> str:
    """Return a line of CSV, ended by a line feed."""
    buffer = io.StringIO()
    # `csv` quotes the characters of its line terminator only. With "\n" a carriage return in a text
    # would not be quoted, and readers would begin a new record there.
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def csv_value(value: Any) -> str:
    """Return the text of a CSV cell: lists joined, true or false, "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return " | ".join(value)
    if isinstance(value, (list, dict)):
        return dumps(value)
    return str(value)


def guarded(cell: str) -> str:
    """Return a CSV cell with an apostrophe before it where a spreadsheet would run a formula.

    Excel in Japanese also takes full-width ＝, ＋, － and ＠ for the beginning of a formula.
    """
    return f"'{cell}" if cell.startswith(tuple("=+-@\t\r＝＋－＠")) else cell


Writer = Callable[[Iterable[Record], dict[str, Any], Layout], Iterator[str]]
FORMATS: dict[str, Writer] = {
    "json": to_json,
    "jsonl": to_jsonl,
    "csv": to_csv,
    "bibtex": lambda records, header, layout: bibtex(records),
    "csl-json": lambda records, header, layout: csl_json(records),
}
_SUFFIXES = {"json": ("json",), "jsonl": ("jsonl",), "csv": ("csv",), "bibtex": ("bib",),
             "csl-json": ("json",)}  # fmt: skip


def choose_format(asked: str | None, output: Path | None) -> tuple[str, str]:
    """Return the format to write, and a message for the user ("" for none).

    `asked` comes before the suffix of `output`; an unknown suffix means JSON.
    """
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    by_suffix = next((form for form, suffixes in _SUFFIXES.items() if suffix in suffixes), "json")
    form = asked or by_suffix
    if not suffix or suffix in _SUFFIXES[form] or descriptor(output) is not None:
        return form, ""
    if asked:
        return form, f"{output} holds {form}, as --format says, whatever its name"
    known = ", ".join(dict.fromkeys(s for suffixes in _SUFFIXES.values() for s in suffixes))
    return form, f"{output}: {suffix} is no format of ours ({known}), so it holds {form}"


def write(
    output: Path | None,
    form: str,
    records: Iterable[Record],
    header: dict[str, Any],
    layout: Layout,
) -> Path | None:
    """Write the records to a file, or to standard output where `output` is None.

    Returns the path of the header's file, None where none was written: only a regular file in a
    format without a header gets one. Control characters are replaced on a terminal.

    Raises:
        OSError: the output cannot be written.

    """
    pieces = FORMATS[form](records, header, layout)
    if output is None or not is_regular(output):
        with standard_output() if output is None else replacing(output) as stream:
            stream.writelines(map(clean, pieces) if stream.isatty() else pieces)
        return None
    beside = output.with_name(output.name + HEADER_SUFFIX)
    if form == "json":
        with replacing(output) as stream:
            stream.writelines(pieces)
        return None
    with ExitStack() as stack:
        # Closed in turn: first the data appear, then the header, so that a header never describes
        # other data than those beside it, wherever the machine stops.
        about = stack.enter_context(replacing(beside))
        stream = stack.enter_context(replacing(output))
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece.encode("utf-8"))
            stream.write(piece)
        file = {"name": output.name, "format": form, "sha256": digest.hexdigest()}
        about.write(dumps(header | {"file": file}, indent=2) + "\n")
        about.flush()
        stream.flush()
        beside.unlink(missing_ok=True)
    return beside
