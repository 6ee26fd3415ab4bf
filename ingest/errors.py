"""The root of all errors, and the exit code of an interrupted program.

Apart from `ingest.model`, whose types take long to make: the command line needs errors first.
"""

from pathlib import Path
from shlex import quote


class Stopped(KeyboardInterrupt):
    """A signal asked the program to end: SIGINT (Ctrl-C) or SIGTERM."""

    def __init__(self, number: int = 2) -> None:
        super().__init__("interrupted" if number == 2 else "terminated")
        self.number = number


def exit_code(stop: KeyboardInterrupt) -> int:
    """Return the exit code of a program that a signal ended: 128 + its number, as in a shell."""
    return 128 + getattr(stop, "number", 2)


class ShisakuError(Exception):
    """Root of all errors that a user, a file or a site can cause; `cli` turns them into messages.

    Each class has its `exit_code` and a `remedy`: one sentence with what the user can type or do.
    """

    exit_code = 1
    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy or self.remedy


def to_type(command: str, data: Path) -> str:
    """Return a command line for a data directory, quoted for a shell."""
    return f"shisaku {command} --data {quote(str(data))}"
