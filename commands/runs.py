"""`shisaku runs`: what was done, and when."""

import click

from commands import command
from index.shell import data_directory, data_option, json_option, print_json
from index.terminal import one_line


@command("shisaku runs --limit 7")
@click.option("--limit", type=click.IntRange(1), default=20, help="Runs to show; default: 20.")
@json_option
@data_option()
def runs(limit: int, as_json: bool) -> None:
    """List what fetch, ingest, index and update did, the newest run first."""
    from itertools import islice

    from ingest.runs import newest_first

    found = list(islice(newest_first(data_directory()), limit))
    if as_json:
        print_json([record.to_json() for record in found])
    else:
        for record in found:
            click.echo(one_line(record.row()))
