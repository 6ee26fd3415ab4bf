"""What a signal does that ends the program: one line, and exit code 128 + its number.

While the program starts and ends it leaves at once: there is nothing to undo. While a command works
(`working`) the first signal raises `Stopped`, so that temporary files go, child processes end and
the record of the run is written; a second one leaves at once, which is no worse than being killed.

The trap: Python drops an exception that a handler raises inside a callback (of a weak reference, of
the garbage collector) and prints it with a traceback. Then the program leaves at once as well.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from shisaku.ingest.errors import Stopped

_owner = 0
"""The process in which the handlers were set; what it forks inherits them and leaves silently."""
_raising = False


def install() -> None:
    """Take over SIGINT and SIGTERM, unless the caller has them ignored (`nohup`, `cmd &`)."""
    global _owner
    _owner = os.getpid()
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _handle)
    sys.unraisablehook = _dropped


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Let a signal raise `Stopped` in here, once."""
    global _raising
    _raising = True
    try:
        yield
    finally:
        _raising = False


def _handle(number: int, _: FrameType | None) -> None:
    global _raising
    if not _raising:
        _leave(number)
    _raising = False
    raise Stopped(number)


def _dropped(fault: "sys.UnraisableHookArgs") -> None:
    if isinstance(fault.exc_value, KeyboardInterrupt):
        _leave(getattr(fault.exc_value, "number", signal.SIGINT))
    sys.__unraisablehook__(fault)


def _leave(number: int) -> None:
    if os.getpid() == _owner:
        with contextlib.suppress(OSError):
            os.write(2, f"shisaku: {Stopped(number)}\n".encode())
    os._exit(128 + number)
