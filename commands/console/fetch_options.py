"""What `shisaku fetch` and `shisaku update --fetch` share: options, and the call that they make.

Every command loads this module, so it loads the HTTP library only when it is run.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from shisaku.ingest.fetch.deadlines import MEGABYTES, MINUTES

if TYPE_CHECKING:
    from shisaku.ingest.fetch.report import FetchReport

F = TypeVar("F", bound=Callable[..., Any])


def fetch_options(command: F) -> F:
    """Add --sources, --source, --allow-withdrawal and the options of `fetch_limits`."""
    options = [
        click.option(
            "--sources", type=click.Path(path_type=Path), metavar="FILE",
            help="List of sources; default: DIR/sources.toml, else the shipped one.",
        ),
        click.option("--source", "names", multiple=True, metavar="NAME", help="Only this source."),
        click.option(
            "--allow-withdrawal", is_flag=True,
            help="Mark files as withdrawn though most of a source's would be.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return fetch_limits(command)


def fetch_limits(command: F) -> F:
    """Add --fetch-minutes and --fetch-mb, the limits of a fetch as a whole."""
    options = [
        click.option(
            "--fetch-minutes", "minutes", type=click.FloatRange(min=0, min_open=True),
            default=MINUTES, show_default=True, metavar="N",
            help="Minutes for fetching; each source has its share, the next run goes on.",
        ),
        click.option(
            "--fetch-mb", "megabytes", type=click.FloatRange(min=0, min_open=True),
            default=MEGABYTES, show_default=True, metavar="N",
            help="Millions of bytes to receive in fetching, likewise.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def fetch(
    data: Path,
    *,
    sources: Path | None = None,
    names: tuple[str, ...] = (),
    allow_withdrawal: bool = False,
    minutes: float = MINUTES,
    megabytes: float = MEGABYTES,
    progress: Callable[[int, int, str], None] | None = None,
) -> "FetchReport":
    """Read the list of sources and fetch from those in `names` (all where it is empty).

    `minutes` and `megabytes` (millions of bytes) are limits of the whole; `progress` is called with
    sources done, sources to do, and the name of the one begun.

    Raises:
        SourcesError: the list cannot be read or names no such source; nothing was requested.
        FetchError: the data directory is not what it was when the run began.

    """
    from shisaku.ingest.fetch.run import run_fetch
    from shisaku.ingest.fetch.sources import find_sources, load_sources

    chosen = load_sources(find_sources(data, sources)).select(names)
    return run_fetch(
        data,
        chosen,
        allow_withdrawal=allow_withdrawal,
        minutes=minutes,
        megabytes=megabytes,
        progress=progress,
    )
