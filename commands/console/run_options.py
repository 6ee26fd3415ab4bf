"""What the commands share that change the data directory: stages of a run, and its options."""

import gc
from typing import TYPE_CHECKING, Any

import click

from shisaku.commands.console.night import NightOptions, night_options, recorded
from shisaku.commands.console.shell import (
    F,
    data_directory,
    data_option,
    json_option,
    log_option,
    progress_bar,
    say,
)
from shisaku.index.generations import KEPT
from shisaku.limits import MEMORY_MB, TIMEOUT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from shisaku.index.generations.build_report import IndexReport
    from shisaku.ingest.batch.report import IngestReport
    from shisaku.ingest.fetch.report import FetchReport
    from shisaku.ingest.runs.record import Run

keep_option = click.option(
    "--keep",
    type=click.IntRange(1),
    default=KEPT,
    metavar="N",
    help=f"Generations of the index to keep; default: {KEPT}.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes; default: all cores."
)

max_removed_option = click.option(
    "--max-removed",
    type=click.IntRange(min=0),
    metavar="N",
    help="Documents that may go; default: half of all, and of more than 20 a tenth.",
)
allow_removal_option = click.option(
    "--allow-removal", is_flag=True, help="Any number of documents may go."
)


def ingest_options(command: F) -> F:
    """Add the options of an ingest: --jobs, --force, those of removals, --skip-folder, limits."""
    options = [
        jobs_option,
        click.option("--force", is_flag=True, help="Parse unchanged files again too."),
        max_removed_option,
        allow_removal_option,
        click.option(
            "--skip-folder",
            multiple=True,
            metavar="NAME",
            help="Folder under raw/ to leave out; what was read from it stays. May be repeated.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return limit_options(command)


def limit_options(command: F) -> F:
    """Add --timeout (seconds) and --memory (MB): the limits of one file."""
    options = [
        click.option(
            "--timeout", type=click.FloatRange(min=1), default=TIMEOUT, show_default=True,
            help="Seconds for one file; then it is reported, and the others go on.",
        ),
        click.option(
            "--memory", "memory_mb", type=click.IntRange(min=128),
            default=MEMORY_MB, show_default=True,
            help="MB of memory for one file.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def written(command: F) -> F:
    """Add --data, --json, --log-format and the options of a run as a whole (`night_options`)."""
    return night_options(log_option(json_option(data_option()(command))))


def run_of(command: str, night: NightOptions) -> "AbstractContextManager[Run]":
    """Return a context that holds the lock of the data directory and records `command`.

    See `night.recorded` for what it raises.
    """
    from shisaku.ingest.fetch.ping import ping

    gc.enable()  # `Shell.invoke` has it off; a run makes and drops documents
    return recorded(data_directory(), command, night, say, ping)


def fetched(run: "Run", **options: Any) -> "FetchReport":
    """Fetch, as a part of a run; `options` are those of `fetch_options`."""
    from shisaku.commands.console.fetch_options import fetch
    from shisaku.runs import staged

    with progress_bar("fetch") as progress:
        report = staged(run, "fetch", fetch, tell=say, progress=progress, **options)
    run.record.documents |= report.changes()
    return report


def ingested(run: "Run", **options: Any) -> "IngestReport":
    """Ingest, as a part of a run; `options` are those of `ingest_options`."""
    from shisaku import runs

    with progress_bar("ingest") as progress:
        return runs.ingested(run, tell=say, progress=progress, **options)


def indexed(run: "Run", **options: Any) -> "IndexReport":
    """Index, as a part of a run; `options` are those of `runs.indexed`."""
    from shisaku import runs

    with progress_bar("index") as progress:
        return runs.indexed(run, tell=say, progress=progress, **options)


def updated(run: "Run", **options: Any) -> "tuple[IngestReport, IndexReport]":
    """Ingest and index, as parts of a run; `options` are those of `ingest_options` and `keep`."""
    from shisaku import runs

    return runs.updated(run, tell=say, stage_progress=progress_bar, **options)
