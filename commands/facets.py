"""`shisaku facets`: how many, by what."""

from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import opened, query_options, request
from shisaku.commands.console.shell import data_option, json_option, print_json

FACETS = (
    "ministry", "plan", "plan_series", "year", "kind", "status", "document", "publisher",
    "restated",
)  # fmt: skip
"""The facets that there are; named here as `--help` must not load the index (a test compares)."""


@command("shisaku facets 人身取引 --by ministry --by year")
@query_options
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(FACETS),
    help="One facet alone; two give a table of both.",
)
@click.option("--roles", is_flag=True, help="Count ministries in each of their roles as well.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), help="Print CSV or JSON.")
@json_option
@data_option()
def facets(by: tuple[str, ...], roles: bool, form: str | None, as_json: bool, **asked: Any) -> None:
    """Count passages or measures by ministry, plan, year, kind, status, document, publisher, …."""
    if len(by) > 2 or len(set(by)) < len(by):
        raise click.UsageError("--by takes one facet, or two different ones for a table")
    with opened() as index:
        found = index.facets(request(index, **asked), by=by, roles=roles)
    if as_json or form == "json":
        print_json(found.to_json())
    else:
        from shisaku.commands.console.render import print_counts

        print_counts(found, as_csv=form == "csv")
