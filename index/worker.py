"""A process that writes an index under limits, so that no document can take the others with it.

Python's own limit is the address space (`ingest.worker`); here it is RLIMIT_DATA, since the mapped
segments of a large index and MeCab's dictionary, which cost no memory of the process, would count
in the address space. The loop takes one order at a time from standard input until that ends.
"""

import contextlib
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

from index.generation import BrokenIndexError
from index.work import Begun, Close, Closed, Failed, Order, Ready, Said, Write, Written
from ingest.children import frame, receive, serve_quietly

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
    say(Ready())
    while (raw := receive(sys.stdin.buffer)) is not None:
        order = msgspec.msgpack.decode(raw, type=Order)
        answer = obey(order, lambda name: say(Begun(name)))
        say(answer)
        if isinstance(answer, Failed):
            return  # what was half made is no ground to build on


def obey(order: Order, tell: Tell) -> Written | Closed | Failed:
    """Carry out an order; whatever goes wrong is said and not raised."""
    try:
        return _write(order, tell) if isinstance(order, Write) else _close(order)
    except MemoryError:
        return Failed("memory", "")
    except BrokenIndexError as error:
        return Failed("broken", str(error))
    except OSError as error:
        where = os.fsdecode(error.filename) if error.filename else ""
        return Failed("disk", error.strerror or str(error), error.errno or 0, where)
    except Exception as error:
        traceback.print_exc()
        return Failed("internal", f"{type(error).__name__}: {error}")


def _write(order: Write, tell: Tell) -> Written:
    from index.segments import write_segments

    return write_segments(order, tell)


def _close(order: Close) -> Closed:
    from index.segments import adopt, try_out
    from index.writer import held_segments

    generation = Path(order.generation)
    if order.folders:
        adopt(generation, [Path(folder) for folder in order.folders])
    segments = tuple(held_segments(generation, order.sums))
    return Closed(segments, try_out(generation, segments, order.passages, order.counts))
