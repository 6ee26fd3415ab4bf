"""What the commands share that change the data directory: stages of a run, and its options."""

import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

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
from shisaku.index.generations.manifest import KEPT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from shisaku.index.generations.build import Guard
    from shisaku.index.generations.build_report import IndexReport
    from shisaku.ingest.batch.report import IngestReport
    from shisaku.ingest.fetch.report import FetchReport
    from shisaku.ingest.runs.record import Run

R = TypeVar("R", "FetchReport", "IngestReport", "IndexReport")

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
    """Add what governs an ingest."""
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
    """Add what reading or indexing one file may take."""
    options = [
        click.option(
            "--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True,
            help="Seconds for one file; then it is reported, and the others go on.",
        ),
        click.option(
            "--memory", "memory_mb", type=click.IntRange(min=128), default=1024, show_default=True,
            help="MB of memory for one file.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def written(command: F) -> F:
    """Add --data, --json, --log-format and what governs a run as a whole."""
    return night_options(log_option(json_option(data_option()(command))))


def run_of(command: str, night: NightOptions) -> "AbstractContextManager[Run]":
    """Hold the lock of the data directory and write down what becomes of `command`."""
    from shisaku.ingest.fetch.ping import ping

    gc.enable()  # the shell keeps it out; here documents come and go
    return recorded(data_directory(), command, night, say, ping)


def _staged(run: "Run", stage: str, work: Callable[..., R], **options: Any) -> R:
    """Do a part of a run: under its name, with a bar, and with its report told and noted."""
    with run.stage(stage, options.get("names", ())), progress_bar(stage) as progress:
        report = work(run.data, progress=progress, **options)
    for line in report.lines():
        say(line)
    run.note(stage, report.faults())
    return report


def fetched(run: "Run", **options: Any) -> "FetchReport":
    """Fetch, as a part of a run."""
    from shisaku.commands.console.fetch_options import fetch

    report = _staged(run, "fetch", fetch, **options)
    run.record.documents |= report.changes()
    return report


def ingested(run: "Run", **options: Any) -> "IngestReport":
    """Ingest, as a part of a run."""
    from shisaku.ingest.batch.batch import run_ingest

    report = _staged(run, "ingest", run_ingest, command=run.command, tell=say, **options)
    run.record.documents |= report.counts()
    if report.work.files:
        run.record.stages["ingest"].work = report.work
    return report


def guard_of(run: "Run", allowed: int | None, *, any_number: bool) -> "Guard | None":
    """Return what keeps an index from losing many documents, None where any number may go."""
    from shisaku.index.generations.build import Guard
    from shisaku.ingest.errors import to_type

    return None if any_number else Guard(to_type(run.command, run.data), allowed)


def indexed(
    run: "Run", *, jobs: int | None, timeout: float, memory_mb: int, **options: Any
) -> "IndexReport":
    """Index, as a part of a run."""
    from shisaku.index.generations.build import build_index
    from shisaku.index.generations.messages import Limits

    options |= {"jobs": jobs or os.cpu_count() or 1, "limits": Limits(timeout, memory_mb)}
    report = _staged(run, "index", build_index, command=run.command, **options)
    if "ingest" not in run.record.stages:
        run.record.documents |= report.counts()
    run.record.passages |= report.changes
    run.record.generation = report.generation
    return report
