"""What the commands share that ask the index: QUERY and the filters, and who answers.

An option that means a year, a kind or a status takes it as people write it; names of ministries and
plans are resolved by `index.search.names`, which asks the registry what the index does not know.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from shisaku.commands.console.shell import F, data_directory
from shisaku.ingest.terms import Kind, Status

if TYPE_CHECKING:
    from shisaku.index.search.names import Registry
    from shisaku.index.search.searcher import Searcher
    from shisaku.index.search.selection import Request


def searcher(*, rolled: bool = True) -> "Searcher":
    """Open the index of the data directory."""
    from shisaku.index.search.searcher import Searcher

    return Searcher(data_directory(), _asks("counted_as"), _known(), rolled=rolled)


def request(opened: "Searcher", **asked: Any) -> "Request":
    """Give what the options of `query_options` ask for."""
    from shisaku.index.search.selection import asked_for

    return asked_for(opened, _known(), **asked)


def _asks(question: str) -> Callable[[str], Any]:
    """Give a question to the registry, which is loaded when it is asked."""

    def ask(word: str) -> Any:
        from shisaku.ingest.registry import registry

        return getattr(registry(), question)(word)

    return ask


def _known() -> "Registry":
    from shisaku.index.search.names import Registry

    return Registry(_asks("resolve"), _asks("resolve_plan"), _asks("plan_key"))


def _years(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> Any:
    if not values:
        return ()
    from shisaku.ingest.text.dates import parse_years

    spans = []
    for value in values:
        span = parse_years(value)
        if span is None:
            raise click.BadParameter(f"{value!r} is no year; try 2011, 2009..2014, 平成23, H23")
        if param.name == "year" and "年度" in value:
            raise click.BadParameter(f"{value} is a fiscal year; type: --fiscal-year {value}")
        spans.append(span)
    return tuple(spans)


class _Named(click.Choice[str]):
    """Kinds or states by their names, or by what people call them (フォローアップ, ◎)."""

    def __init__(self, what: Literal["kind", "status"], names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the name that is meant, as a field of a query reads it."""
        from shisaku.index.search.names import named

        return super().convert(named(self.what, value) or value, param, ctx)


def query_options(command: F) -> F:
    """Add QUERY, the filters, each of which repeats, and what is searched how."""
    year = "Calendar year: 2011, 2009..2014, 平成23, H23, 令和5."
    options = [
        click.argument("query", nargs=-1),
        click.option("--ministry", multiple=True, help="Ministry or agency: 警察庁, NPA, …"),
        click.option("--plan", multiple=True, help="Plan or series of plans."),
        click.option("--year", multiple=True, callback=_years, help=year),
        click.option("--fiscal-year", multiple=True, callback=_years, help="Likewise, 年度."),
        click.option(
            "--kind", multiple=True, type=_Named("kind", get_args(Kind)), help="Kind of document."
        ),
        click.option(
            "--status",
            multiple=True,
            type=_Named("status", get_args(Status)),
            help="◎ or ○ in a follow-up.",
        ),
        click.option("--document", multiple=True, metavar="ID", help="Document id."),
        click.option(
            "--unit",
            type=click.Choice(["passage", "measure"]),
            default="passage",
            help="What is searched, counted and given: passages, or whole measures.",
        ),
        click.option("--exact", is_flag=True, help="Search no synonyms and abbreviations."),
        click.option("--words", is_flag=True, help="Leave out what stands inside other words."),
        click.option(
            "--in",
            "parts",
            type=click.Choice(["text"]),
            help="text: headings and measure titles do not count.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command
