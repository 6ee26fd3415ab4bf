"""The root of all errors; apart from `ingest.model`, whose many types take long to make."""

from pathlib import Path
from shlex import quote


class Stopped(KeyboardInterrupt):
    """A signal asked the program to end: SIGINT (Ctrl-C) or SIGTERM."""

    def __init__(self, number: int = 2) -> None:
        super().__init__("interrupted" if number == 2 else "terminated")
        self.number = number


def exit_code(stop: KeyboardInterrupt) -> int:
    """Give the exit code of a program that a signal ended: 128 + its number, as a shell has it."""
    return 128 + getattr(stop, "number", 2)


class ShisakuError(Exception):
    """Root of all errors that a user can cause; the command line alone turns them into messages.

    Each class owns its `exit_code` and a `remedy`, one sentence with what the user can type or do.
    """

    exit_code = 1
    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy or self.remedy


def to_type(command: str, data: Path) -> str:
    """Give the line that runs a command on a data directory, ready to be typed."""
    return f"shisaku {command} --data {quote(str(data))}"
