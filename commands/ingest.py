"""`shisaku ingest`: raw/ → parsed/."""

from typing import Any

from shisaku.commands import command
from shisaku.commands.console.night import NightOptions
from shisaku.commands.console.run_options import ingest_options, ingested, run_of, written
from shisaku.commands.console.shell import print_json


@command("shisaku ingest --jobs 2")
@ingest_options
@written
def ingest(as_json: bool, night: NightOptions, **options: Any) -> None:
    """Parse what is new or changed under raw/."""
    with run_of("ingest", night) as run:
        report = ingested(run, **options)
        if as_json:
            print_json(report.to_json())
