"""`shisaku facets`: how many, by what."""

from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import query_options, request, searcher
from shisaku.commands.console.shell import data_option, json_option, print_json

FACETS = ("ministry", "plan", "plan_series", "year", "kind", "status", "document")


@command("shisaku facets 人身取引 --by ministry --by year")
@query_options
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(FACETS),
    help="One facet alone; two give a table of both.",
)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), help="Print CSV or JSON.")
@json_option
@data_option()
def facets(by: tuple[str, ...], form: str | None, as_json: bool, **asked: Any) -> None:
    """Count passages or measures by ministry, plan, year, kind, status and document."""
    from shisaku.commands.console.render import facets_json, print_counts

    if len(by) > 2 or len(set(by)) < len(by):
        raise click.UsageError("--by takes one facet, or two different ones for a table")
    with searcher() as opened:
        wanted = request(opened, **asked)
        found = opened.select(wanted)
        if as_json or form == "json":
            print_json(facets_json(opened, wanted, found, by))
        else:
            print_counts(opened, wanted, found, by, as_csv=form == "csv")
