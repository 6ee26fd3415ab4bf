"""Tasks that are measured in a separate process: python -m bench.speed.tasks NAME ARGUMENTS.

A task prints one line of JSON. bench/speed/rows.py explains what each is for.
"""

import importlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHARACTERS = 1_000_000


def make(folder: str, passages: str, each: str) -> str:
    """Make a data directory of so many passages, `each` in one document; return its path."""
    from bench.speed.data import made

    return str(made(Path(folder), int(passages), int(each)))


def _texts() -> list[str]:
    from bench.speed.data import document

    found: list[str] = []
    length = number = 0
    while length < CHARACTERS:
        for passage in document(number, 100).passages:
            found.append(passage.text)
            length += len(passage.text)
        number += 1
    return found


def _rate(texts: list[str], analyse: Callable[[str], Any]) -> dict[str, float]:
    """Return characters per CPU-second, without the first call, which loads the dictionary."""
    analyse("検討")
    start = time.process_time()
    for text in texts:
        analyse(text)
    return {"rate": sum(map(len, texts)) / (time.process_time() - start)}


def stock_tokens() -> dict[str, float]:
    """Read each token's lemma and part of speech from fugashi's `feature`."""
    from fugashi import GenericTagger
    from unidic_lite import DICDIR

    tagger = GenericTagger(f'-r "{DICDIR}/mecabrc" -d "{DICDIR}"')

    def analyse(text: str) -> list[tuple[str, str, str]]:
        return [
            (node.surface, node.feature[7] if len(node.feature) > 7 else node.surface,
             node.feature[0])
            for node in tagger(text)
        ]  # fmt: skip

    return _rate(_texts(), analyse)


def tokens() -> dict[str, float]:
    """Read each token's lemma and part of speech as the index does."""
    from shisaku.index.analysis.mecab import tokens as analyse

    return _rate(_texts(), analyse)


def words() -> dict[str, float]:
    """Find the words as they are indexed: folded, numerals and compounds united, with offsets."""
    from shisaku.index.analysis.analyzer import words as analyse

    return _rate(_texts(), analyse)


def stock_index(data: str) -> dict[str, float]:
    """Index one field of passages, its tokens made before, with a stock writer."""
    from whoosh import analysis, fields
    from whoosh import index as whoosh_index

    rows = list(_pretokenised(Path(data)))
    folder = tempfile.mkdtemp(prefix="shisaku-bench-")
    try:
        text = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), stored=True)
        store = whoosh_index.create_in(folder, fields.Schema(id=fields.ID(stored=True), text=text))
        cpu, wall = time.process_time(), time.perf_counter()
        writer = store.writer()
        for key, text in rows:
            writer.add_document(id=key, text=text)
        writer.commit()
        return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    finally:
        shutil.rmtree(folder)


def _pretokenised(data: Path) -> Iterator[tuple[str, str]]:
    from shisaku.index.analysis.analyzer import words
    from shisaku.index.records.passages import read_document

    for path in sorted((data / "parsed").rglob("*.json")):
        for passage in read_document(path).passages:
            yield passage.id, " ".join(word.terms[0] for word in words(passage.text))


def reading() -> list[Any]:
    """Return the rows of bench/fidelity/reading.py."""
    return [
        list(vars(row).values()) for row in importlib.import_module("bench.fidelity.reading").rows()
    ]


def change(data: str, share: str) -> dict[str, int]:
    """Change the words of a share of the documents (0 to 1), spread evenly over all."""
    from bench.speed.data import document, write
    from shisaku.index.records.passages import read_document

    parsed = Path(data) / "parsed"
    files = sorted(parsed.rglob("*.json"))
    drawn = random.Random(share).sample(range(len(files)), max(1, int(len(files) * float(share))))
    turn = time.monotonic_ns()
    passages = len(read_document(files[0]).passages)
    write(Path(data), (document(number, passages, turn) for number in drawn))
    return {"changed": len(drawn)}


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task
    for task in (make, stock_tokens, tokens, words, stock_index, reading, change)
}  # fmt: skip

if __name__ == "__main__":
    name, *given = sys.argv[1:]
    print(json.dumps(TASKS[name](*given)))
