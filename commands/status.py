"""`shisaku status`: whether all is well."""

import sys

import click

from shisaku.commands import command
from shisaku.commands.console.shell import data_directory, data_option, json_option, print_json
from shisaku.ingest.text.terminal import one_line


@command("shisaku status --max-age 36")
@click.option("--max-age", type=click.FloatRange(0), metavar="HOURS", help="Of the last good run.")
@click.option("--check", is_flag=True, help="Read the index's files and compare their hashes.")
@json_option
@data_option()
def status(max_age: float | None, check: bool, as_json: bool) -> None:
    """Say whether all is well; exit code 1 where it is not."""
    from shisaku.index.generations.health import index_health
    from shisaku.ingest.runs.status import survey

    data = data_directory()
    found = survey(data, index_health(data, thorough=check), max_age)
    if as_json:
        print_json(found.to_json())
    else:
        for line in found.lines():
            click.echo(one_line(line))
    if not found.well:
        sys.exit(1)
