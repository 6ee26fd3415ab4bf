"""`shisaku aliases`: short names, as the documents define them."""

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import opened
from shisaku.commands.console.shell import data_option, json_option, print_json


@command("shisaku aliases IOM")
@click.argument("word", required=False)
@json_option
@data_option()
def aliases(word: str | None, as_json: bool) -> None:
    """List the short names that the documents define, as in 国際移住機関（IOM）."""
    with opened() as index:
        found = index.aliases_json(word)
    if as_json:
        print_json(found)
    else:
        from shisaku.commands.console.render import print_aliases

        print_aliases(found)
