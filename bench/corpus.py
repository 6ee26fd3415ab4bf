"""The corpus of real documents: its folder, its files, and their parsed documents.

Nothing here writes to the corpus or copies from it; what a measurement needs from it is made anew
in memory or in a temporary folder each time.
"""

import hashlib
import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Document, Source
from shisaku.ingest.text.radicals import repair_radicals

HERE = Path(__file__).parent
ROOT = Path(os.environ.get("SHISAKU_CORPUS") or HERE.parent / "../shared/corpus")
SAMPLE = HERE.parent / "data/raw/sample"
SUFFIXES = {".pdf", ".html", ".htm", ".xhtml"}
_OTHER_CORPUS = (
    "The floors were pinned on another corpus ({}…, here {}…). Look at every row, then write the "
    "new hash into bench/floors.toml."
)


def files(folder: str) -> Iterator[Path]:
    """Yield the files that the parser takes under a folder of the corpus, in a fixed order."""
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            yield path


def name_of(path: Path) -> str:
    """Return a file's name as the tables show it: below the corpus, else the bare name."""
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return path.name


def corpus_hash() -> str:
    """Return a hash over the names and bytes of all files under seeds/ and real/."""
    digest = hashlib.sha256()
    for path in sorted(p for folder in ("real", "seeds") for p in (ROOT / folder).rglob("*")):
        if path.is_file():
            name = unicodedata.normalize("NFC", path.relative_to(ROOT).as_posix())
            digest.update(f"{name}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()


def is_other_corpus(pinned: str) -> bool:
    """Return whether the floors were pinned on another corpus, by its hash, and print a warning."""
    found = corpus_hash()
    if found != pinned:
        print(_OTHER_CORPUS.format(pinned[:12], found[:12]), file=sys.stderr)
    return found != pinned


def parse(path: Path) -> Document:
    """Parse a file of the corpus or of a temporary folder, in this process."""
    name = path.name
    return parse_file(path, name, (Source(f"raw/{name}"),), _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key(text: str) -> str:
    """Return a text as gold is compared by the corpus: radicals repaired, NFKC, no white space.

    Weaker than the project's own folding on purpose: case, dashes and waves must be as printed.
    """
    folded = unicodedata.normalize("NFKC", repair_radicals(text))
    return "".join(folded.split())
