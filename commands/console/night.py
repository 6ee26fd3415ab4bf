"""What fetch, ingest, index and update share as commands: options, the lock, the record of the run.

`recorded` is the frame around each of them. It takes the lock for the whole of an update, so that
no other run gets between its parts, and whatever ends the run is in its record. Nothing of this
knows the index: the command line fills in what became of it.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.errors import ShisakuError, exit_code
from shisaku.ingest.runs.record import KEPT, Run

F = TypeVar("F", bound=Callable[..., Any])
FAILED_DOCUMENTS = 3
LOCKED = 5


@dataclass(frozen=True)
class NightOptions:
    """Seconds to wait for another run, whether known failures count, whom to tell, what stays."""

    wait: float = 0.0
    known_ok: bool = False
    ping: str | None = None
    keep_runs: int = KEPT


def night_options(command: F) -> F:
    """Add what governs a run as a whole; the command takes it as one argument, `night`."""
    options = [
        click.option(
            "--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS",
            help="Wait so long for another run to end; default: not at all.",
        ),
        click.option(
            "--known-ok", is_flag=True,
            help="Exit code 3 only for failures that the last run did not find.",
        ),
        click.option(
            "--ping", metavar="URL", envvar="SHISAKU_PING_URL",
            help="Tell URL of success, URL/fail of failure ($SHISAKU_PING_URL).",
        ),
        click.option(
            "--keep-runs", type=click.IntRange(min=1), default=KEPT, metavar="N",
            help=f"Records of runs to keep; default: {KEPT}.",
        ),
    ]  # fmt: skip

    def gathered(
        *, wait: float, known_ok: bool, ping: str | None, keep_runs: int, **rest: Any
    ) -> Any:
        return command(night=NightOptions(wait, known_ok, ping, keep_runs), **rest)

    gathered.__name__ = command.__name__
    gathered.__doc__ = command.__doc__
    # Click gathers the options of a function in this list.
    gathered.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    made: Any = gathered
    for option in reversed(options):
        made = option(made)
    return made  # type: ignore[no-any-return]


@contextlib.contextmanager
def recorded(
    data: Path,
    command: str,
    options: NightOptions,
    tell: Callable[[str], None],
    ping: Callable[[str, bool, str], str],
) -> Iterator[Run]:
    """Run a command under the lock and write down what became of it.

    `tell` prints the line of the run, `ping` tells a URL and gives what went wrong with that. Ends
    the process with exit code 3 where something that was noted counts.

    Raises:
        LockedError: another run did not end in time.
        DiskError: runs/ cannot be written, or another directory of `data`.

    """
    run = Run(data, command, options.keep_runs)
    code, error = 1, ""
    try:
        with locked(data, command=command, wait=options.wait):
            yield run
        code = FAILED_DOCUMENTS if _counts(run, options) else 0
    except BrokenPipeError:
        # Who read the report has seen enough of it; it is printed when the work is done.
        code = FAILED_DOCUMENTS if _counts(run, options) else 0
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
        if code in (0, FAILED_DOCUMENTS) and run.record.stages:
            tell(run.record.line())
        # The run that holds the lock will tell how it went.
        if options.ping and code != LOCKED and (why := _told(ping, options.ping, run, code)):
            tell(f"{command}: the ping was not taken: {why}")
    if code:
        raise SystemExit(code)


def _counts(run: Run, options: NightOptions) -> bool:
    return bool(run.record.new_problems if options.known_ok else run.record.problems)


def _told(ping: Callable[[str, bool, str], str], url: str, run: Run, code: int) -> str:
    return ping(url, code == 0, f"exit {code}; {run.record.error or run.record.line()}")
