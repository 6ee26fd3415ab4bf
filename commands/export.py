"""`shisaku export`: every match, for other programs."""

from pathlib import Path
from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import opened, query_options, request
from shisaku.commands.console.shell import data_option, say


@command("shisaku export 人身取引 --ministry 警察庁 --format csv --bom -o npa.csv")
@query_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "jsonl", "csv", "bibtex", "csl-json"]),
    help="Default: by the suffix of FILE, else json.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to FILE, which appears whole or not at all; a header beside it.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, as Excel wants it.")
@click.option("--guard", is_flag=True, help="Put ' before CSV cells that Excel would calculate.")
@click.option("--cite", is_flag=True, help="Add a citation in Japanese style to each record.")
@data_option()
def export(
    form: str | None, output: Path | None, bom: bool, guard: bool, cite: bool, **asked: Any
) -> None:
    """Write every match, in document order; bibtex and csl-json cite the documents."""
    from shisaku.index.export.formats import choose_format
    from shisaku.index.search.units import counted

    output = None if str(output) == "-" else output
    form, note = choose_format(form, output)
    for option, given in (("--bom", bom), ("--guard", guard)):
        if given and form != "csv":
            raise click.UsageError(f"{option} goes with --format csv only")
    if cite and form in ("bibtex", "csl-json"):
        raise click.UsageError(f"--cite adds to records, and {form} has none")
    with opened() as index:
        found = index.export(request(index, **asked), cite=cite)
        for notice in found.notices:
            say(notice)
        beside = found.write(output, form, bom=bom, guard=guard)
    if output is not None:
        also = f" (header: {beside})" if beside else ""
        say(f"{counted(found.total, found.request.unit)} written to {output} as {form}{also}")
        if note:
            say(f"  {note}")
