"""A module for each command, named as it is typed: its options, and what it asks of the rooms.

Nobody waits for the commands that were not typed: a module is loaded when its command is asked for
by name. What several share stands in `writing` (those that change the data directory) and `asking`
(those that ask the index). What is heavy is imported by the body of a command, so that `--help`,
which declares all of them, stays light.
"""

from collections.abc import Callable, Iterator, MutableMapping
from importlib import import_module
from typing import Any

import click

from shisaku.commands.console.shell import F


def command(example: str) -> Callable[[F], Any]:
    """Declare a command whose help ends in an example that can be typed."""
    return click.command(epilog=f"\b\nExample:\n  {example}")


class Commands(MutableMapping[str, click.Command]):
    """The commands of a group by name, each declared when it is first asked for."""

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
