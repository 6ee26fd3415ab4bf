"""Workers that write an index, for tests: a passage may ask for trouble while it is indexed.

Worker processes import this module by its name.
"""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any

from shisaku.index.generations import indexing as segments
from shisaku.index.generations import worker

_real = segments._add
_leaked: list[bytearray] = []
_done = 0


def _add(
    writer: Any, document: Any, records: Sequence[dict[str, Any]], encoded: Mapping[str, bytes]
) -> Any:
    global _done
    for record in records:
        match record["text"]:
            case "HANG":
                time.sleep(600)
            case "CRASH":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "EXIT":
                os._exit(7)
            case "BUG":
                raise KeyError("unforeseen")
            case "DEEP":
                return _add(writer, document, records, encoded)
            case "HUNGRY":
                _leaked.append(bytearray(8 << 30))
            case "SECOND" if _done:  # fails where another document came before it in the process
                os._exit(9)
    _done += 1
    return _real(writer, document, records, encoded)


def spawn_main(arguments: list[str]) -> None:
    """Serve orders like `index.generations.worker`."""
    segments._add = _add
    worker.spawn_main(arguments)


def never_up(arguments: list[str]) -> None:
    """End before anything is said."""
    os._exit(3)


def no_dictionary(arguments: list[str]) -> None:
    """Fail at every word, as where MeCab's dictionary is missing."""
    from shisaku.index.analysis import analyzer

    def missing(text: str) -> Any:
        raise RuntimeError("no dictionary")

    analyzer.words = missing  # type: ignore[assignment]
    worker.spawn_main(arguments)


def says_no_space(arguments: list[str]) -> None:
    """Fail like a full disk."""

    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device", "/somewhere")

    segments._add = full  # type: ignore[assignment]
    worker.spawn_main(arguments)
