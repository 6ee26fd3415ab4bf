"""`shisaku runs`: what was done, and when."""

from shlex import quote

import click

from shisaku.commands import command
from shisaku.commands.console.shell import data_directory, data_option, json_option, print_json, say
from shisaku.ingest.text.terminal import one_line


@command("shisaku runs --limit 7")
@click.option("--limit", type=click.IntRange(1), default=20, help="Runs to show; default: 20.")
@json_option
@data_option()
def runs(limit: int, as_json: bool) -> None:
    """List what fetch, ingest, index and update did, the newest run first."""
    from itertools import islice

    from shisaku.ingest.runs.record import damaged_records, newest_first

    data = data_directory()
    found = list(islice(newest_first(data), limit))
    if as_json:
        print_json([record.to_json() for record in found])
    else:
        for record in found:
            click.echo(one_line(record.row()))
    for path in damaged_records(data):
        # Nothing but the list of runs is the poorer for it, so its being there is no failure.
        say(f"runs/{path.name} is no record of a run\n  type: rm -r {quote(str(path))}")
