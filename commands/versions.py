"""`shisaku versions`: what the earlier versions of fetched files take, and what of it may go."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shisaku.commands import command
from shisaku.commands.console.shell import data_directory, data_option, json_option, print_json, say
from shisaku.ingest.text.terminal import one_line

if TYPE_CHECKING:
    from shisaku.ingest.fetch.kept.versions import Plan
    from shisaku.ingest.fetch.sources import Source

_SHOWN = 20
"""Paths that are listed for people; --json lists all."""


@command("shisaku versions prune --yes")
@click.argument("action", type=click.Choice(["prune"]))
@click.option("--yes", is_flag=True, help="Free it; without this it is only told.")
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", help="Versions to keep of each document."
)
@click.option("--days", type=click.IntRange(0), metavar="D", help="Keep all of the last D days.")
@click.option("--unnamed", is_flag=True, help="Also files that no sidecar names.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="List of sources; default: DIR/sources.toml, else the shipped one.",
)
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="How long to wait for another run.",
)
@json_option
@data_option()
def versions(
    action: str,
    yes: bool,
    keep: int | None,
    days: int | None,
    unnamed: bool,
    sources: Path | None,
    wait: float,
    as_json: bool,
) -> None:
    """Tell which earlier versions of fetched files may go, and free them.

    Of each document the newest stay (`keep_versions` and `keep_days` of its source), and all that
    parsed/ or the index cites.
    """
    from shisaku.ingest.disk.lock import locked
    from shisaku.ingest.fetch.kept.versions import carry_out

    data = data_directory()
    asked = {
        name: value
        for name, value in (("keep_versions", keep), ("keep_days", days))
        if value is not None
    }
    limits = _limits(data, sources, asked)
    if yes:
        with locked(data, command=f"versions {action}", wait=wait):
            found = _plan(data, limits, unnamed)
            carry_out(data, found)
    else:
        found = _plan(data, limits, unnamed)
    if as_json:
        print_json(found.to_json(done=yes))
    else:
        _tell(found, yes)


def _limits(data: Path, sources: Path | None, asked: dict[str, int]) -> "Callable[[str], Source]":
    """Return a function (name of a source) → its entry, with the limits in `asked`.

    A name that the list of sources does not have gets the standard limits.

    Raises:
        SourcesError: the list of sources cannot be read.

    """
    from msgspec.structs import replace

    from shisaku.ingest.fetch.kept.versions import STANDARD
    from shisaku.ingest.fetch.sources import find_sources, load_sources

    entries = load_sources(find_sources(data, sources)).entries
    known = {entry.name: entry for entry in entries}
    return lambda name: replace(known.get(name, STANDARD), **asked)


def _plan(data: Path, limits: "Callable[[str], Source]", unnamed: bool) -> "Plan":
    from shisaku.ingest.fetch.kept.versions import cited, plan

    return plan(data, limits, cited(data) | _indexed(data), unnamed=unnamed)


def _indexed(data: Path) -> frozenset[str]:
    """Return the SHA-256 of the files of all documents in the index, none where there is no index.

    Raises:
        BrokenIndexError, IndexVersionError: what the index cites cannot be read.

    """
    from shisaku.index.generations.manifest import current
    from shisaku.index.search.searcher import Searcher
    from shisaku.index.search.selection import Request

    if current(data) is None:
        return frozenset()
    with Searcher(data, rolled=False) as opened:
        found = opened.select(Request()).documents()
    return frozenset(str(document["sha256"]) for document in found)


def _tell(found: "Plan", done: bool) -> None:
    for place in found.damaged:
        say(f"{one_line(place)} is damaged; what it names is not known, and stays.")
    for name in sorted(found.free)[:_SHOWN]:
        click.echo(one_line(f"{name}  {_size(found.free[name])}"))
    if len(found.free) > _SHOWN:
        click.echo(f"… and {len(found.free) - _SHOWN} more")
    word = "freed" if done else "can be freed"
    click.echo(f"{len(found.free)} versions, {_size(found.size)}, {word}")
    click.echo(f"{found.kept} stay, {_size(found.kept_size)}")
    if found.unnamed:
        size = _size(sum(found.unnamed.values()))
        click.echo(f"{len(found.unnamed)} that no sidecar names stay, {size}; see --unnamed")
    if found.free and not done:
        say("Nothing was removed. To free it, type the same with --yes.")


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
