"""`shisaku fetch`: what the watched pages publish, into raw/."""

from typing import Any

from shisaku.commands import command
from shisaku.commands.writing import fetched, run_of, written
from shisaku.index.shell import print_json
from shisaku.ingest.fetch.command import fetch_options
from shisaku.ingest.night import NightOptions


@command("shisaku fetch --source npa-hyouka")
@fetch_options
@written
def fetch(as_json: bool, night: NightOptions, **options: Any) -> None:
    """Bring what the watched pages publish into raw/."""
    with run_of("fetch", night) as run:
        report = fetched(run, **options)
        if as_json:
            print_json(report.to_json())
