"""The process that reads fetched files: asked over standard input, answers over standard output.

It ends when its input does. A file that is too much for its memory ends it; the parent starts
another for the next file.
"""

import contextlib
import os
import resource
import signal
import struct
import sys
from typing import IO

import msgspec

from ingest.words.look import Ask, Look

LENGTH = struct.Struct(">Q")


def look(asked: Ask) -> Look:
    """Give what a file says."""
    if asked.kind == "pdf":
        from ingest.words.pdf import pdf_digest

        return Look(digest=pdf_digest(asked.body))
    from ingest.words.page import look_at_page

    return look_at_page(asked.body, asked.charset)


def frame(message: msgspec.Struct) -> bytes:
    """Give a message as it goes through a pipe: its length in 8 bytes, then its bytes."""
    data = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(data)) + data


def main(arguments: list[str]) -> None:
    """Serve until the input ends; `arguments` is the limit of memory in MB."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    limit = int(arguments[0]) << 20
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS refuses; there the system decides
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    while (asked := _receive(sys.stdin.buffer)) is not None:
        try:
            found = look(asked)
        except MemoryError:
            return
        except Exception:  # whatever a file does to a parser, it is compared by its bytes then
            found = Look()
        answers.write(frame(found))
        answers.flush()


def _receive(stream: IO[bytes]) -> Ask | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return msgspec.msgpack.decode(stream.read(LENGTH.unpack(head)[0]), type=Ask)
