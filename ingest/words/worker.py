"""The worker process that reads fetched files: `Ask` on standard input, `Look` on output.

It ends when its input ends, and at a file that exceeds its memory; the parent then starts another.
"""

import contextlib
import resource
import sys

import msgspec

from shisaku.ingest.children import frame, receive, serve_quietly
from shisaku.ingest.words.look import Ask, Look


def look(asked: Ask) -> Look:
    """Return the look of a file."""
    if asked.kind == "pdf":
        from shisaku.ingest.words.pdf import pdf_digest

        return Look(digest=pdf_digest(asked.body))
    from shisaku.ingest.words.page import look_at_page

    return look_at_page(asked.body, asked.charset)


def main(arguments: list[str]) -> None:
    """Serve until the input ends; `arguments`: MB of memory, id of the parent."""
    memory_mb, parent = map(int, arguments)
    answers = serve_quietly(parent)
    limit = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS refuses; there the system decides
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    while (raw := receive(sys.stdin.buffer)) is not None:
        try:
            found = look(msgspec.msgpack.decode(raw, type=Ask))
        except MemoryError:
            return
        except Exception:  # a file that breaks the parser is compared by its bytes
            found = Look()
        answers.write(frame(found))
        answers.flush()
