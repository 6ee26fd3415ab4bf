"""A run that writes: under the lock, stage by stage, with its record under runs/.

Both the commands (fetch, ingest, index, update) and the public API go through here, so that
`shisaku runs` and `shisaku status` know of every run, whoever began it. What is told to people and
how is the caller's: `tell` takes a line, `progress` (done, total, name of what is being done).
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.errors import ShisakuError, exit_code, to_type
from shisaku.ingest.runs import KEPT
from shisaku.ingest.runs.record import Run
from shisaku.limits import FAILED_DOCUMENTS

if TYPE_CHECKING:
    from shisaku.index.generations.build import Guard
    from shisaku.index.generations.build_report import IndexReport
    from shisaku.ingest.batch.report import IngestReport
    from shisaku.ingest.fetch.report import FetchReport

R = TypeVar("R", "FetchReport", "IngestReport", "IndexReport")
Tell = Callable[[str], None]
Progress = Callable[[int, int, str], None]


@contextlib.contextmanager
def recorded(
    data: Path,
    command: str,
    *,
    wait: float = 0.0,
    known_ok: bool = False,
    keep_runs: int = KEPT,
    ended: Callable[[Run], None] = lambda run: None,
) -> Iterator[Run]:
    """Hold the lock of `data` and write down what becomes of `command`.

    `wait` is how many seconds to wait for another run. The record has exit code 3 where a problem
    was noted, with `known_ok` only where it is new; `ended` is called with the run whatever ended
    it, its record complete.

    Raises:
        LockedError: another run did not end in time.
        DiskError: runs/ cannot be written, or another directory of `data`.

    """
    run = Run(data, command, keep_runs)
    code, error = 1, ""

    def done() -> int:
        problems = run.record.new_problems if known_ok else run.record.problems
        return FAILED_DOCUMENTS if problems else 0

    try:
        with locked(data, command=command, wait=wait):
            yield run
        code = done()
    except BrokenPipeError:
        # Who read the report has seen enough of it; it is printed when the work is done.
        code = done()
        raise
    except ShisakuError as fault:
        code, error = fault.exit_code, str(fault)
        raise
    except OSError as fault:
        error = f"{fault.filename or data}: {fault.strerror or fault}"
        # Standard output may be full or closed, too.
        if fault.filename and Path(os.fsdecode(fault.filename)).is_relative_to(data):
            raise disk_error(fault, data, command) from fault
        raise
    except KeyboardInterrupt as stop:
        code, error = exit_code(stop), str(stop) or "interrupted"
        raise
    except BaseException as fault:
        error = f"{type(fault).__name__}: {fault}"
        raise
    finally:
        run.end(code, error)
        ended(run)


def staged(
    run: Run,
    stage: str,
    work: Callable[..., R],
    *,
    tell: Tell,
    progress: Progress | None,
    **options: Any,
) -> R:
    """Do a part of a run under its name, and return its report, told and noted in the record.

    `work` takes the data directory, `progress` and `options`; of a fetch, `names` are the sources
    that are asked.
    """
    with run.stage(stage, options.get("names", ())):
        report = work(run.data, progress=progress, **options)
    for line in report.lines():
        tell(line)
    run.note(stage, report.faults())
    return report


def ingested(run: Run, *, tell: Tell, progress: Progress | None, **options: Any) -> "IngestReport":
    """Parse, as a part of a run; `options` are those of `ingest.batch.batch.run_ingest`."""
    from shisaku.ingest.batch.batch import run_ingest

    options |= {"command": run.command}
    report = staged(
        run, "ingest", _telling(run_ingest, tell), tell=tell, progress=progress, **options
    )
    run.record.documents |= report.counts()
    if report.work.files:
        run.record.stages["ingest"].work = report.work
    return report


def _telling(work: Callable[..., R], tell: Tell) -> Callable[..., R]:
    """Return the same work, which also tells by itself what it is about to do."""
    return lambda data, **options: work(data, tell=tell, **options)


def guard_of(run: Run, allowed: int | None, *, any_number: bool) -> "Guard | None":
    """Return what keeps an index from losing many documents, None where any number may go."""
    from shisaku.index.generations.build import Guard

    return None if any_number else Guard(to_type(run.command, run.data), allowed)


def indexed(
    run: Run,
    *,
    tell: Tell,
    progress: Progress | None,
    jobs: int | None,
    timeout: float,
    memory_mb: int,
    **options: Any,
) -> "IndexReport":
    """Index, as a part of a run; `options` are those of `index.generations.build.build_index`."""
    from shisaku.index.generations.build import build_index
    from shisaku.index.generations.messages import Limits

    options |= {"jobs": jobs or os.cpu_count() or 1, "limits": Limits(timeout, memory_mb)}
    options |= {"command": run.command}
    report = staged(run, "index", build_index, tell=tell, progress=progress, **options)
    if "ingest" not in run.record.stages:
        run.record.documents |= report.counts()
    run.record.passages |= report.changes
    run.record.generation = report.generation
    return report


def updated(
    run: Run,
    *,
    tell: Tell,
    stage_progress: Callable[[str], "contextlib.AbstractContextManager[Progress | None]"],
    keep: int,
    **options: Any,
) -> "tuple[IngestReport, IndexReport]":
    """Parse, then index, as parts of a run; `options` are those of `ingested`.

    `stage_progress` gives what follows a stage ("ingest", "index") while it works.
    """
    from shisaku.index.generations.health import passages_of

    with stage_progress("ingest") as progress:
        taken = ingested(run, tell=tell, progress=progress, **options)
    limits: Any = {name: options[name] for name in ("jobs", "timeout", "memory_mb")}
    with stage_progress("index") as progress:
        report = indexed(run, tell=tell, progress=progress, full=False, keep=keep, **limits)
    stale = {item.document for item in taken.problems if item.stale}
    run.record.passages["failed"] = passages_of(run.data, stale)
    return taken, report
