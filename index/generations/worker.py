"""The worker process that writes an index: orders on standard input, answers on standard output.

It runs under a limit of memory in MB, so that a document that needs too much fails alone. The limit
is RLIMIT_DATA and not the address space (RLIMIT_AS, as in `batch.worker`): the mapped segments of a
large index and MeCab's dictionary count in the address space, but use no memory of the process.
"""

import contextlib
import os
import resource
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import msgspec

from shisaku.index.errors import BrokenIndexError
from shisaku.index.generations.messages import (
    Begun,
    Close,
    Closed,
    Failed,
    Order,
    Ready,
    Said,
    Write,
    Written,
)
from shisaku.ingest.children import frame, receive, serve_quietly

Tell = Callable[[str], None]


def spawn_main(arguments: list[str]) -> None:
    """Serve orders until standard input ends; `arguments`: MB of memory, id of the parent."""
    memory_mb, parent = map(int, arguments)
    answers = serve_quietly(parent)

    def say(said: Said) -> None:
        answers.write(frame(said))
        answers.flush()

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # a lower hard limit stays
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
    _try_analysis()
    say(Ready())
    while (raw := receive(sys.stdin.buffer)) is not None:
        order = msgspec.msgpack.decode(raw, type=Order)
        answer = obey(order, lambda name: say(Begun(name)))
        say(answer)
        if isinstance(answer, Failed):
            return  # the state of the process is undefined


def _try_analysis() -> None:
    """Load the analysis and use it once.

    A missing dictionary then ends this process before it is ready, in place of failing for each
    document.
    """
    from shisaku.index.analysis.analyzer import words

    import_module("shisaku.index.generations.indexing")  # and Whoosh with it
    if not words("関係省庁"):
        raise RuntimeError("the analysis finds no words")


def obey(order: Order, tell: Tell) -> Written | Closed | Failed:
    """Carry out an order and return the answer; every error becomes a `Failed`."""
    try:
        return _write(order, tell) if isinstance(order, Write) else _close(order)
    except MemoryError:
        return Failed("memory", "")
    except BrokenIndexError as error:
        return Failed("broken", _plain(str(error)))
    except OSError as error:
        where = os.fsencode(error.filename) if error.filename else b""
        return Failed("disk", _plain(error.strerror or str(error)), error.errno or 0, where)
    except Exception as error:
        traceback.print_exc()
        return Failed("internal", _plain(f"{type(error).__name__}: {error}"))


def _plain(text: str) -> str:
    """Return `text` with surrogates escaped, which an error message may quote."""
    return text.encode(errors="backslashreplace").decode()


def _write(order: Write, tell: Tell) -> Written:
    from shisaku.index.generations.indexing import write_segments

    return write_segments(order, tell)


def _close(order: Close) -> Closed:
    from shisaku.index.engine.whoosh.codec.segment_writer import adopt, held_segments
    from shisaku.index.generations.trial import try_out

    generation = Path(os.fsdecode(order.generation))
    if order.folders:
        adopt(generation, [Path(os.fsdecode(folder)) for folder in order.folders])
    segments = tuple(held_segments(generation, order.sums))
    return Closed(segments, try_out(generation, segments, order.passages, order.counts))
