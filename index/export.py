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
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from index.records import FIELDS
from index.search import Record
from index.terminal import escape

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


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open `path` for writing so that it appears whole or not at all.

    A device or a pipe (/dev/stdout) is written to directly, a link's target is replaced.
    """
    path = path.resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
