"""The engines that the search is compared with, on the same texts: SQLite FTS5 and Groonga.

Each is asked for phrases of which all must be found, and gives ids, the best first. FTS5's trigrams
and Groonga see texts in NFKC; FTS5 knows no Japanese words, so it is given this project's own,
surfaces or lemmas. Groonga (Debian: groonga groonga-tokenizer-mecab) may be missing: then its
columns say so.
"""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Protocol
from unicodedata import normalize
from urllib.parse import quote

from shisaku.index.analysis.analyzer import words

Text = tuple[str, str, str]
"""Id, text, headings."""


class Peer(Protocol):
    """An engine that holds texts."""

    def find(self, phrases: Sequence[str]) -> list[str]:
        """Return the ids of the texts that hold all the phrases, the best first."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


Maker = Callable[[Sequence[Text], Path], Peer]


class Fts5:
    """SQLite FTS5; `spell` says how a text becomes what its tokenizer cuts at white space."""

    def __init__(
        self, texts: Sequence[Text], tokenizer: str, spell: Callable[[str], str] = lambda text: text
    ) -> None:
        self._spell = spell
        self._ids = [key for key, _, _ in texts]
        self._store = sqlite3.connect(":memory:")
        self._store.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5(text, head, tokenize='{tokenizer}')"
        )
        self._store.executemany(
            "INSERT INTO texts(rowid, text, head) VALUES (?, ?, ?)",
            ((at, spell(text), spell(head)) for at, (_, text, head) in enumerate(texts)),
        )

    def find(self, phrases: Sequence[str]) -> list[str]:
        """Return the ids of the texts that hold all the phrases, by bm25."""
        sought = [self._spell(phrase).replace("\0", " ").replace('"', '""') for phrase in phrases]
        asked = " AND ".join(f'"{phrase}"' for phrase in sought if phrase.strip())
        if not asked:
            return []
        rows = self._store.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank, rowid", (asked,)
        )
        return [self._ids[at] for (at,) in rows]

    def close(self) -> None:
        """Let go of the memory."""
        self._store.close()


@cache
def _spelt(text: str) -> tuple[str, str]:
    found = words(text)
    # As bytes, so that nothing cuts a word: two columns want one analysis.
    terms = [("x" + w.terms[0].encode().hex(), "x" + w.terms[-1].encode().hex()) for w in found]
    return " ".join(first for first, _ in terms), " ".join(last for _, last in terms)


def surfaces(text: str) -> str:
    """Write a text's words with spaces between, in hexadecimal digits."""
    return _spelt(text)[0]


def lemmas(text: str) -> str:
    """Write a text's lemmas with spaces between, in hexadecimal digits."""
    return _spelt(text)[1]


class Groonga:
    """Groonga with one of its tokenizers and NFKC, in a process that answers line by line."""

    def __init__(self, texts: Sequence[Text], folder: Path, tokenizer: str) -> None:
        folder.mkdir(parents=True)
        store = str(folder / "db")
        loaded = [{"_key": key, "text": text, "head": head} for key, text, head in texts]
        commands = [
            "plugin_register tokenizers/mecab",
            "table_create Texts TABLE_HASH_KEY ShortText",
            "column_create Texts text COLUMN_SCALAR LongText",
            "column_create Texts head COLUMN_SCALAR LongText",
            f"table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer {tokenizer} "
            "--normalizer NormalizerNFKC130",
            "column_create Terms text COLUMN_INDEX|WITH_POSITION Texts text",
            "column_create Terms head COLUMN_INDEX|WITH_POSITION Texts head",
            "load --table Texts",
            "[",
            *(json.dumps(text, ensure_ascii=False) + "," for text in loaded[:-1]),
            *(json.dumps(text, ensure_ascii=False) for text in loaded[-1:]),
            "]",
        ]
        subprocess.run(
            ["groonga", "-n", store], input="\n".join(commands).encode("utf-8", "replace"),
            capture_output=True, check=True,
        )  # fmt: skip
        self._process = subprocess.Popen(
            ["groonga", store], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def find(self, phrases: Sequence[str]) -> list[str]:
        """Return the ids of the texts that hold all the phrases, by Groonga's score."""
        asked = " && ".join(
            f"(text @ {json.dumps(phrase, ensure_ascii=False)} || "
            f"head @ {json.dumps(phrase, ensure_ascii=False)})"
            for phrase in phrases
            if phrase.strip()
        )
        if not asked:
            return []
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(
            b"/d/select?table=Texts&output_columns=_key&limit=-1&sort_keys=-_score,_id&filter="
            + quote(asked.encode("utf-8", "replace")).encode() + b"\n"
        )  # fmt: skip
        self._process.stdin.flush()
        header, *body = json.loads(self._process.stdout.readline())
        return [] if header[0] else [key for (key,) in body[0][0][2:]]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def makers() -> dict[str, Maker | None]:
    """Return what makes each engine, by the name of its column; None where it is not installed."""
    found: dict[str, Maker | None] = {
        "FTS5 trigram": lambda texts, folder: Fts5(texts, "trigram", partial(normalize, "NFKC")),
        "FTS5 surfaces": lambda texts, folder: Fts5(texts, "ascii", surfaces),
        "FTS5 lemmas": lambda texts, folder: Fts5(texts, "ascii", lemmas),
        "Groonga MeCab": lambda texts, folder: Groonga(texts, folder, "TokenMecab"),
        "Groonga bigram": lambda texts, folder: Groonga(texts, folder, "TokenBigram"),
    }
    if shutil.which("groonga") is None:
        found |= {"Groonga MeCab": None, "Groonga bigram": None}
    return found
