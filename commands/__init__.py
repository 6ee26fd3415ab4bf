"""A module for each command, named as the command: its options, and the calls that it makes.

A module is loaded when its command is asked for by name, so that a search does not wait for the
PDF library. Options that several commands share are in `console/query_options` (those that ask the
index) and `console/run_options` (those that change the data directory).

Trap: `shisaku --help` loads every module here, so what is heavy is imported inside the functions.
"""

from collections.abc import Callable, Iterator, MutableMapping
from importlib import import_module
from typing import Any

import click

from shisaku.commands.console.shell import F


def command(example: str) -> Callable[[F], Any]:
    """Return a decorator that makes a function a command, its help ending in `example`."""
    return click.command(epilog=f"\b\nExample:\n  {example}")


class Commands(MutableMapping[str, click.Command]):
    """Mapping of names to commands; `shisaku.commands.<name>` is imported at the first access."""

    def __init__(self, *names: str) -> None:
        self._declared: dict[str, click.Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        found = self._declared[name]
        if found is None:
            found = self[name] = getattr(import_module(f"shisaku.commands.{name}"), name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._declared  # to look is not to load

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    def __setitem__(self, name: str, made: click.Command) -> None:
        self._declared[name] = made

    def __delitem__(self, name: str) -> None:
        del self._declared[name]
