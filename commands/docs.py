"""`shisaku docs`: the documents, read off parsed/ without an index."""

import click

from shisaku.commands import command
from shisaku.commands.console.shell import data_directory, data_option, json_option, print_json, say
from shisaku.ingest.text.terminal import one_line


@command("shisaku docs --json")
@click.option("--ledger", is_flag=True, help="Where each document's visible characters went.")
@click.option("--problems", is_flag=True, help="Only documents with something wrong.")
@json_option
@data_option()
def docs(ledger: bool, problems: bool, as_json: bool) -> None:
    """List the documents, with what is wrong with them.

    Of plans and follow-ups it shows how many items have their measure and ministries.
    """
    from shisaku.index.search.documents import list_documents

    listing = list_documents(data_directory())
    if problems:
        listing = listing.with_problems()
    if as_json:
        print_json(listing.to_json(ledger=ledger))
    else:
        from shisaku.commands.console.display import Display

        display = Display()
        (display.ledger if ledger else display.documents)(listing)
    for file, reason, remedy in listing.unreadable:
        say(f"{one_line(file)}: {one_line(reason)}\n  {one_line(remedy)}")
