"""What the commands share that ask the index: QUERY, the filters, and the index that is opened.

Years, kinds and states are turned into canonical values here, so that a wrong one is an error of
usage that names its option; names of ministries, plans and documents are resolved by the index.
"""

from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from shisaku.commands.console.shell import F, data_directory
from shisaku.ingest.terms import Kind, Status

if TYPE_CHECKING:
    from shisaku.index.engine.base import UnitName
    from shisaku.index.search.selection import Request, Width
    from shisaku.library import Index


def opened(*, rolled: bool = True) -> "Index":
    """Open the index of the data directory; see `shisaku.open_index` for what is raised."""
    from shisaku.library import open_index

    return open_index(data_directory(), rolled=rolled)


def request(
    index: "Index",
    *,
    query: tuple[str, ...],
    unit: "UnitName",
    exact: bool,
    words: bool,
    parts: str | None,
    ministry: tuple[str, ...],
    plan: tuple[str, ...],
    document: tuple[str, ...],
    publisher: tuple[str, ...],
    within: "Width",
    **filters: Any,
) -> "Request":
    """Return what the options of `query_options` ask for; `filters` are canonical already.

    Raises:
        FilterError: neither the registry nor the index knows a ministry, plan or document.

    """
    from shisaku.index.records.filters import Filters

    return index.request(
        " ".join(query) if query else None,
        Filters(**filters),
        unit=unit,
        exact=exact,
        words_only=words,
        text_only=parts == "text",
        ministry=ministry,
        plan=plan,
        document=document,
        publisher=publisher,
        within=within,
    )


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
    """Type of an option: kinds, states, …, by name or as people call them (フォローアップ, ◎)."""

    def __init__(
        self, what: Literal["kind", "status", "role", "restated"], names: tuple[str, ...]
    ) -> None:
        super().__init__(names)
        self.what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of the kind, status, ….

        Raises:
            click.BadParameter: there is none that is called so.

        """
        from shisaku.index.search.names import named

        return super().convert(named(self.what, value) or value, param, ctx)


def query_options(command: F) -> F:
    """Add QUERY, the filters (each may be repeated), --unit, --within, --exact, --words, --in."""
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
        click.option("--publisher", multiple=True, help="Who published the document."),
        click.option(
            "--role",
            multiple=True,
            type=_Named("role", ("responsible", "acting", "publisher")),
            help="What --ministry is to a passage; default: the first two, and the publisher where"
            " a passage names nobody.",
        ),
        click.option(
            "--restated",
            multiple=True,
            type=_Named("restated", ("yes", "no")),
            help="Items marked (再掲), or the others.",
        ),
        click.option(
            "--unit",
            type=click.Choice(["passage", "measure"]),
            default="passage",
            help="What is searched, counted and given: passages, or whole measures.",
        ),
        click.option(
            "--within",
            type=click.Choice(["passage", "section", "document"]),
            default="passage",
            help="Over what bare words must stand together; what is counted and given.",
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
