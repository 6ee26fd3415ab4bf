"""Parse functions for tests of the batch; worker processes import this module by its name."""

import os
import signal
import sys
import time
from pathlib import Path

from msgspec.structs import replace

from shisaku.ingest import problems
from shisaku.ingest.model import Document, Passage, Source
from shisaku.ingest.parsed.ids import passage_key, tell_apart


def parse(path: Path, document_id: str, sources: tuple[Source, ...], sha256: str) -> Document:
    """Make a passage of each line; a line may also ask for trouble."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for line in lines:
        if line == "BROKEN":
            raise problems.UnreadableError(problems.truncated())
        if line == "CRASH":
            os.kill(os.getpid(), signal.SIGSEGV)
        if line == "EXIT":
            os._exit(7)
        if line == "HANG":
            time.sleep(600)
        if line == "BUG":
            raise KeyError("unforeseen")
        if line == "DEEP":
            return parse(path, document_id, sources, sha256)
        if line == "HUNGRY":
            bytearray(8 << 30)
        if line == "ENVIRONMENT":
            lines = [line, *sorted(os.environ)]
            break
        if line == "CHATTER":
            print("noise on standard output" * 1000)
            print("noise on standard error", file=sys.stderr)
        if line == "LEAK":
            _leaked.append(bytearray(300 << 20))
        if line == "SPENT" and _leaked:
            os._exit(9)
    warned = (problems.wrong_charset("utf-8", "EUC-JP"),) if "ODD" in lines else ()
    ids = tell_apart([passage_key(document_id, line) for line in lines], [()] * len(lines))
    urls = [line[4:] for line in lines if line.startswith("URL ")]
    if urls:
        sources = tuple(replace(source, url=source.url or urls[0]) for source in sources)
    return Document(
        id=document_id,
        sha256=sha256,
        sources=sources,
        title=lines[0] or path.name,
        passages=tuple(
            Passage(id=key, type="paragraph", text=line)
            for key, line in zip(ids, lines, strict=True)
        ),
        publisher=next((line[3:] for line in lines if line.startswith("BY ")), None),
        problems=warned,
    )


def refuse(path: Path, document_id: str, sources: tuple[Source, ...], sha256: str) -> Document:
    """Read no file at all."""
    raise problems.UnreadableError(problems.truncated())


_leaked: list[bytearray] = []
