"""Generated documents for measuring updates: fetched pages under raw/, and their parsed files.

They are written as an ingest would leave them, which saves the parsing of ten thousand files; that
an ingest finds nothing to do there is part of what is measured.
"""

import hashlib
import os
import random
from pathlib import Path

from shisaku.ingest.batch.parse import parser_versions
from shisaku.ingest.model import Document, Passage, Source
from shisaku.ingest.parsed.ids import passage_key, tell_apart
from shisaku.ingest.parsed.origin import with_origin
from shisaku.ingest.parsed.sidecar import Sidecar, encode_sidecar, sidecar_path
from shisaku.ingest.parsed.store import Store, encode

_WORDS = (
    "人身取引", "被害者", "保護", "警察庁", "法務省", "外務省", "取締り", "啓発", "相談窓口",
    "研修", "国際協力", "通報", "支援", "調査", "関係省庁", "検挙", "入国管理", "施策", "会議",
)  # fmt: skip
_VERBS = ("実施した", "推進する", "強化した", "検討する", "拡充する", "公表した")


def paragraphs(seed: str, count: int) -> list[str]:
    """Return `count` made sentences, the same for the same `seed`."""
    draw = random.Random(seed)
    return [
        f"{'、'.join(draw.sample(_WORDS, 4))}について、第{draw.randrange(10_000)}号により"
        f"{draw.choice(_VERBS)}。"
        for _ in range(count)
    ]


def page(title: str, texts: list[str]) -> bytes:
    """Return a web page of paragraphs."""
    body = "".join(f"<p>{text}</p>" for text in texts)
    head = f'<meta charset="utf-8"><title>{title}</title>'
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>" \
        .encode()  # fmt: skip


def name(number: int) -> str:
    """Return the id of a made document: a hundred of them lie in a directory."""
    return f"made/{number // 100:03}/{number:05}.html"


def make(data: Path, documents: int, passages: int) -> None:
    """Fill raw/ and parsed/ below `data` with made documents of so many passages each."""
    store = Store(data / "parsed")
    versions = parser_versions()
    for number in range(documents):
        key = name(number)
        texts = paragraphs(key, passages)
        content = page(key, texts)
        path = data / "raw" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sidecar = _sidecar(key, content)
        sidecar_path(path).write_bytes(encode_sidecar(sidecar))
        ids = tell_apart([passage_key(key, text) for text in texts], [()] * passages)
        document = Document(
            id=key,
            sha256=hashlib.sha256(content).hexdigest(),
            sources=(Source(f"raw/{key}", sidecar.url),),
            title=key,
            pages=1,
            passages=tuple(
                Passage(id=one, type="paragraph", text=text)
                for one, text in zip(ids, texts, strict=True)
            ),
            parser=versions,
        )
        place = store.path(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        made = with_origin(document, sidecar.origin)
        place.write_bytes(encode(made))  # no fsync: it can be made again


def _sidecar(key: str, content: bytes) -> Sidecar:
    url = f"https://www.example.go.jp/{key}"
    return Sidecar(
        url=url,
        final_url=url,
        source="made",
        publisher="警察庁",
        retrieved="2026-01-01T00:00:00Z",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type="text/html",
    )


def change(data: Path, number: int, turn: int, passages: int) -> None:
    """Replace the words of a generated document atomically, as a download does."""
    path = data / "raw" / name(number)
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(page(name(number), paragraphs(f"{number} {turn}", passages)))
    os.replace(beside, path)  # noqa: PTH105 - a path's own replace is the same
