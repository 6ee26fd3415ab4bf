"""The options of the commands, in groups: what governs an ingest, a query, an answer, an export.

They are apart from cli.py so that the commands there can be read as a list. An option that means a
year, a kind or a status takes it as people write it; names of ministries and plans are resolved
later, by `index.names`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import click

from index.generation import KEPT
from index.shell import F
from ingest.terms import Kind, Status

UnitName = Literal["passage", "measure"]
FACETS = ("ministry", "plan", "plan_series", "year", "kind", "status", "document")

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


def _with(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def _years(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> Any:
    from ingest.text.dates import parse_years

    spans = []
    for value in values:
        span = parse_years(value)
        if span is None:
            raise click.BadParameter(f"{value!r} is no year; try 2011, 2009..2014, 平成23, H23")
        if param.name == "year" and "年度" in value:
            raise click.BadParameter(f"{value} is a fiscal year; type: --fiscal-year {value}")
        spans.append(span)
    return tuple(spans)


class Named(click.Choice[str]):
    """Kinds or states by their names, or by what people call them (フォローアップ, ◎)."""

    def __init__(self, what: Literal["kind", "status"], names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the name that is meant, as a field of a query reads it."""
        from index.names import named

        return super().convert(named(self.what, value) or value, param, ctx)


def ingest_options(command: F) -> F:
    """Add what governs an ingest."""
    options = [
        jobs_option,
        click.option("--force", is_flag=True, help="Parse unchanged files again too."),
        click.option(
            "--allow-removal", is_flag=True, help="Go on though most of the documents would go."
        ),
        click.option(
            "--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True,
            help="Seconds for one file; then it is reported, and the others go on.",
        ),
        click.option(
            "--memory", "memory_mb", type=click.IntRange(min=128), default=1024, show_default=True,
            help="MB of memory for one file.",
        ),
    ]  # fmt: skip
    return _with(command, options)


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
            "--kind", multiple=True, type=Named("kind", get_args(Kind)), help="Kind of document."
        ),
        click.option(
            "--status",
            multiple=True,
            type=Named("status", get_args(Status)),
            help="◎ or ○ in a follow-up.",
        ),
        click.option("--document", multiple=True, metavar="ID", help="Document id."),
        click.option(
            "--unit",
            type=click.Choice(get_args(UnitName)),
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
    return _with(command, options)


def search_options(command: F) -> F:
    """Add how much of the answer is shown, and in which order."""
    options = [
        click.option(
            "--limit", type=click.IntRange(0), default=10, help="Hits to show; default: 10."
        ),
        click.option(
            "--offset", type=click.IntRange(0), default=0, help="Hits to pass over first."
        ),
        click.option(
            "--sort",
            type=click.Choice(["relevance", "date"]),
            default="relevance",
            help="By score, or the newest first.",
        ),
        click.option("--facets", "with_facets", is_flag=True, help="Show counts after the hits."),
    ]
    return _with(command, options)


def facet_options(command: F) -> F:
    """Add what is counted by, and how it is printed."""
    options = [
        click.option(
            "--by",
            multiple=True,
            type=click.Choice(FACETS),
            help="One facet alone; two give a table of both.",
        ),
        click.option(
            "--format", "form", type=click.Choice(["csv", "json"]), help="Print CSV or JSON."
        ),
    ]
    return _with(command, options)


def export_options(command: F) -> F:
    """Add where an export goes, and in which form."""
    options = [
        click.option(
            "--format",
            "form",
            type=click.Choice(["json", "jsonl", "csv", "bibtex", "csl-json"]),
            help="Default: by the suffix of FILE, else json.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Write to FILE, which appears whole or not at all; a header beside it.",
        ),
        click.option(
            "--bom", is_flag=True, help="Begin CSV with a byte order mark, as Excel wants it."
        ),
        click.option(
            "--guard", is_flag=True, help="Put ' before CSV cells that Excel would calculate."
        ),
        click.option(
            "--cite", is_flag=True, help="Add a citation in Japanese style to each record."
        ),
    ]
    return _with(command, options)
