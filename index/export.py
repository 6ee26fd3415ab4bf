"""Writes passages for researchers: JSON, JSON lines, CSV; one by one, so that memory stays small.

UTF-8 without escapes, fields in the order of `FIELDS`, no clock and no machine: equal input gives
equal bytes. CSV has one line per passage; lists are joined by ` | `, and what has structure
(measure, cells) stands as JSON.
"""

import contextlib
import csv
import errno
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from index.records import FIELDS
from index.search import Record
from index.terminal import clean, escape

BOM = "\ufeff"


def dumps(value: Any, indent: int | None = None) -> str:
    """Give JSON in UTF-8 without escapes, except of what a terminal would obey."""
    return escape(json.dumps(value, ensure_ascii=False, indent=indent))


def to_json(records: Iterable[Record], header: dict[str, Any]) -> Iterator[str]:
    """Yield one JSON object: the header, then a passage a line."""
    yield f'{{"header": {dumps(header)},\n"passages": ['
    first = True
    for record in records:
        yield ("\n" if first else ",\n") + dumps(record)
        first = False
    yield "\n]}\n"


def to_jsonl(records: Iterable[Record], header: dict[str, Any]) -> Iterator[str]:
    """Yield one passage a line and nothing else; the header has no place here."""
    for record in records:
        yield dumps(record) + "\n"


def to_csv(records: Iterable[Record], header: dict[str, Any]) -> Iterator[str]:
    """Yield a line of column names, then one line per passage."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(FIELDS)
    for record in records:
        yield _taken(buffer)
        writer.writerow([csv_value(record[name]) for name in FIELDS])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def csv_value(value: Any) -> str:
    """Give what stands in a CSV cell: lists joined, truth as true/false, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return " | ".join(value)
    if isinstance(value, (list, dict)):
        return dumps(value)
    return str(value)


FORMATS: dict[str, Callable[[Iterable[Record], dict[str, Any]], Iterator[str]]] = {
    "json": to_json,
    "jsonl": to_jsonl,
    "csv": to_csv,
}


def choose_format(asked: str | None, output: Path | None) -> tuple[str, str]:
    """Give the format to write, and what the user should be told about it ("" where nothing).

    What was asked for goes before the suffix of the file; a suffix that is no format means JSON.
    """
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    form = asked or (suffix if suffix in FORMATS else "json")
    if not suffix or suffix == form or _descriptor(output) is not None:
        return form, ""
    if asked:
        return form, f"{output} holds {form}, as --format says, whatever its name"
    known = ", ".join(FORMATS)
    return form, f"{output}: {suffix} is no format of ours ({known}), so it holds {form}"


def write(
    output: Path | None, form: str, records: Iterable[Record], header: dict[str, Any], *, bom: bool
) -> None:
    """Write the records to a file, or to standard output where `output` is None.

    On a terminal controls of a document are shown instead of obeyed.
    """
    with _standard_output() if output is None else replacing(output) as stream:
        if bom:
            stream.write(BOM)
        pieces = FORMATS[form](records, header)
        stream.writelines(map(clean, pieces) if stream.isatty() else pieces)


@contextlib.contextmanager
def _standard_output() -> Iterator[IO[str]]:
    yield sys.stdout  # not ours to close


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open `path` for writing so that it appears whole or not at all; a link's target is replaced.

    What is no regular file (a pipe, a terminal, /dev/null) is written to directly, and so is what
    names a stream of this process: /dev/stdout may be a file to which a shell appends.
    """
    number = _descriptor(path)
    if number is not None:
        if sys.stdout is not None:
            sys.stdout.flush()
        with os.fdopen(os.dup(number), "w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    # Before it is resolved: the link in /proc to a pipe leads to no path.
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    path = path.resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")


def _descriptor(path: Path | None) -> int | None:
    """Give the file descriptor of this process that a path names, if it names one."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STREAMS.get(str(path))
