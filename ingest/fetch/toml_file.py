"""Reads a TOML file written by hand: a table, or a `TomlError` with one sentence.

Traps of `tomllib`: it recurses with each level of brackets, fails on numbers of 4,300 digits, and
takes time quadratic in the parts of a dotted key. And the path may lead to a pipe or a device,
which never ends. So size and type of the file are checked first.
"""

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from shisaku.ingest.errors import ShisakuError

_LARGEST = 1_000_000
"""Bytes of a file; a thousand entries have a third of that."""
_DIGITS = re.compile(r"(?<![\w.])[+-]?[0-9][0-9_]{4000,}+")
"""A number of about as many digits as Python converts (`sys.int_info`: 4,300) or more."""
_KEY = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_DOTTED = re.compile(rf"(?<![\w-]){_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{50}}")
_OPENING = re.compile(r"[\[{]")
_MANY = 200
"""Brackets in a line that is named in the message where nesting is too deep."""


class TomlError(ShisakuError):
    """A TOML file cannot be read; the message names it."""

    exit_code = 2


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table of a TOML file; a byte order mark at its beginning is skipped.

    Raises:
        TomlError: it is no regular file, is too large, is not UTF-8, or is no TOML.

    """
    try:
        text = _bytes(path).decode("utf-8-sig")
    except OSError as error:
        raise TomlError(
            f"{path}: {error.strerror or error}", "Check the name and the permissions of the file."
        ) from None
    except UnicodeDecodeError:
        raise TomlError(f"{path}: the file is not UTF-8.", "Save it as UTF-8.") from None
    for pattern, what in ((_DIGITS, "a number is too long"), (_DOTTED, "a key has too many parts")):
        if found := pattern.search(text):
            raise _wrong(path, f"{what} (at line {_line(text, found.start())})")
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:
        number = next((n for n, line in enumerate(text.splitlines(), 1) if _is_deep(line)), 0)
        place = f" (at line {number})" if number else ""
        raise _wrong(path, f"brackets are nested too deeply{place}") from None
    except ValueError as error:  # of TOML, and of numbers and dates that are none
        raise _wrong(path, str(error)) from None


def _bytes(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a pipe would block until another process writes to it.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, no path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise TomlError(f"{path}: it is no regular file.", "Put a TOML file in its place.")
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise TomlError(
            f"{path}: the file is larger than {_LARGEST // 1000} kB.",
            "Check that it is the right file; part a long list into several (`--sources FILE`).",
        )
    return content


def _wrong(path: Path, what: str) -> TomlError:
    return TomlError(f"{path}: {what}.".replace("..", "."), "Correct the TOML at that place.")


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _is_deep(line: str) -> bool:
    return len(_OPENING.findall(line)) > _MANY
