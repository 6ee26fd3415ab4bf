"""What every command shares: messages, JSON, --data, progress, errors as exit codes.

`Shell.invoke` is the one place that turns errors into sentences and exit codes; nothing that a user
can cause ends in a traceback.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from shisaku.index.garbage import uncollected
from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.errors import ShisakuError, exit_code
from shisaku.ingest.text.terminal import clean, dumps, one_line
from shisaku.interrupt import working
from shisaku.opening import existing_directory

F = TypeVar("F", bound=Callable[..., Any])


def say(text: str, level: str = "info") -> None:
    """Print a line for people, to standard error, after what is already on standard output.

    With --log-format json it is an object with `time` (UTC), `level` and `message`. A line that
    cannot be printed, as on a full disk of logs, ends no run: the run's record has it all.
    """
    with suppress(OSError):
        _flush()
    if _logs_json():
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = {"time": now, "level": level, "message": clean(text).strip()}
        text = dumps(line)
    try:
        click.echo(clean(text), err=True)
    except OSError:
        _give_up(sys.stderr)


def print_json(answer: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print an answer as JSON, to standard output, with the number of its form under `schema`.

    A list (that of `runs`) stays one: each of its entries has the number.
    """
    from shisaku.answers import with_schema

    made = with_schema(answer) if isinstance(answer, dict) else [*map(with_schema, answer)]
    click.echo(dumps(made, indent=2))


def _logs_json() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and (context.find_root().obj or {}).get("log") == "json")


def _remember_log(ctx: click.Context, _: click.Parameter, value: str) -> None:
    ctx.find_root().ensure_object(dict)["log"] = value


log_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    expose_value=False,
    callback=_remember_log,
    help="json: one object a line on standard error.",
)


def _flush() -> None:
    if sys.stdout is not None:  # None where the caller has closed it
        sys.stdout.flush()


def _give_up(stream: TextIO) -> None:
    """Discard what is buffered for a stream that cannot be written.

    Python would try again when it ends, fail, and end with exit code 120.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Shell(click.Group):
    """The group of all commands; its `invoke` turns errors into messages and exit codes."""

    @uncollected()
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was typed.

        Raises:
            SystemExit: the exit code of a `ShisakuError`; 130 or 143 after a signal; 0 where the
                reader of standard output has gone; 1 for what the system or the program did wrong.
            click.ClickException: an error of usage, which click prints (exit code 2).

        """
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        try:
            with working():
                result = super().invoke(ctx)
                _flush()
            return result
        except ShisakuError as error:
            say(f"shisaku: {error}" + (f"\n  {error.remedy}" if error.remedy else ""), "error")
            sys.exit(error.exit_code)
        except BrokenPipeError:
            _give_up(sys.stdout)  # the reader (head, less) has seen enough
            sys.exit(0)
        except KeyboardInterrupt as stop:
            say(f"shisaku: {str(stop) or 'interrupted'}", "error")
            sys.exit(exit_code(stop))
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            remedy = "check the permissions and the space on the disk, then type the command again"
            if error.filename:
                data = (ctx.obj or {}).get("data", Path("data"))
                remedy = disk_error(error, data, ctx.invoked_subcommand or "status").remedy
            say(f"shisaku: {place}{error.strerror or error}\n  {remedy}", "error")
            try:
                _flush()
            except OSError:
                _give_up(sys.stdout)
            sys.exit(1)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("SHISAKU_DEBUG"):
                raise
            what = f"{_place(error)}: {type(error).__name__}: {error}"
            more = "set SHISAKU_DEBUG=1 to see where it comes from"
            say(f"shisaku: internal error in {what}\n  {more}", "error")
            sys.exit(1)


def _place(error: BaseException) -> str:
    """Return "file:line" of where `error` was raised."""
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    return f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else "?"


def _remember_data(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.find_root().ensure_object(dict)["data"] = value


def data_option(*, root: bool = False) -> Callable[[F], F]:
    """Add --data, which may stand before or after the command."""
    return click.option(
        "--data",
        metavar="DIR",
        type=click.Path(path_type=Path),
        envvar="SHISAKU_DATA" if root else None,
        expose_value=False,
        callback=_remember_data,
        help="Directory with raw/, parsed/, index/ and runs/ ($SHISAKU_DATA, else ./data).",
    )


def data_directory() -> Path:
    """Return the data directory: --data, else $SHISAKU_DATA, else ./data.

    Raises:
        DataDirectoryError: it does not exist.

    """
    root = click.get_current_context().find_root()
    return existing_directory(root.ensure_object(dict).get("data", Path("data")))


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """Yield a function (done, total, name of the current one) that moves a progress bar.

    None where standard error is no terminal or is a log of JSON.
    """
    if sys.stderr is None or not sys.stderr.isatty() or _logs_json():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    name = TextColumn("{task.fields[name]}", markup=False)
    with Progress(*columns, name, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, name="", total=None)

        def move(done: int, total: int, current: str) -> None:
            bar.update(task, completed=done, total=total, name=one_line(current[-60:]))

        yield move
