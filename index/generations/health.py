"""The state of the current generation (`IndexState`): damage, and files under parsed/ it lacks.

For `shisaku status` and monitors. Whoosh is not loaded; under index/ nothing is written. A full
check reads the segments once.
"""

from collections.abc import Collection
from pathlib import Path

from shisaku.index.errors import BrokenIndexError, NoIndexError
from shisaku.index.generations.build import digests, seen_files
from shisaku.index.generations.manifest import current, read_manifest
from shisaku.index.generations.parsed_files import parsed_files
from shisaku.index.generations.swap import damage
from shisaku.index.generations.version import index_version
from shisaku.ingest.model import IndexState


def passages_of(data: Path, documents: Collection[str]) -> int:
    """Return the number of passages of these documents (ids) in the index."""
    if not documents or (generation := current(data)) is None:
        return 0
    manifest = read_manifest(generation)
    names = manifest.names()
    held = (manifest.documents.get(names.get(key, "")) for key in documents)
    return sum(entry.passages for entry in held if entry)


def index_health(data: Path, *, thorough: bool = False) -> IndexState:
    """Return the state of the index of `data`; `thorough` compares SHA-256 of its files."""
    try:
        generation = current(data)
        if generation is None:
            return IndexState(fault="there is no index yet")
        manifest = read_manifest(generation)
        harm = damage(generation, manifest, "hashes" if thorough else "sizes")
    except BrokenIndexError as error:
        return IndexState(fault=str(error))
    except OSError as error:
        return IndexState(fault=f"{error.filename or data}: {error.strerror or error}")
    if harm:
        harm = f"{generation} is damaged: {harm}"
    elif manifest.version != index_version():
        harm = "the index was made by another version"
    seen = seen_files(manifest)
    try:
        found = digests(data, parsed_files(data))
    except NoIndexError as error:
        return IndexState(generation.name, fault=str(error))
    behind = sum(seen.get(name) != found.get(name) for name in seen.keys() | found.keys())
    left_out = sum(each.code not in ("parsed", "copy") for each in manifest.refused.values())
    documents, passages = len(manifest.documents), manifest.passages
    return IndexState(generation.name, documents, passages, harm, behind, left_out)
