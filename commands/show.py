"""`shisaku show`: one passage, measure or document by its id."""

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import opened
from shisaku.commands.console.shell import data_option, json_option, print_json


@command("shisaku show 'jinshin/followup.pdf#p-1f3a0c9b2d4e'")
@click.argument("key", metavar="ID")
@json_option
@data_option()
def show(key: str, as_json: bool) -> None:
    """Show a passage or measure in its context, with a citation; or what a document is."""
    with opened() as index:
        found = index.show(key)
    if as_json:
        print_json(found)
    else:
        from shisaku.commands.console.found import print_found

        print_found(found)
