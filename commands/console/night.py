"""What fetch, ingest, index and update share as commands: options, messages, exit codes of a run.

`shisaku.runs` takes the lock and keeps the record; `recorded` adds what a terminal and a monitor
are told of it.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from shisaku.ingest.runs import KEPT
from shisaku.limits import FAILED_DOCUMENTS

if TYPE_CHECKING:
    from shisaku.ingest.runs.record import Run

F = TypeVar("F", bound=Callable[..., Any])
LOCKED = 5
"""Exit code of a run that found another at work."""


class NightOptions(NamedTuple):
    """Options of a run: seconds to wait, --known-ok, URL to ping, number of records to keep."""

    wait: float = 0.0
    known_ok: bool = False
    ping: str | None = None
    keep_runs: int = KEPT


def night_options(command: F) -> F:
    """Add --wait, --known-ok, --ping, --keep-runs, given to the command as one argument `night`."""
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
) -> "Iterator[Run]":
    """Run a command under the lock, write down what became of it, and end with its exit code.

    `tell` prints a line: that of the run, and what went wrong with the ping. `ping` takes a URL,
    whether all is well and a message, and returns what went wrong ("" for nothing).

    Raises:
        SystemExit: code 3 where a problem was noted that counts (`NightOptions.known_ok`).
        LockedError: another run did not end in time.
        DiskError: runs/ cannot be written, or another directory of `data`.

    """

    def ended(run: "Run") -> None:
        code = run.record.exit_code
        if code in (0, FAILED_DOCUMENTS) and run.record.stages:
            tell(run.record.line())
        # The run that holds the lock will tell how it went.
        if options.ping and code != LOCKED:
            said = f"exit {code}; {run.record.error or run.record.line()}"
            if why := ping(options.ping, code == 0, said):
                tell(f"{command}: the ping was not taken: {why}")

    from shisaku import runs

    with runs.recorded(
        data,
        command,
        wait=options.wait,
        known_ok=options.known_ok,
        keep_runs=options.keep_runs,
        ended=ended,
    ) as run:
        yield run
    if run.record.exit_code:
        raise SystemExit(run.record.exit_code)
