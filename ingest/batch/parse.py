"""One raw file → one document: its bytes choose the reader, the structure stage does the rest.

`parse_file` takes a path and gives a `Document`. A file that cannot be read gives one with the
`Problem`; other exceptions pass on to `ingest.batch.worker`, which reports them.
"""

import hashlib
from pathlib import Path

from msgspec.structs import replace

from shisaku.ingest import problems
from shisaku.ingest.batch.discover import SUFFIXES
from shisaku.ingest.model import Document, RawDocument, Source
from shisaku.ingest.parsed.sidecar import read_sidecar
from shisaku.ingest.sniff import sniff

PARSER_VERSION = "16"
"""Raised whenever equal bytes would give another document: then all are parsed again."""
INGEST = Path(__file__).parents[1]
"""The folder of this package, with its domain data as TOML."""
_NOT_PARSING = frozenset(("fetch", "words"))
"""Folders whose domain data do not affect parsing."""


def parse_file(path: Path, document_id: str, sources: tuple[Source, ...], sha256: str) -> Document:
    """Return the document of a raw file; for an unreadable one with the reason in `problems`."""
    try:
        raw = read_raw(path)
    except problems.UnreadableError as error:
        return Document(
            id=document_id,
            sha256=sha256,
            sources=sources,
            title=document_id.rpartition("/")[2],
            problems=(error.problem,),
        )
    from shisaku.ingest.structure import build_document

    if raw.url:
        sources = tuple(replace(source, url=source.url or raw.url) for source in sources)
    return build_document(raw, document_id=document_id, sources=sources, sha256=sha256)


def read_raw(path: Path) -> RawDocument:
    """Return the blocks of a file, by the reader for its kind (`sniff`).

    Raises:
        UnreadableError: it is empty, is not what its name says, or its reader cannot read it.

    """
    data = path.read_bytes()
    found = sniff(data)
    if found == "empty":
        raise problems.UnreadableError(problems.empty_file())
    if found != SUFFIXES.get(path.suffix.lower()):
        raise problems.UnreadableError(problems.not_a_document(path.name, found))
    # One reader of the two is often enough.
    if found == "html":
        from shisaku.ingest.html import read_html

        return read_html(data, charset=_charset(path, data))
    from shisaku.ingest.pdf import read_pdf

    return read_pdf(data)


def _charset(path: Path, data: bytes) -> str:
    """Return the charset of the HTTP header with which these bytes were received, "" if unknown."""
    sidecar = read_sidecar(path)
    if sidecar is None or not sidecar.charset:
        return ""
    # The header does not apply to a file that was changed by hand.
    return sidecar.charset if sidecar.sha256 == hashlib.sha256(data).hexdigest() else ""


def parser_versions() -> dict[str, str]:
    """Return the versions of parser and domain data, on which a document depends."""
    return {"shisaku": PARSER_VERSION, "data": _data_hash()}


def _data_hash() -> str:
    digest = hashlib.sha256()
    for name, data in sorted(_domain_data(INGEST, "")):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def _domain_data(directory: Path, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in directory.iterdir():
        name = f"{prefix}{entry.name}"
        if name in _NOT_PARSING:
            continue
        if entry.is_dir():
            found += _domain_data(entry, f"{name}/")
        elif name.endswith(".toml"):
            # A checkout on Windows has other line ends, but the same data.
            found.append((name, entry.read_bytes().replace(b"\r\n", b"\n")))
    return found
